#!/bin/sh
# Called by `make`: the system packages that a goal needs and that are missing, then the virtual environment.
# `setup.sh demo` asks for what the demo needs, `setup.sh test` for that and for what the tests need.
# A second run finds its stamps and returns at once.
set -eu
GOAL=${1:-test}
PYTHON=${PYTHON:-python3}
VENV=${VENV:-.venv}

say() { printf 'setup: %s\n' "$*"; }
has() { command -v "$1" >/dev/null 2>&1; }

"$PYTHON" - <<'PY' || { say "Python 3.11, 3.12 or 3.13 is needed: set PYTHON=/path/to/python3.11"; exit 1; }
import sys
sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PY

java_is_new_enough() {
  major=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
  [ "${major:-0}" -ge 17 ]
}

# The Debian packages that bring what is missing; names that every release has, whatever its versions.
missing=""
needs() { missing="$missing $1"; }
"$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || needs python3-venv
has prometheus && has promtool || needs prometheus
has prometheus-alertmanager && has amtool || needs prometheus-alertmanager
if [ "$GOAL" = test ]; then
  has chromium || needs chromium
  "$PYTHON" -c 'import ctypes; ctypes.CDLL("libatomic.so.1")' 2>/dev/null || needs libatomic1 # for the browser's driver
  java_is_new_enough || needs default-jre-headless
  has mvn || needs maven
  has kcat || needs kcat
fi
missing=${missing# }

if [ -n "$missing" ]; then
  install="apt-get update -q && apt-get install -q -y --no-install-recommends $missing"
  if [ "$(id -u)" = 0 ] && has apt-get; then
    say "installing $missing"
    # Debian starts a daemon on install, on all interfaces; we start our own on loopback.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
      printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
      trap 'rm -f "$policy"' EXIT
    fi
    log=$(mktemp)
    if ! DEBIAN_FRONTEND=noninteractive sh -c "$install" >"$log" 2>&1; then
      tail -n 20 "$log"
      say "could not install: $missing"
      exit 1
    fi
    rm -f "$log"
  else
    say "system packages are missing. Run this once, then try again:"
    if has sudo; then
      printf "  sudo sh -c '%s'\n" "$install"
    else
      printf "  su -c '%s'\n" "$install"
    fi
    exit 1
  fi
fi

stamp="$VENV/.installed"
if [ ! -e "$stamp" ] || [ requirements.lock -nt "$stamp" ] || [ pyproject.toml -nt "$stamp" ]; then
  say "creating $VENV from requirements.lock"
  [ -x "$VENV/bin/python" ] || "$PYTHON" -m venv "$VENV"
  "$VENV/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
  "$VENV/bin/python" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
  touch "$stamp"
fi
