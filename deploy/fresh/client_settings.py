"""The host's own package client settings, carried into a chroot: mirrors, proxies, certificates, indexes.

Without them a machine that reaches its packages in a way of its own could not try anything. Nothing else of the
host goes along.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

_VARIABLE = re.compile(r"(?i:(https?|ftp|all|no)_proxy)|PIP_\w+|MAVEN_\w+|SSL_CERT_FILE|REQUESTS_CA_BUNDLE")
_FILES = ("etc/resolv.conf", "etc/hosts", "etc/pip.conf")
_OF_A_HOME = (".m2/settings.xml", ".config/pip/pip.conf", ".pip/pip.conf")
_CERTIFICATES = "usr/local/share/ca-certificates"
_APT = re.compile(r"Acquire::(https?|ftp|Check-\w|Retries)", re.IGNORECASE)


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that package clients read."""
    return {name: value for name, value in environment.items() if _VARIABLE.fullmatch(name)}


def mirror() -> str | None:
    """Return where the host's apt finds Debian, if it does; debootstrap knows a mirror of its own."""
    if shutil.which("apt-get") is None:
        return None
    wanted = ["--format", "$(REPO_URI)", "Label: Debian", "Component: main"]
    told = subprocess.run(["apt-get", "indextargets", *wanted], capture_output=True, text=True, check=False)
    return next((line for line in told.stdout.splitlines() if line.startswith("http")), None)


def carry_in(root: Path, host: Path = Path("/"), home: Path | None = None) -> None:
    """Copy the settings files of `host` and of `home` into the chroot `root`, for root and for users to come.

    Raises:
        subprocess.CalledProcessError: the chroot's certificates could not be renewed.
    """
    for name in _FILES:
        _copy(host / name, root / name)
    for name in _OF_A_HOME:
        for theirs in ("root", "etc/skel"):
            _copy((home or Path.home()) / name, root / theirs / name)
    (root / "etc/apt/apt.conf.d").mkdir(parents=True, exist_ok=True)
    (root / "etc/apt/apt.conf.d/90host").write_text("".join(_apt_lines()), "utf-8")
    certificates = sorted((host / _CERTIFICATES).glob("*.crt"))
    for path in certificates:
        _copy(path, root / _CERTIFICATES / path.name)
    if certificates:
        subprocess.run(["chroot", root, "update-ca-certificates"], capture_output=True, check=True)


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)  # a link of the chroot would lead out of it
        shutil.copyfile(source, target)


def _apt_lines() -> Iterator[str]:
    if shutil.which("apt-config") is None:
        return
    dump = subprocess.run(["apt-config", "dump", "Acquire"], capture_output=True, text=True, check=False)
    yield from (line for line in dump.stdout.splitlines(keepends=True) if _APT.match(line))
