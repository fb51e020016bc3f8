"""What a stage is to the shell: records of one partition in, records out, a state that can be put away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from streams.damaged import Header
from streams.written import Written


class Incoming(Written, Protocol):
    """One record of the source partition, as aiokafka parses it."""

    @property
    def offset(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record to write; partition None leaves the choice to the key."""

    topic: str
    key: bytes | None
    value: bytes | None
    timestamp: int
    headers: tuple[Header, ...] = ()
    partition: int | None = None


class HandledAlreadyError(Exception):
    """A control record asks to skip a record that this partition has handled; nothing was taken of it yet.

    Attributes:
        offset: of that record.
    """

    def __init__(self, offset: int) -> None:
        super().__init__(f"the record at {offset} was handled")
        self.offset = offset


class StagePartition(Protocol):
    """One partition of a stage, a deterministic function of its log.

    The same records from the same state give the same outgoing records, so after a crash they are written
    again, identical, and readers drop them by tick or id.
    """

    def handle(self, records: Sequence[Incoming], start: int) -> tuple[int, list[Outgoing]]:
        """Take records from index `start` on, up to a barrier or the last of them.

        Returns:
            the index after the last one taken, and what to write because of them.

        Raises:
            HandledAlreadyError: the record at `start` is a skip, and what it skips is part of the state.
        """
        ...

    def urgency(self, records: Sequence[Incoming], start: int) -> int | None:
        """Return how urgent the work is that begins at index `start`, 0 the most; None for what need not wait its turn."""
        ...

    @property
    def at_barrier(self) -> bool:
        """Whether the state may be put away now."""
        ...

    @property
    def finalized(self) -> int:
        """The format up to which its log allows to put it away (`agents.engine.formats`); 0 where it says nothing."""
        ...

    def pieces(self) -> dict[str, bytes | None]:
        """Return the parts of the state that changed since the last call, by name; None for one that is gone.

        The first call after a start from nothing gives all of them.
        """
        ...

    def whole(self) -> dict[str, bytes]:
        """Return all parts of the state as it stands, also between two barriers; `pieces` is none the wiser."""
        ...

    def pass_over(self, record: Incoming, error: Exception) -> list[Outgoing]:
        """Account for a record that cannot be handled; return what to write because of that."""
        ...

    def lose(self, begin: int, end: int) -> None:
        """Account for offsets from `begin` up to `end` that were gone before they were read."""
        ...


class ReportPartition(StagePartition, Protocol):
    """One that accounts for each record of its log, also for those that it skips."""

    def skip(self, offset: int, record: Incoming | None) -> None:
        """Account for what stands at an offset and is skipped; None where nothing stands there."""
        ...


class StageFactory(Protocol):
    """Makes the partitions of one stage.

    Attributes:
        name: of the stage.
        source: topic that it reads.
        from_beginning: whether its state follows from all of its log, so that it cannot begin in the middle.
    """

    name: str
    source: str
    from_beginning: bool

    def make(self, partition: int, pieces: dict[str, bytes]) -> StagePartition:
        """Return a partition from the pieces of its state, or an empty one if there are none."""
        ...

    def dropped(self, partition: int) -> None:
        """Take note that another worker has the partition now."""
        ...


class SkippingFactory(StageFactory, Protocol):
    """Makes partitions whose log may hold control records that skip a record in front of them."""

    def skipped_by(self, partition: int, record: Incoming) -> int | None:
        """Return the offset that a control record skips; None where it says something else, or does not count."""
        ...
