"""The ticker under the supervisor: ready while what it wrote last, and the broker acknowledged, is of just now."""

import time
from pathlib import Path

from typing_extensions import override

from deploy.own_program import OwnProgram
from deploy.part import Launch, Program

FRESH_SECONDS = 15.0


class Ticker(Program):
    """The process that gives the time.

    Args:
        own: its command, which touches `progress` after every tick.
        progress: that file.
        address: of the broker, for people.
    """

    start_seconds = 60.0

    def __init__(self, own: OwnProgram, progress: Path, address: str) -> None:
        self.name = own.name
        self._own = own
        self._progress = progress
        self._address = address

    @property
    @override
    def address(self) -> str:
        return self._address

    @override
    def launch(self) -> Launch:
        self._progress.unlink(missing_ok=True)
        return self._own.launch()

    @override
    def ready(self) -> bool:
        try:
            age = time.time() - self._progress.stat().st_mtime
        except FileNotFoundError:
            return False
        return self.pid is not None and age < FRESH_SECONDS
