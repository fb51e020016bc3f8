"""A broker that outlives the command which started it, and the file that remembers it."""

import contextlib
import os
import signal
import time
from pathlib import Path

import msgspec

from deploy.child import born_at
from deploy.kafka.broker import Broker, BrokerKind


class DetachedBroker(msgspec.Struct, frozen=True):
    """A broker that runs in the background.

    Attributes:
        kind: which broker.
        bootstrap: `127.0.0.1:PORT`.
        pid: its process, leader of a process group of its own.
        born: start of that process in the kernel's ticks, so that a later process with the same pid
            is never taken for it.
        log: file with what it wrote.
    """

    kind: BrokerKind
    bootstrap: str
    pid: int
    born: int
    log: str

    @classmethod
    def of(cls, broker: Broker) -> "DetachedBroker":
        """Return what to remember of a broker that was just started.

        Raises:
            ProcessLookupError: it does not run.
        """
        born = born_at(broker.pid) if broker.pid else None
        if broker.pid is None or born is None:
            raise ProcessLookupError("the broker ended")
        return cls(broker.kind, broker.bootstrap, broker.pid, born, str(broker.log))

    @classmethod
    def load(cls, state: Path) -> "DetachedBroker | None":
        """Return the broker that `state` remembers, or None if there is none or it ended."""
        try:
            known = msgspec.json.decode(state.read_bytes(), type=cls)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None
        return known if known.running() else None

    def save(self, state: Path) -> None:
        """Remember it in `state`."""
        state.parent.mkdir(parents=True, exist_ok=True)
        fresh = state.with_name(f"{state.name}.{os.getpid()}")
        fresh.write_bytes(msgspec.json.encode(self))
        fresh.replace(state)

    def running(self) -> bool:
        """Tell whether that very process is still there."""
        return born_at(self.pid) == self.born

    def stop(self, grace: float = 20.0) -> None:
        """Ask it to end; after `grace` seconds make it end."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not self.running():
                return
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)
            deadline = time.monotonic() + grace
            while self.running() and time.monotonic() < deadline:
                time.sleep(0.05)
