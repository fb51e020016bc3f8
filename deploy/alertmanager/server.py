"""Alertmanager on this machine: the production routes with other addresses, on a free loopback port."""

from pathlib import Path

from typing_extensions import override

from alerts.addresses import Addresses
from alerts.routes import write_routes
from deploy.part import WebProgram


class AlertmanagerServer(WebProgram):
    """One Alertmanager; it is ready after about 0.3 s.

    Args:
        folder: configuration, templates, data and log go here; silences and notifications stay at stop.
        addresses: who hears what, and by which mail server.
        port: listen here; a free port if None.
    """

    name = "Alertmanager"
    programs = ("prometheus-alertmanager", "alertmanager")

    def __init__(self, folder: Path, addresses: Addresses, port: int | None = None) -> None:
        super().__init__(folder, port)
        self._addresses = addresses

    @override
    def _arguments(self) -> list[str]:
        return [
            f"--config.file={write_routes(self.folder, self._addresses)}",
            f"--storage.path={self.folder / 'data'}",
            f"--web.external-url={self.url}",
            "--cluster.listen-address=",
            # What was notified is on disk within seconds, so a crash repeats or loses nothing.
            "--data.maintenance-interval=5s",
        ]
