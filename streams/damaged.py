"""A record that cannot be taken as it stands in the log: it has its place and its bytes, and no value that anybody could use."""

import hashlib
from dataclasses import dataclass
from typing import NoReturn

from streams.reports.refused import RefusedError

Header = tuple[str, bytes | None]
"""Name and value; bytes of a name that are no UTF-8 stand in it as `surrogateescape` writes them."""

BEGINNING_BYTES = 1000
"""So much is kept of what cannot be kept whole."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What is known of bytes of which only the beginning is kept."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DamagedRecord:
    """Stands in the place of a record, or of all records of a batch that cannot be read.

    Attributes:
        offset: of the first record.
        timestamp: milliseconds; that of the batch where the record's own cannot be read.
        key: as far as it can be read.
        headers: as far as they can be read.
        refusal: what is wrong and what to do.
        kept: the value, or the beginning of the bytes that cannot be read.
        cut: what those bytes were; None where `kept` is whole.
        count: how many offsets it stands for.
    """

    offset: int
    timestamp: int
    key: bytes | None
    headers: tuple[Header, ...]
    refusal: RefusedError
    kept: bytes | None
    cut: Cut | None = None
    count: int = 1

    @property
    def value(self) -> NoReturn:
        """Raise the refusal: whoever would use the value refuses the record, as any that cannot be accepted."""
        raise self.refusal


def unreadable(offset: int, timestamp: int, data: bytes, why: str, count: int = 1) -> DamagedRecord:
    """Return what stands for bytes that are no record."""
    then = f"size, hash and beginning of {len(data)} bytes are kept, write the records again"
    refusal = RefusedError("unreadable", f"{why}; {then}")
    cut = Cut(len(data), hashlib.sha256(data).hexdigest())
    return DamagedRecord(offset, timestamp, None, (), refusal, data[:BEGINNING_BYTES], cut, count)


def offsets_of(record: object) -> int:
    """Return how many offsets a record of a log stands for."""
    return record.count if isinstance(record, DamagedRecord) else 1


def is_text(name: str) -> bool:
    """Return whether a header name stood in the log as UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
