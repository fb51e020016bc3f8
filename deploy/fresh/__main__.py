"""`make fresh`: every trial in a namespace of its own, so that processes and mounts end with it; then the table."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from deploy.fresh.machine import USER, Machine, MachineFailed
from deploy.fresh.trial import HEAD, rows

RELEASES = ("bookworm", "trixie")
_LOGS = Path(".run/fresh")
_PROGRAMS = {"debootstrap": "debootstrap", "unshare": "util-linux", "git": "git"}
# The shell stays the first process of the namespace, and takes up children whose parents have ended.
_NAMESPACE = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", '"$@"; exit $?', "sh")


def main() -> int:
    """Run all trials; 0 if every command passed."""
    parser = argparse.ArgumentParser(prog="make fresh", description="Both commands on bare machines.")
    parser.add_argument("--release", action="append", choices=RELEASES, help="only this one")
    parser.add_argument("--as", dest="who", action="append", choices=("root", USER), help="only this user")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    try:
        if asked.inside is not None:
            return _try_all(asked.inside, asked.release or RELEASES, asked.who or ("root", USER))
        return _in_a_namespace()
    except KeyboardInterrupt:
        return 1


def _in_a_namespace() -> int:
    if os.geteuid() != 0:
        return _refuse("it makes chroots, so it runs as root only: sudo make fresh")
    for program, package in _PROGRAMS.items():
        if shutil.which(program) is None:
            return _refuse(f"{program} is missing: apt-get install {package}")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    folder = Path(tempfile.mkdtemp(prefix="ketenwacht-fresh-", dir="/var/tmp"))
    again = [*_NAMESPACE, sys.executable, "-m", "deploy.fresh", "--inside", str(folder), *sys.argv[1:]]
    try:
        with subprocess.Popen(again) as inside:
            try:
                return inside.wait()
            finally:
                inside.kill()  # everything in the namespace ends with it, and its mounts as well
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    for _ in range(10):  # what was killed may take a moment to let go
        subprocess.run(["rm", "-rf", "--one-file-system", folder], stderr=subprocess.DEVNULL, check=False)
        if not folder.exists():
            return
        time.sleep(1)
    _refuse(f"could not remove {folder}")


def _try_all(folder: Path, releases: tuple[str, ...], people: tuple[str, ...]) -> int:
    _LOGS.mkdir(parents=True, exist_ok=True)
    bundle = folder / "ketenwacht.bundle"
    subprocess.run(["git", "bundle", "create", "--quiet", bundle, "HEAD"], check=True)
    found = []
    for release in releases:
        _say(f"{release}: debootstrap")
        try:
            bare = Machine.bare(release, folder / release, _LOGS / f"{release}-debootstrap.log")
        except MachineFailed as error:
            return _refuse(str(error))
        for who in people:
            machine = bare.copy(folder / f"{release}-{who}")
            for row in rows(machine, release, who, bundle, _LOGS):
                _say(row.line())
                found.append(row)
    print(HEAD, *(row.line() for row in found), sep="\n", flush=True)  # noqa: T201 - what the command is for
    return 0 if all(row.ok for row in found) else 1


def _say(what: str) -> None:
    sys.stderr.write(f"fresh: {what}\n")


def _refuse(why: str) -> int:
    _say(why)
    return 1


if __name__ == "__main__":
    sys.exit(main())
