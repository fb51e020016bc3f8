"""What a stage is to the shell: records of one partition in, records out, a state that can be put away."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Incoming:
    """One record of the source partition; `timestamp` in milliseconds."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record to write; partition None leaves the choice to the key."""

    topic: str
    key: bytes | None
    value: bytes | None
    timestamp: int
    headers: tuple[tuple[str, bytes], ...] = ()
    partition: int | None = None


class StagePartition(Protocol):
    """One partition of a stage, a deterministic function of its log.

    The same records from the same state give the same outgoing records, so after a crash they are written
    again, identical, and readers drop them by tick or id.
    """

    def handle(self, record: Incoming) -> list[Outgoing]:
        """Take one record; return what to write because of it."""
        ...

    @property
    def at_barrier(self) -> bool:
        """Whether the state may be put away now."""
        ...

    def dump(self) -> bytes:
        """Return the state as bytes."""
        ...


class StageFactory(Protocol):
    """Makes the partitions of one stage."""

    name: str
    source: str

    def make(self, partition: int, state: bytes | None) -> StagePartition:
        """Return a partition from a dumped state, or an empty one."""
        ...

    def dropped(self, partition: int) -> None:
        """Take note that another worker has the partition now."""
        ...
