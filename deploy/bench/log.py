"""The log that every system reads: made-up reports of `care.occupancy`, the same for the same shape.

`mixture` is what hospitals send: about 25 figures a report (units, labels, occupied, staffed, admissions,
notified), late reports, corrections and repeats. `single` has one figure a report. Both span eight days, so that
nothing falls out of a ring of fourteen, and have a tick in every partition after each `TICK_EVERY` records.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal

from msgspec import structs

from streams.recording import Record, record_of
from streams.regions import NL, REGIONS
from streams.reports import BedReading, OccupancyReport
from streams.reports.occupancy import Label, Unit
from streams.topics import OCCUPANCY

LogKind = Literal["mixture", "single"]

BEGIN = datetime(2021, 11, 15, 8, tzinfo=UTC)
DAYS = 8
TICK_EVERY = 10_000
"""Records between two ticks: a log that was written at 10,000 records a second, tenfold the national load."""

_UNITS: tuple[Unit, ...] = ("ic", "ward")
_LABELS: tuple[Label, ...] = ("covid", "noncovid", "unlabelled", "total")
_SHARE_CORRECTED, _SHARE_REPEATED, _SHARE_LATE, _SHARE_WITHOUT_IC = 0.02, 0.01, 0.05, 0.15


@dataclass(frozen=True, slots=True)
class Shape:
    """What a log looks like; equal shapes give equal logs.

    Attributes:
        kind: `mixture` or `single`.
        records: reports in it.
        locations: hospital locations of each of the eleven regions.
        seed: of the generator.
        tick_every: records between two ticks.
        regions: those that report.
        begin: when the first report is received.
        span: time from there to the end of the log.
    """

    kind: LogKind
    records: int
    locations: int = 8
    seed: int = 1
    tick_every: int = TICK_EVERY
    regions: tuple[str, ...] = tuple(name for name in REGIONS if name != NL)
    begin: datetime = BEGIN
    span: timedelta = timedelta(days=DAYS)


def log_of(shape: Shape) -> Iterator[Record | int]:
    """Yield the log in its order: records, and ticks as seconds since 1970; a tick ends it."""
    chance = Random(shape.seed)  # noqa: S311 - made-up reports, the same every time
    regions = shape.regions
    step = shape.span / shape.records
    recent: deque[OccupancyReport] = deque(maxlen=500)
    for number in range(shape.records):
        received = shape.begin + number * step
        draw = chance.random()
        if recent and draw < _SHARE_REPEATED:
            report = recent[chance.randrange(len(recent))]
        elif recent and draw < _SHARE_REPEATED + _SHARE_CORRECTED:
            report = _corrected(chance, shape, recent[chance.randrange(len(recent))], received)
            recent.append(report)
        else:
            region = regions[number % len(regions)]
            report = _report(chance, shape, (region, number // len(regions) % shape.locations), received)
            recent.append(report)
        at = int(received.timestamp())
        yield structs.replace(record_of(OCCUPANCY, report), timestamp=at * 1000)
        if (number + 1) % shape.tick_every == 0 and number + 1 < shape.records:
            yield at
    yield int((shape.begin + shape.span).timestamp())


def _report(chance: Random, shape: Shape, place: tuple[str, int], received: datetime) -> OccupancyReport:
    region, location = place
    hours = chance.randint(3, 20) if chance.random() < _SHARE_LATE else 0
    observed = (received - timedelta(hours=hours, minutes=chance.randint(1, 30))).replace(microsecond=0)
    return OccupancyReport(
        id=f"bench:{region}:{location}:{received:%Y%m%dT%H%M%S.%f}",
        source="bench",
        region=region,
        location=f"Ziekenhuis {location + 1:04} (simulatie)",
        observed_at=observed,
        received_at=received.replace(microsecond=0),
        completeness=1.0 if chance.random() < 0.9 else 0.95,
        readings=_readings(chance, shape),
    )


def _corrected(chance: Random, shape: Shape, report: OccupancyReport, received: datetime) -> OccupancyReport:
    return structs.replace(
        report,
        id=f"{report.id}:{report.revision + 1}",
        revision=report.revision + 1,
        received_at=received.replace(microsecond=0),
        # The same figures: a correction says anew what its report said.
        readings=[_reading(chance, shape, each.unit, each.label) for each in report.readings],
    )


def _readings(chance: Random, shape: Shape) -> list[BedReading]:
    if shape.kind == "single":
        return [_reading(chance, shape, chance.choice(_UNITS), chance.choice(_LABELS))]
    units = _UNITS[1:] if chance.random() < _SHARE_WITHOUT_IC else _UNITS
    return [_reading(chance, shape, unit, label) for unit in units for label in _LABELS]


def _reading(chance: Random, shape: Shape, unit: Unit, label: Label) -> BedReading:
    if shape.kind == "single":
        return BedReading(unit=unit, label=label, occupied=chance.randint(0, 60))
    beds = 30 if unit == "ic" else 300
    staffed = chance.randint(beds // 2, beds)
    return BedReading(
        unit=unit,
        label=label,
        occupied=chance.randint(0, staffed),
        staffed=staffed,
        admissions=chance.randint(0, 20),
        notified=chance.randint(0, 20) if label == "covid" else None,
    )
