"""The job: what every system computes from the log, and what a single pass makes of it.

A figure is one number about one series: region, location, unit, label and field. Two results are kept, each as its
systems can: the newest statement of each local day, where the greatest (observed, revision, received, value) wins
(folds and loops, as ours does), or the sum of seven days in windows that hop by one day of event time, every figure
counted (the windows that libraries offer). Every system takes records in by the same function that our worker does,
`accept`; the single pass by `decode_report`, which says what is right.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Literal

from streams.calendar import local_day, seconds
from streams.codec import decode_report
from streams.intake import ACCEPT
from streams.recording import Record
from streams.reports import OccupancyReport
from streams.topics import OCCUPANCY

JobKind = Literal["fold", "window", "none"]
Series = tuple[str, str, str, str, str]
"""Region, location, unit, label, field."""

Slot = tuple[int, int, int, float, float]
"""Observed second, revision, received second, value, completeness."""

WINDOW_DAYS = 7
DAY_SECONDS = 86_400
_FIELDS = ("occupied", "staffed", "admissions", "notified")


accept = ACCEPT[OCCUPANCY]
"""Key and value to the report, the second it is about and the second it came; refuses what `decode_report` does."""


def decode(key: bytes | None, value: bytes | None) -> OccupancyReport:
    """Return the report in a record of the log.

    Raises:
        RefusedError: it is none.
    """
    report = decode_report(OCCUPANCY, key, value)
    assert isinstance(report, OccupancyReport)  # noqa: S101 - the topic's type, for the type checker
    return report


def figures(report: OccupancyReport) -> Iterator[tuple[str, str, str, int]]:
    """Yield unit, label, field and value of each figure of a report."""
    for reading in report.readings:
        for field in _FIELDS:
            value = getattr(reading, field)
            if value is not None:
                yield reading.unit, reading.label, field, value


class Newest:
    """The newest statement of each series and local day; `figures` counts what was folded.

    As a careful programmer would write it: what is the same for a whole report is looked up once.
    """

    def __init__(self) -> None:
        self.places: dict[tuple[str, str], dict[tuple[str, str, str], dict[int, Slot]]] = {}
        self.figures = 0

    def fold(self, report: OccupancyReport, observed: int, received: int) -> None:
        """Take a report."""
        day = local_day(observed)
        revision, completeness = report.revision, report.completeness
        rings = self.places.setdefault((report.region, report.location), {})
        count = 0
        for reading in report.readings:
            unit, label = reading.unit, reading.label
            for field, value in (
                ("occupied", reading.occupied),
                ("staffed", reading.staffed),
                ("admissions", reading.admissions),
                ("notified", reading.notified),
            ):
                if value is None:
                    continue
                count += 1
                slot = (observed, revision, received, value, completeness)
                ring = rings.get((unit, label, field))
                if ring is None:
                    rings[unit, label, field] = {day: slot}
                    continue
                held = ring.get(day)
                if held is None or held < slot:
                    ring[day] = slot
        self.figures += count

    @property
    def series(self) -> int:
        """How many series there are."""
        return sum(map(len, self.places.values()))

    def rows(self) -> Iterator[str]:
        """Yield the result, a line a series and day."""
        for place, rings in self.places.items():
            for series, ring in rings.items():
                for day, slot in ring.items():
                    yield newest_row((*place, *series), day, slot)


class WeekSums:
    """The sum of each series over seven days, in windows that begin at every midnight UTC."""

    def __init__(self) -> None:
        self.sums: dict[tuple[Series, int], int] = {}
        self.figures = 0

    def fold(self, report: OccupancyReport, observed: int, _received: int) -> None:
        """Take a report."""
        last = observed // DAY_SECONDS
        region, location = report.region, report.location
        sums = self.sums
        for unit, label, field, value in figures(report):
            self.figures += 1
            series = (region, location, unit, label, field)
            for day in range(last - WINDOW_DAYS + 1, last + 1):
                sums[series, day] = sums.get((series, day), 0) + value

    def rows(self) -> Iterator[str]:
        """Yield the result, a line a series and window."""
        for (series, day), total in self.sums.items():
            yield sum_row("|".join(series), day * DAY_SECONDS, total)


def newest_row(series: Iterable[str], day: int, slot: Slot) -> str:
    """Return a line of the fold's result."""
    observed, revision, received, value, completeness = slot
    return f"{'|'.join(series)}|{day}|{observed}|{revision}|{received}|{value}|{float(completeness)}"


def sum_row(series: str, begin: float, total: float) -> str:
    """Return a line of the windows' result; `begin` is the first second of the window."""
    return f"{series}|{int(begin)}|{int(total)}"


def digest(rows: Iterable[str]) -> str:
    """Return one hash of a result, whatever the order of its lines."""
    whole = hashlib.sha256()
    for row in sorted(rows):
        whole.update(row.encode() + b"\n")
    return whole.hexdigest()


def single_pass(log: Iterable[Record | int], kind: JobKind) -> tuple[str, int]:
    """Return the digest that one pass over a log gives, and how many figures it holds."""
    held: Newest | WeekSums = WeekSums() if kind == "window" else Newest()
    for item in log:
        if not isinstance(item, int):
            report = decode(item.key, item.value)
            held.fold(report, seconds(report.observed_at), seconds(report.received_at))
    return digest(held.rows()), held.figures
