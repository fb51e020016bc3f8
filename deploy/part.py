"""A part of the chain on this machine: started and stopped, by hand or as a context manager."""

import http.client
import shutil
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from typing_extensions import override

from deploy.child import ChildProcess, ProgramMissing, free_ports

START_TIMEOUT_S = 20.0


class Part(ABC):
    """What is started and stopped; a start that fails leaves nothing running."""

    def start(self) -> None:
        """Start it and return when it is ready.

        Raises:
            BrokerFailed, ChildFailed, KafkaUnavailable, OSError, ProgramMissing: it cannot be started; the message
                says why and what to do.
        """
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    @abstractmethod
    def _start(self) -> None: ...

    @abstractmethod
    def stop(self) -> None:
        """End it cleanly; a second call does nothing."""

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


class Program(Part):
    """A part that is one child process."""

    _process: ChildProcess | None = None
    _grace = 10.0
    """Seconds that it gets to end by itself."""

    @property
    def pid(self) -> int | None:
        """Process id while it runs, else None."""
        return self._process.pid if self._process and self._process.running() else None

    @override
    def stop(self) -> None:
        if self._process:
            self._process.stop(self._grace)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process:
            self._process.kill()


class WebProgram(Program):
    """A program of Debian with a web page and API on a free loopback port, and Dutch local time.

    Args:
        folder: configuration, data and log go here; data stay at stop.
        port: listen here; a free port if None.
    """

    name: ClassVar[str]
    programs: ClassVar[tuple[str, ...]]
    """How it is named on PATH; the first is its package as well."""

    def __init__(self, folder: Path, port: int | None) -> None:
        self.folder = folder
        self.port = port or 0

    @property
    def address(self) -> str:
        """`127.0.0.1:PORT`; known after `start`."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Its web page and API."""
        return f"http://{self.address}"

    @property
    def log(self) -> Path:
        """File with what it wrote."""
        return self.folder / f"{self.name.lower()}.log"

    @override
    def _start(self) -> None:
        program = next(filter(None, map(shutil.which, self.programs)), None)
        if program is None:
            raise ProgramMissing(
                f"{self.name.lower()} is not installed; run: apt-get install {self.programs[0]}"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_ports(1)[0]
        self._process = ChildProcess(
            [program, *self._arguments(), f"--web.listen-address={self.address}", "--log.level=warn"],
            log=self.log,
            env={"TZ": "Europe/Amsterdam"},  # local times in the texts of alerts
        )
        self._process.wait_until(
            lambda: answers(self.port, "/-/ready"), START_TIMEOUT_S, f"{self.name} at {self.address}"
        )

    @abstractmethod
    def _arguments(self) -> list[str]:
        """Write the configuration and return the arguments that name it."""


def answers(port: int, path: str) -> bool:
    """Tell whether an HTTP server on 127.0.0.1 answers 200 to a GET of `path`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
