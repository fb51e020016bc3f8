#!/bin/sh
# Called by `make bench`: the peers of the measurement, in a virtual environment of their own.
# A second run finds its stamp and returns at once.
set -eu
PYTHON=${PYTHON:-python3}
VENV=${VENV:-.venv-bench}

stamp="$VENV/.installed"
if [ ! -e "$stamp" ] || [ requirements-bench.lock -nt "$stamp" ] || [ pyproject.toml -nt "$stamp" ]; then
  printf 'bench: creating %s from requirements-bench.lock\n' "$VENV"
  [ -x "$VENV/bin/python" ] || "$PYTHON" -m venv "$VENV"
  "$VENV/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements-bench.lock
  "$VENV/bin/python" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
  touch "$stamp"
fi
