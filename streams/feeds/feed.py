"""What an importer is: a pure function from the bytes of a file to records and refused rows.

Every data row is either in the records or refused with its line and the reason: `rows = imported +
len(refused)`. A missing figure stays missing; it never becomes 0.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from streams.codec import decode_report
from streams.places import Placed
from streams.recording import Record, record_of
from streams.reports import Report

_Row = TypeVar("_Row")
_Read = TypeVar("_Read")


class FeedError(ValueError):
    """A file that is not this feed at all; the message says what was expected and what to do."""


class RowError(ValueError):
    """A row that cannot be used; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not in the records: physical line at which it starts (from 1), and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Import:
    """What a file gave.

    Attributes:
        records: records in the order of the file; a recording sorts them by when they became known.
        rows: data rows in the file.
        imported: rows whose figures are in the records.
        refused: the other rows, in the order of the file.
        notes: readings and assumptions that touch this file, for people.
    """

    records: tuple[Record, ...]
    rows: int
    imported: int
    refused: tuple[Refused, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """One public feed.

    Attributes:
        kind: its name on the command line.
        title: publisher and content, for people.
        tick_seconds: step of the ticks when its recording is replayed.
        read: the importer; raises `FeedError` when the file is another feed.
    """

    kind: str
    title: str
    tick_seconds: int
    read: Callable[[bytes], Import]


def read_rows(
    rows: Iterable[tuple[int, _Row]], read: Callable[[_Row], _Read]
) -> tuple[list[_Read], list[Refused]]:
    """Return what `read` makes of each row, given with its line, and the rows for which it raises `RowError`."""
    found: list[_Read] = []
    refused: list[Refused] = []
    for line, row in rows:
        try:
            found.append(read(row))
        except RowError as error:
            refused.append(Refused(line, str(error)))
    return found, refused


def assumptions(places: Iterable[Placed]) -> list[str]:
    """Return a note for each place whose network is our assumption, with how many rows it has."""
    counted = Counter((placed.place, placed.region) for placed in places if placed.assumed)
    return [
        f"{place} -> {region} is an assumption (split safety region), {number} rows"
        for (place, region), number in sorted(counted.items())
    ]


def checked_record(topic: str, report: Report) -> Record:
    """Return the record of a report that the workers will accept.

    Raises:
        RowError: a worker would refuse it.
    """
    record = record_of(topic, report)
    try:
        decode_report(topic, record.key, record.value)
    except ValueError as error:
        raise RowError(str(error)) from error
    return record
