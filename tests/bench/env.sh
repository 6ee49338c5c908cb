#!/bin/sh
# Makes the environment of what the node is compared with: the export environment (torch,
# ultralytics) and supervision. Usage, from the repository root: tests/bench/env.sh [folder]
set -eu
folder=${1:-.venv-bench}
sh edge/scene/export_env.sh "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
