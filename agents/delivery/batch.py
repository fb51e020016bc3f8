"""One batch: a stretch of one partition's log, as one event of a Faust stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from faust.types import TP
from faust.types.tuples import Message

from streams.damaged import offsets_of


@dataclass(frozen=True, slots=True)
class Batch:
    """A stretch of a log, and the records that stand in it.

    Offsets without a record (compacted away, transaction markers) lie within the stretch, so a hole in the log is
    told from a hole in the delivery: batches that follow each other have `begin` equal to the `end` before.

    Attributes:
        tp: topic and partition.
        begin: offset at which the fetch began.
        end: offset at which the next fetch begins.
        records: aiokafka's parsed records (offset, timestamp, key, value, headers), in order; may be empty.
    """

    tp: TP
    begin: int
    end: int
    records: Sequence[Any]

    def first_missing(self, offset: int) -> int | None:
        """Return the first offset from this one on of which there is no record; None if there is none."""
        records = self.since(offset)
        expected = max(offset, self.begin)
        if len(records) == self.end - expected:
            return None
        for record in records:
            if record.offset != expected:
                break
            expected += offsets_of(record)
        return None if expected == self.end else expected

    def at(self, offset: int) -> Any:
        """Return the record that stands at an offset, alone or with others; None if none does."""
        found = (each for each in self.records if each.offset <= offset < each.offset + offsets_of(each))
        return next(found, None)

    def before(self, offset: int) -> "Batch":
        """Return the part of it that lies before an offset."""
        return Batch(self.tp, self.begin, offset, [each for each in self.records if each.offset < offset])

    def since(self, offset: int) -> Sequence[Any]:
        """Return the records from this offset on."""
        if offset <= self.begin:
            return self.records
        return [record for record in self.records if record.offset >= offset]


class BatchMessage(Message):  # type: ignore[misc]
    """Carries a batch through Faust's conductor and streams as if it were one message.

    It counts as tracked and acknowledged from the start: commits are kept in `agents.delivery.acknowledged`.
    """

    def __init__(self, batch: Batch, generation_id: int) -> None:
        super().__init__(
            batch.tp.topic,
            batch.tp.partition,
            batch.begin,
            timestamp=0.0,
            timestamp_type=0,
            headers=None,
            key=None,
            value=None,
            checksum=None,
            tp=batch.tp,
            generation_id=generation_id,
        )
        self.tracked = True
        self.acked = True
        self.batch = batch
