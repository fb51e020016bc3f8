"""The status entries in a batch of `care.region-status`, for the stages that read it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import structlog

from agents.door import Door
from agents.engine.stage import Incoming
from streams.damaged import DamagedRecord
from streams.entry_check import EntryError, entry_of
from streams.status import StatusEntry

log = structlog.get_logger()

_TURN_BYTES = 100_000

NOT_HANDLED = "not-handled"
"""The fault of an entry at which a stage failed: it is ours."""


def turn_of(records: Sequence[Incoming], start: int, most: int) -> int:
    """Return the index up to which records are taken in one turn of the loop: at most so many, and fewer of large ones."""
    stop, room = start, _TURN_BYTES
    while stop < min(start + most, len(records)) and room > 0:
        record = records[stop]
        room -= 0 if isinstance(record, DamagedRecord) else len(record.value or b"")
        stop += 1
    return stop


class StatusEntries:
    """Reads the entries for one stage, and passes over what none is.

    Args:
        stage: whose it is, for the log.
        door: what records are held to.

    Attributes:
        passed_over: how many records were none, by fault, since this worker began.
        finalized: the newest format that a fold may put away, as far as read.
    """

    def __init__(self, stage: str, door: Door) -> None:
        self.stage = stage
        self.door = door
        self.passed_over: Counter[str] = Counter()
        self.finalized = 0

    def of(self, records: Iterable[Incoming]) -> Iterator[StatusEntry]:
        """Yield the entries in their order."""
        for record in records:
            try:
                entry = entry_of(record, self.door.keys, self.door.clock)
            except EntryError as error:
                self.pass_over(error.fault, record.offset, str(error))
                continue
            self.finalized = max(self.finalized, entry.finalized)
            yield entry

    def pass_over(self, fault: str, offset: int, why: str) -> None:
        """Count a record that is passed over, and say so: the first, second, fourth, eighth of a fault and so on."""
        self.passed_over[fault] += 1
        self.door.refused_entries[self.stage] += 1
        count = self.passed_over[fault]
        if count & (count - 1) == 0:
            log.error(
                "a record of care.region-status is passed over; who writes to it but the workers?",
                stage=self.stage, offset=offset, fault=fault, count=count, why=why,
            )  # fmt: skip
