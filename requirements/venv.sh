#!/bin/sh
# Makes the virtual environment, or says in one sentence what is missing.
set -eu
folder=$1
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
  echo "Python 3.11 or newer is needed: install python3, or name one: make run PYTHON=python3.12" >&2; exit 1; }
echo "Making a virtual environment in $folder."
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  # Debian ships Python without ensurepip
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || {
    echo "Python's venv module is missing: sudo apt-get install python3-venv" >&2; exit 1; }
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
fi
"$python" -m venv "$folder.new"
rm -rf "$folder"
"$python" -m venv "$folder" && rm -rf "$folder.new"
