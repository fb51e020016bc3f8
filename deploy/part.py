"""A part of the chain on this machine: started and stopped, by hand or as a context manager."""

import http.client
import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import ClassVar, Self

from typing_extensions import override

from deploy.child import ChildProcess, ProgramMissing, free_ports
from deploy.listening import listens

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


@dataclass(frozen=True, slots=True)
class Launch:
    """How a process is started: program and arguments, the file that gets its output, and variables (None takes one away)."""

    argv: Sequence[str]
    log: Path
    env: Mapping[str, str | None] = field(default_factory=dict)


class Program(Part):
    """A part that is one child process, which listens on a loopback port.

    Attributes:
        name: what people call it.
        port: where it listens; 0 before it has one.
        marks: further variables of its process.
        start_seconds: that it gets to become ready.
    """

    name: str
    marks: Mapping[str, str] = MappingProxyType({})
    port: int = 0
    start_seconds: float = START_TIMEOUT_S
    _process: ChildProcess | None = None
    grace_seconds = 10.0
    """Seconds that it gets to end by itself."""

    @property
    def address(self) -> str:
        """`127.0.0.1:PORT`; known after `start`."""
        return f"127.0.0.1:{self.port}"

    @property
    def process(self) -> ChildProcess | None:
        """Its process, also when that has ended; None before the first."""
        return self._process

    @property
    def pid(self) -> int | None:
        """Process id while it runs, else None."""
        return self._process.pid if self._process and self._process.running() else None

    @abstractmethod
    def launch(self) -> Launch:
        """Write what it reads when it starts, and say how it is started; a second one is at the same port."""

    def begin(self) -> None:
        """Start the process and return at once."""
        launch = self.launch()
        self._process = ChildProcess(launch.argv, launch.log, {**launch.env, **self.marks})

    def ready(self) -> bool:
        """Tell whether it answers, itself: another process at its port does not count."""
        return self.listening() and self._answers()

    def listening(self) -> bool:
        """Tell whether its process listens on its port."""
        return self.pid is not None and listens(self.pid, self.port)

    @override
    def _start(self) -> None:
        self.begin()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Return when it is ready.

        Raises:
            ChildFailed: it ended, or the time is over.
        """
        if self._process:
            self._process.wait_until(self.ready, self.start_seconds, f"{self.name} at {self.address}")

    def _answers(self) -> bool:
        return True

    @override
    def stop(self) -> None:
        if self._process:
            self._process.stop(self.grace_seconds)

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

    programs: ClassVar[tuple[str, ...]]
    """How it is named on PATH; the first is its package as well."""

    def __init__(self, folder: Path, port: int | None) -> None:
        self.folder = folder
        self.port = port or 0

    @property
    def url(self) -> str:
        """Its web page and API."""
        return f"http://{self.address}"

    @property
    def log(self) -> Path:
        """File with what it wrote."""
        return self.folder / f"{self.name.lower()}.log"

    @override
    def launch(self) -> Launch:
        program = next(filter(None, map(shutil.which, self.programs)), None)
        if program is None:
            raise ProgramMissing(
                f"{self.name.lower()} is not installed; run: apt-get install {self.programs[0]}"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_ports(1)[0]
        return Launch(
            [program, *self._arguments(), f"--web.listen-address={self.address}", "--log.level=warn"],
            self.log,
            {"TZ": "Europe/Amsterdam"},  # local times in the texts of alerts
        )

    @override
    def _answers(self) -> bool:
        return answers(self.port, "/-/ready")

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
