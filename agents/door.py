"""The door of a report partition: what a record's own time and signature must be before its content is looked at."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from agents.engine.stage import Incoming
from streams.codec import RefusedError
from streams.control import CONTROL_KEY, AnyControl, control_that_counts
from streams.signature import Signed, SigningKeys
from streams.ticks import TICK_KEY, TIMESTAMP_AHEAD_MS_MAX, Fault, TickError, tick_that_counts

_BARRIERS = (TICK_KEY, CONTROL_KEY)


@dataclass(frozen=True)
class Door:
    """What a worker holds records to.

    Attributes:
        keys: who may write ticks; without any, everybody.
        source_keys: of the sources that sign, as the registry says; a report of one whose key is not here is refused.
        clock: seconds since 1970, where the broker does not hold timestamps to its own clock; None where it does.
        refused_ticks: what did not count as a tick, by what was wrong with it.
        refused_entries: what was passed over on the status log, by the stage that reads it.
    """

    keys: SigningKeys = field(default_factory=SigningKeys)
    clock: Callable[[], float] | None = None
    refused_ticks: Counter[tuple[str, Fault]] = field(default_factory=Counter)
    refused_entries: Counter[str] = field(default_factory=Counter)
    source_keys: SigningKeys = field(default_factory=SigningKeys)

    def first_ahead(self, records: Sequence[Incoming], start: int) -> int:
        """Return the index of the first record whose timestamp the clock does not agree with; else what `handle` may take."""
        if self.clock is None:
            return len(records)
        latest = self.clock() * 1000 + TIMESTAMP_AHEAD_MS_MAX
        for index in range(start, len(records)):
            if records[index].timestamp > latest:
                return index
            if records[index].key in _BARRIERS:
                return index + 1
        return len(records)

    def tick_of(self, topic: str, partition: int, record: Incoming) -> int:
        """Return the second of a tick record.

        Raises:
            RefusedError: it does not count as a tick.
        """
        written = Signed(topic, partition, record.timestamp, record.key, record.value)
        try:
            return tick_that_counts(written, tuple(record.headers), self.keys)
        except TickError as error:
            self.refused_ticks[topic, error.fault] += 1
            raise RefusedError("not-a-tick", f"{error}; only a ticker may use this key") from None

    def control_of(self, topic: str, partition: int, record: Incoming) -> AnyControl:
        """Return what a control record says.

        Raises:
            RefusedError: it is none, not of its own time, or not signed although it must be.
        """
        written = Signed(topic, partition, record.timestamp, record.key, record.value)
        try:
            return control_that_counts(written, tuple(record.headers), self.keys)
        except ValueError as error:
            raise RefusedError("not-a-control", f"{error}; only `ketenwacht` writes this key") from None


def of_tomorrow(record: Incoming) -> RefusedError:
    """Return why a record is refused whose timestamp the clock does not agree with."""
    return RefusedError(
        "impossible-time",
        f"the record's own timestamp {record.timestamp} ms lies more than {TIMESTAMP_AHEAD_MS_MAX // 1000} s ahead of "
        "the clock here; check the clock of the sender",
    )
