#!/bin/sh
# Makes the environment of other people's implementations, which the trip proof is held against.
# Usage, from the repository root: tests/oracles/env.sh [folder, default .venv-oracles]
set -eu
folder=${1:-.venv-oracles}
[ -x "$folder/bin/python" ] || "${PYTHON:-python3}" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/oracles.txt
