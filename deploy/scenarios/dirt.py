"""What real streams do to reports: repeats, delays, corrections, silence, floods, and records that are broken.

None of it changes what must come: repeats and old corrections have no effect, late reports are about one
location for less than two days, and broken records belong in the dead-letter topic.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

import orjson
from msgspec import structs

from deploy.scenarios.registry import NOBODY
from deploy.scenarios.scenario import Statement, local
from streams.calendar import seconds
from streams.recording import Record, record_of
from streams.reports import OccupancyReport
from streams.topics import OCCUPANCY, WAITING_TIMES


@dataclass(frozen=True, slots=True)
class Silence:
    """A source that says nothing in one region from one moment up to another; what it would say is lost."""

    region: str
    source: str
    since: datetime
    until: datetime


def silenced(statements: Iterable[Statement], *silences: Silence) -> list[Statement]:
    """Return the statements without those that would be received in one of the silences."""
    return [
        (topic, report)
        for topic, report in statements
        if not any(
            (report.region, report.source) == (silence.region, silence.source)
            and silence.since <= report.received_at < silence.until
            for silence in silences
        )
    ]


def delayed(
    chance: Random, statements: list[Statement], share: float, hours: tuple[int, int]
) -> list[Statement]:
    """Return the statements, a share of the bed reports received hours later than usual."""
    return [
        (
            topic,
            structs.replace(report, received_at=report.received_at + timedelta(hours=chance.randint(*hours))),
        )
        if topic == OCCUPANCY and chance.random() < share
        else (topic, report)
        for topic, report in statements
    ]


def corrected(chance: Random, statements: list[Statement], share: float) -> list[Statement]:
    """Return the statements, a share of the bed reports preceded by one with a ward bed too many."""
    told: list[Statement] = []
    for topic, report in statements:
        if isinstance(report, OccupancyReport) and chance.random() < share:
            told.append((topic, _with_one_too_many(report)))
            later = report.received_at + timedelta(minutes=chance.randint(90, 480))
            told.append(
                (topic, structs.replace(report, id=f"{report.id[:-2]}:1", revision=1, received_at=later))
            )
        else:
            told.append((topic, report))
    return told


def _with_one_too_many(report: OccupancyReport) -> OccupancyReport:
    readings = [
        structs.replace(reading, occupied=reading.occupied + 1)
        if (reading.unit, reading.label) == ("ward", "noncovid") and reading.occupied is not None
        else reading
        for reading in report.readings
    ]
    return structs.replace(report, readings=readings)


def sent_again(statements: list[Statement], region: str, on: date, ages: tuple[int, ...]) -> list[Statement]:
    """Return the flood of a morning: the day reports of a region of that many days ago, once more."""
    wanted = {on - timedelta(days=age) for age in ages}
    at = local(on, 10)
    newest: dict[tuple[str, date], OccupancyReport] = {}
    for _, report in statements:
        if isinstance(report, OccupancyReport) and report.region == region:
            day = report.observed_at.date()
            held = newest.get((report.location, day))
            key = (report.observed_at, report.revision)
            if day in wanted and (held is None or key > (held.observed_at, held.revision)):
                newest[report.location, day] = report
    return [
        (
            OCCUPANCY,
            structs.replace(
                report,
                id=f"{report.id[:-2]}:{report.revision + 1}",
                revision=report.revision + 1,
                received_at=at + timedelta(seconds=10 * number),
            ),
        )
        for number, report in enumerate(newest.values())
    ]


def repeated(chance: Random, records: list[Record], share: float) -> Iterator[Record]:
    """Yield the records, a share of them a second time, byte for byte, minutes to hours later."""
    for record in records:
        yield record
        if chance.random() < share:
            yield structs.replace(record, timestamp=record.timestamp + 60_000 * chance.randint(5, 300))


def broken(statements: list[Statement], moments: list[datetime]) -> list[Record]:
    """Return records that cannot be accepted, each broken in another way, one at each moment."""
    topic, report = next(one for one in statements if one[0] == OCCUPANCY)
    good = record_of(topic, report)
    value = good.value or b""
    fields = orjson.loads(value)
    negative = {**fields, "readings": [{"unit": "ic", "label": "covid", "occupied": -3}]}
    ways = (
        structs.replace(good, value=orjson.dumps({**fields, "patient": "x"})),
        structs.replace(good, value=value[: len(value) // 2]),
        structs.replace(good, key=b"R11" if good.key != b"R11" else b"R01"),
        structs.replace(good, value=orjson.dumps(negative)),
        structs.replace(good, value=orjson.dumps({**fields, "region": "R99"}), key=b"R99"),
        structs.replace(good, value=None),
        structs.replace(good, value=b"\xff\xfe" + value),
        structs.replace(good, value=orjson.dumps({**fields, "observed_at": "9999-12-31T00:00:00Z"})),
        structs.replace(good, topic=WAITING_TIMES),
        structs.replace(good, value=orjson.dumps({**fields, "source": NOBODY})),
    )
    return [
        structs.replace(way, timestamp=seconds(moment) * 1000)
        for way, moment in zip(ways, moments, strict=False)
    ]
