"""A process that outlives the command which started it, and the file that remembers it."""

import time
from pathlib import Path
from typing import Self

import msgspec

from deploy.child import born_at
from streams.whole_file import whole_file


class RememberedProcess(msgspec.Struct, frozen=True, kw_only=True):
    """A process that runs in the background.

    Attributes:
        pid: its id.
        born: its start in the kernel's ticks, so that a later process with the same pid is never taken for it.
    """

    pid: int
    born: int

    @classmethod
    def load(cls, state: Path) -> Self | None:
        """Return the process that `state` remembers, or None if there is none or it ended."""
        known = cls.read(state)
        return known if known is not None and known.running() else None

    @classmethod
    def read(cls, state: Path) -> Self | None:
        """Return the process that `state` remembers, also if it ended; None if it remembers none."""
        try:
            return msgspec.json.decode(state.read_bytes(), type=cls)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None

    def save(self, state: Path) -> None:
        """Remember it in `state`."""
        state.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(state) as out:
            out.write(msgspec.json.encode(self))

    def running(self) -> bool:
        """Tell whether that very process is still there."""
        return born_at(self.pid) == self.born

    def ends_within(self, seconds: float) -> bool:
        """Wait until it has ended, at most so long, and tell whether it has."""
        deadline = time.monotonic() + seconds
        while self.running() and time.monotonic() < deadline:
            time.sleep(0.05)
        return not self.running()
