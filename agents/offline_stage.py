"""A stage that reads status entries, without a worker around it: an entry that it cannot handle is passed over, as a worker does.

What raised an error has left the state half changed. So what was put away last, in memory, is taken up again with what came
since (`agents.engine.doubt` does it for workers, from their snapshots).
"""

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

from agents.engine.snapshot import decode_state, encode_state
from streams.calendar import iso
from streams.status import StatusEntry

log = logging.getLogger(__name__)

_KEEP_AFTER = 5_000
"""Entries that are held to be taken again; then the state is put away anew: some milliseconds."""

_S = TypeVar("_S")
_Out = TypeVar("_Out")


class OfflineStage(Generic[_S, _Out]):
    """A stage that is fed with entries, one by one.

    Args:
        name: of the stage, for the log.
        state: as it begins.
        take: lets the state take an entry, and returns what is to be said because of it, whole.

    Attributes:
        state: as it stands; another object once an entry was passed over.
        passed_over: entries that could not be handled, each with what was raised.
    """

    def __init__(self, name: str, state: _S, take: Callable[[_S, StatusEntry], list[_Out]]) -> None:
        self.name = name
        self.state = state
        self.passed_over: list[tuple[StatusEntry, Exception]] = []
        self._take = take
        self._kept = encode_state(state)
        self._since: list[StatusEntry] = []

    def handle(self, entry: StatusEntry) -> list[_Out]:
        """Take an entry; nothing is said because of one that is passed over."""
        try:
            said = self._take(self.state, entry)
        except Exception as error:  # noqa: BLE001 - whatever an entry can do to a stage
            self._go_back()
            self._pass_over(entry, error)
            return []
        self._since.append(entry)
        if len(self._since) >= _KEEP_AFTER:
            self._kept = encode_state(self.state)
            self._since.clear()
        return said

    def _pass_over(self, entry: StatusEntry, error: Exception) -> None:
        self.passed_over.append((entry, error))
        count = len(self.passed_over)
        if count & (count - 1) == 0:
            log.error(
                "%s: the entry of %s about %s at %s cannot be handled and is passed over (%d so far): %r; the fault is ours",
                self.name, entry.topic, entry.region, iso(entry.at), count, error,
            )  # fmt: skip

    def _go_back(self) -> None:
        self.state = decode_state(self._kept, type(self.state))
        for each in self._since:
            self._take(self.state, each)
        # From here on it need not be taken again: one entry after the other may fail.
        self._kept = encode_state(self.state)
        self._since.clear()
