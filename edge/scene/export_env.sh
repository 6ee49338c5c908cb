#!/bin/sh
# Makes the export environment: torch and ultralytics, for `python -m edge train` and `export`.
# Usage, from the repository root: edge/scene/export_env.sh [folder, default .venv-export]
# PYTHON chooses the interpreter. TORCH_INDEX_URL names PyTorch's own CPU index; without it pip's
# configured index is asked, whose torch may bring CUDA along (slower to install, works the same).
set -eu
folder=${1:-.venv-export}
[ -x "$folder/bin/python" ] || "${PYTHON:-python3}" -m venv "$folder"
pip() { "$folder/bin/python" -m pip --disable-pip-version-check "$@"; }
pip install --quiet --require-hashes -r requirements/export.txt
pip install --quiet ${TORCH_INDEX_URL:+--extra-index-url "$TORCH_INDEX_URL"} torch==2.13.0
# Without their dependencies: those would bring torchvision, and with it a newer torch and CUDA.
pip install --quiet --no-deps --require-hashes -r requirements/export-bare.txt
pip install --quiet --no-deps ./requirements/torchvision-stub
pip install --quiet --no-deps -e .   # the scene and the wire, from this checkout
YOLO_OFFLINE=True YOLO_AUTOINSTALL=false "$folder/bin/python" -c \
  'import torch, ultralytics; print("export environment ready: torch", torch.__version__, "ultralytics", ultralytics.__version__)'
