"""Alertmanager on this machine: the production routes with other addresses, on a free loopback port."""

import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from alerts.addresses import Addresses
from alerts.routes import write_routes
from deploy.child import ChildProcess, ProgramMissing, free_ports
from deploy.prometheus.server import answers

START_TIMEOUT_S = 20.0


class AlertmanagerServer:
    """One Alertmanager, used as a context manager or by start and stop.

    Args:
        folder: configuration, templates, data and log go here; silences and notifications stay at stop.
        addresses: who hears what, and by which mail server.
        port: listen here; a free port if None.
    """

    def __init__(self, folder: Path, addresses: Addresses, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or 0
        self._addresses = addresses
        self._process: ChildProcess | None = None

    @property
    def address(self) -> str:
        """`127.0.0.1:PORT`, as Prometheus names it; known after `start`."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Its web page and API."""
        return f"http://{self.address}"

    @property
    def pid(self) -> int | None:
        """Process id while it runs, else None."""
        return self._process.pid if self._process and self._process.running() else None

    @property
    def log(self) -> Path:
        """File with what it wrote."""
        return self.folder / "alertmanager.log"

    def start(self) -> None:
        """Write the configuration, start it, return when it is ready (about 0.3 s).

        Raises:
            ProgramMissing: Alertmanager is not installed.
            ChildFailed: it did not start; nothing is left running.
        """
        program = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
        if program is None:
            raise ProgramMissing(
                "alertmanager is not installed; run: apt-get install prometheus-alertmanager"
            )
        self.port = self.port or free_ports(1)[0]
        config = write_routes(self.folder, self._addresses)
        self._process = ChildProcess(
            [
                program,
                f"--config.file={config}",
                f"--storage.path={self.folder / 'data'}",
                f"--web.listen-address={self.address}",
                f"--web.external-url={self.url}",
                "--cluster.listen-address=",
                # What was notified is on disk within seconds, so a crash repeats or loses nothing.
                "--data.maintenance-interval=5s",
                "--log.level=warn",
            ],
            log=self.log,
            env={"TZ": "Europe/Amsterdam"},
        )
        try:
            self._process.wait_until(
                lambda: answers(self.port, "/-/ready"), START_TIMEOUT_S, f"Alertmanager at {self.address}"
            )
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Shut it down cleanly; silences and notifications are kept."""
        if self._process:
            self._process.stop()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process:
            self._process.kill()

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
