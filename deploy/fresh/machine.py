"""A bare machine: what debootstrap makes of a release, in a folder, with the packages of a first `git clone`."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Self

from deploy.fresh.client_settings import carry_in, mirror, variables

PACKAGES = ("make", "git", "python3", "ca-certificates")
USER = "someone"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class MachineFailed(RuntimeError):  # noqa: N818 - named after what happened
    """A bare machine could not be made; the message ends with the tail of the log."""


class Machine:
    """A root file system to run commands in.

    Args:
        root: its folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def bare(cls, release: str, root: Path, log: Path) -> Self:
        """Make one with debootstrap (a minute) and carry the host's package client settings in.

        Raises:
            MachineFailed: debootstrap could not.
        """
        asked = ["--variant=minbase", f"--include={','.join(PACKAGES)}", release, str(root)]
        if (found := mirror()) is not None:
            asked.append(found)
        with log.open("wb") as out:
            done = subprocess.run(["debootstrap", *asked], stdout=out, stderr=out, check=False)
        if done.returncode:
            raise MachineFailed(f"debootstrap {release}: {tail(log, 5)}")
        carry_in(root)
        return cls(root)

    def copy(self, root: Path) -> "Machine":
        """Return a second one, ready to run in; its mounts last as long as the mount namespace of the caller."""
        subprocess.run(["cp", "--archive", "--reflink=auto", self.root, root], check=True)
        subprocess.run(["mount", "-t", "proc", "proc", root / "proc"], check=True)
        subprocess.run(["mount", "--rbind", "/dev", root / "dev"], check=True)
        subprocess.run(["chroot", root, "useradd", "--create-home", USER], check=True)
        return Machine(root)

    def put(self, file: Path) -> str:
        """Copy a file into the top folder and return its path inside."""
        shutil.copyfile(file, self.root / file.name)
        return f"/{file.name}"

    def run(self, command: str, who: str, log: Path) -> int:
        """Run a line of shell in the home of `who`, with a bare environment; return its exit code.

        What it prints is added to `log`.
        """
        home = "/root" if who == "root" else f"/home/{who}"
        environment = {"HOME": home, "LOGNAME": who, "PATH": _PATH} | variables(os.environ)
        inside = ["chroot", f"--userspec={who}:{who}", str(self.root), "sh", "-c", f"cd {home} && {command}"]
        with log.open("ab") as out:
            done = subprocess.run(
                inside, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, check=False
            )
        return done.returncode


def tail(log: Path, lines: int) -> str:
    """Return the last lines of a log."""
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-lines:])
