"""The status entries in a batch of `care.region-status`, for the stages that read it."""

from collections import Counter
from collections.abc import Iterable, Iterator

import structlog

from agents.engine.stage import Incoming
from streams.entry_check import EntryError, entry_of
from streams.status import StatusEntry

log = structlog.get_logger()

NOT_HANDLED = "not-handled"
"""The fault of an entry at which a stage failed: it is ours."""


class StatusEntries:
    """Reads the entries for one stage, and passes over what none is.

    Args:
        stage: whose it is, for the log.

    Attributes:
        passed_over: how many records were none, by fault, since this worker began.
    """

    def __init__(self, stage: str) -> None:
        self.stage = stage
        self.passed_over: Counter[str] = Counter()

    def of(self, records: Iterable[Incoming]) -> Iterator[StatusEntry]:
        """Yield the entries in their order."""
        for record in records:
            try:
                yield entry_of(record)
            except EntryError as error:
                self.pass_over(error.fault, record.offset, str(error))

    def pass_over(self, fault: str, offset: int, why: str) -> None:
        """Count a record that is passed over, and say so: the first, second, fourth, eighth of a fault and so on."""
        self.passed_over[fault] += 1
        count = self.passed_over[fault]
        if count & (count - 1) == 0:
            log.error(
                "a record of care.region-status is passed over; who writes to it but the workers?",
                stage=self.stage, offset=offset, fault=fault, count=count, why=why,
            )  # fmt: skip
