"""What a broker on this machine is to the rest: an address that answers between start and stop."""

import shutil
import tempfile
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from typing_extensions import override

from deploy.child import free_ports
from deploy.kafka.process import BrokerProcess
from deploy.listening import check_free
from deploy.part import Launch, Program

BrokerKind = Literal["embedded", "kafka"]


class Broker(Program):
    """One broker on loopback.

    Args:
        folder: where its data and log go, kept at stop; a temporary folder, removed at stop, if None.
        port: listen here; a free port if None.

    Attributes:
        kind: `embedded` (memory only, starts in a tenth of a second) or `kafka` (Apache Kafka).
        session_seconds: session time-out for the workers' group that it goes well with.
        may_be_left: whether a member may tell its group that it goes.
        forgets: whether what it held is gone when it ends.
        checks_time: whether it refuses records of the future, as the topics ask for.
    """

    name = "the broker"
    kind: ClassVar[BrokerKind]
    session_seconds: ClassVar[float]
    may_be_left: ClassVar[bool] = True
    forgets: ClassVar[bool] = False
    checks_time: ClassVar[bool] = True

    def __init__(self, folder: Path | None = None, port: int | None = None) -> None:
        self.port = port or 0
        self._given = folder
        self._folder: Path | None = None

    @property
    def bootstrap(self) -> str:
        """`127.0.0.1:PORT`, known after `start`; empty before."""
        return self.address if self.port else ""

    @property
    def log(self) -> Path | None:
        """File with what the broker wrote, known after `start`."""
        return self._process.log if self._process else None

    @override
    def launch(self) -> Launch:
        self._folder = (
            self._folder or self._given or Path(tempfile.mkdtemp(prefix=f"ketenwacht-{self.kind}-"))
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        port, another = free_ports(2)
        if self.port:
            check_free(self.port)
        self.port = self.port or port
        return self._launch(self._folder, another)

    @override
    def _start(self) -> None:
        launch = self.launch()
        self._process = process = BrokerProcess(launch.argv, launch.log, {**launch.env, **self.marks})
        process.wait_until_it_answers(self.bootstrap, self.start_seconds, self.client())

    def client(self) -> Mapping[str, object]:
        """Return how a client of kafka-python comes in, once `bootstrap` is known."""
        return {"bootstrap_servers": self.bootstrap}

    @abstractmethod
    def _launch(self, folder: Path, another_port: int) -> Launch:
        """Say how the process is started that will answer at `bootstrap`; `another_port` is free too."""

    @override
    def stop(self) -> None:
        super().stop()
        if self._folder and self._given is None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
