"""A broker that outlives the command which started it."""

import contextlib
import os
import signal

from deploy.child import born_at
from deploy.kafka.broker import Broker, BrokerKind
from deploy.remembered import RememberedProcess


class DetachedBroker(RememberedProcess, frozen=True, kw_only=True):
    """A broker that runs in the background, leader of a process group of its own.

    Attributes:
        kind: which broker.
        bootstrap: `127.0.0.1:PORT`.
        log: file with what it wrote.
    """

    kind: BrokerKind
    bootstrap: str
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
        return cls(
            pid=broker.pid, born=born, kind=broker.kind, bootstrap=broker.bootstrap, log=str(broker.log)
        )

    def stop(self, grace: float = 20.0) -> None:
        """Ask it to end; after `grace` seconds make it end."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not self.running():
                return
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)
            self.ends_within(grace)
