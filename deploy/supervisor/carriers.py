"""Finds the processes of a stack by a variable that each of them carries, also when nothing else is known of them.

The variable names the folder of the run, so whoever knows that folder finds them: a lost handle, a killed supervisor or a
part that was just being started makes no difference.
"""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from deploy.child import born_at

STACK = "KETENWACHT_STACK"
PART = "KETENWACHT_PART"
SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Carrier:
    """One process of a stack; `born` is its start in the kernel's ticks, so that no later one is taken for it."""

    pid: int
    born: int
    part: str

    def running(self) -> bool:
        """Tell whether that very process is still there."""
        return born_at(self.pid) == self.born

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; nothing happens if it has ended."""
        if self.running():
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                return


def marks(run: Path, part: str) -> dict[str, str]:
    """Return the variables that a part of the stack in a folder carries."""
    return {STACK: str(run.resolve()), PART: part}


def carriers(run: Path) -> list[Carrier]:
    """Return the processes that carry the mark of the stack in a folder, without ourselves and who started us."""
    wanted = f"{STACK}={run.resolve()}".encode()
    ours = _ancestors()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        born = born_at(pid)
        if born is None or pid in ours:
            continue
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
            here = wanted in variables and (folder / "root").samefile("/")  # a chroot may have the same path
        except OSError:  # it ended, or belongs to somebody else
            continue
        if here:
            part = next((each for each in variables if each.startswith(f"{PART}=".encode())), b"=?")
            found.append(Carrier(pid, born, part.partition(b"=")[2].decode(errors="replace")))
    return sorted(found, key=lambda each: each.born)


def end_all(run: Path, stop_seconds: float, grace_seconds: float = 20.0) -> list[Carrier]:
    """End every process of the stack in a folder and return those that could not be ended.

    The supervisor goes first and ends its parts in their order. What is left then gets a SIGTERM, and a SIGKILL after
    `grace_seconds`.
    """
    for each in carriers(run):
        if each.part == SUPERVISOR:
            each.send(signal.SIGTERM)
            wait_for([each], stop_seconds)
            each.send(signal.SIGKILL)
            wait_for([each], grace_seconds)
    for number in (signal.SIGTERM, signal.SIGKILL):
        left = carriers(run)
        for each in left:
            each.send(number)
        wait_for(left, grace_seconds)
    return carriers(run)


def wait_for(them: list[Carrier], seconds: float) -> None:
    """Return when all have ended, or the time is over."""
    deadline = time.monotonic() + seconds
    while any(each.running() for each in them) and time.monotonic() < deadline:
        time.sleep(0.02)


def _ancestors() -> set[int]:
    """Return our process and those above it: a command that is run from a part of a stack does not end itself."""
    found = {os.getpid()}
    pid = os.getppid()
    while pid > 1 and pid not in found:
        found.add(pid)
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[1])
        except OSError:
            break
    return found
