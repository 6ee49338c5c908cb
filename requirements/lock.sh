#!/bin/sh
# Pins every dependency with hashes, for all platforms and Pythons from 3.11 on: run.txt for
# `make run`, dev.txt for tests and checks, and apart from them export.txt and export-bare.txt.
set -eu
bin=$1
"$bin/python" -m pip install --quiet --disable-pip-version-check uv==0.13.8
compile() { "$bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --custom-compile-command "make lock" "$@"; }
compile pyproject.toml requirements/build.in --extra edge --extra hub -o requirements/run.txt
compile pyproject.toml --extra hub -c requirements/run.txt -o requirements/hub.txt
compile pyproject.toml requirements/build.in --extra dev -c requirements/run.txt -o requirements/dev.txt
compile requirements/export.in -o requirements/export.txt
compile requirements/export-bare.in --no-deps -o requirements/export-bare.txt
compile requirements/bench.in -c requirements/export.txt -o requirements/bench.txt
compile requirements/oracles.in -o requirements/oracles.txt
