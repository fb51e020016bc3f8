"""A seeded stream of reports of every region and topic, dirty in every way, in which many norms are broken."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from streams.codec import encode_report
from streams.recording import Record, record_of
from streams.regions import ROAZ_IDS
from streams.reports import BedReading, FollowUpReport, FollowUpRow, Notice, OccupancyReport, Report
from tests.support.reports import (
    TOPIC_OF,
    absence,
    event,
    forecast,
    operations,
    phase,
    production,
    referrals,
    rooms,
    stock_row,
    workstock,
)

BEGIN = datetime(2021, 10, 1, tzinfo=UTC)
TICK_SECONDS = 3600
_TALKATIVE = ROAZ_IDS[::4]
"""Regions that tell of every topic; enough of them, and quicker than all."""


def dirty_stream(seed: int, days: int, every_hours: int = 6) -> list[Record]:
    """Return the records in order of arrival: some repeated, corrected, late, or no report at all."""
    chance = random.Random(seed)
    records = []
    for hour in range(0, days * 24, every_hours):
        at = BEGIN + timedelta(hours=hour, minutes=chance.randint(1, 50))
        for region in ROAZ_IDS:
            for report in (_beds(chance, region, at), _follow_up(chance, region, at)):
                records += _arrivals(chance, report)
            if hour % 24 == 0 and region in _TALKATIVE:
                for report in _daily(chance, region, at):
                    records += _arrivals(chance, report)
    end = int((BEGIN + timedelta(days=days)).timestamp() * 1000)
    return sorted((one for one in records if one.timestamp <= end), key=lambda record: record.timestamp)


def _arrivals(chance: random.Random, report: Report) -> list[Record]:
    topic = TOPIC_OF[type(report)]
    record = record_of(topic, report)
    fate = chance.random()
    if fate < 0.03:
        return [record, _after(record, chance.randint(1, 90))]
    if fate < 0.06:
        return [_after(record, chance.randint(60, 60 * 24))]
    if fate < 0.075:
        old = report.observed_at - timedelta(days=16)
        late = msgspec.structs.replace(report, observed_at=old, received_at=old, id=f"late-{report.id}")
        return [Record(topic, record.key, record.timestamp, (), encode_report(late)), record]
    if fate < 0.1:
        return [
            Record(topic, record.key, record.timestamp, (), (record.value or b"")[: chance.randint(0, 99)])
        ]
    return [record]


def _after(record: Record, minutes: int) -> Record:
    return Record(record.topic, record.key, record.timestamp + minutes * 60_000, record.headers, record.value)


def _daily(chance: random.Random, region: str, at: datetime) -> Iterator[Report]:
    """Yield what is told once a day; of the country only the phase."""
    yield rooms(chance.randint(8, 20), 20, at, region=region)
    yield absence(chance.choice([5.0, 9.5]), 100, at, region=region)
    yield forecast([chance.randint(20, 60) for _ in range(7)], at, planned=50, region=region)
    late = {"overdue": chance.randint(1, 9), "ic_dependent": chance.random() < 0.5}
    monday = (at - timedelta(days=at.weekday())).date()
    for week in (monday - timedelta(days=7), monday):
        yield workstock(stock_row(**late), stock_row("U4", 100), at=at, week=week, region=region)
        late["overdue"] += chance.randint(-1, 3)
    yield production(operations(chance.randint(10, 60), "U4", 50, or_hours=40.0), at=at, region=region)
    yield referrals(chance.randint(50, 100), 100, at, region=region)
    notice = Notice(sender="zorgverzekeraar", receiver="nza", norm="ic-occupancy-high", subject="te vol")
    yield event(notice, at, region=region)
    if region == ROAZ_IDS[0]:
        yield phase(chance.choice(["2B", "2D"]), at, region="NL", location="NL")


def _beds(chance: random.Random, region: str, at: datetime) -> OccupancyReport:
    readings = [
        BedReading(unit="ic", label="total", occupied=chance.randint(80, 99), staffed=100),
        BedReading(unit="ward", label="total", occupied=chance.randint(85, 99), staffed=100),
    ]
    return OccupancyReport(
        id=f"b{region}{at:%d%H%M}",
        source="sim-beds",
        region=region,
        location="A",
        observed_at=at,
        received_at=at,
        readings=readings,
    )


def _follow_up(chance: random.Random, region: str, at: datetime) -> FollowUpReport:
    rows = [FollowUpRow(sector="grz", waiting_in_hospital=chance.randint(5, 40), free_places=10)]
    return FollowUpReport(
        id=f"f{region}{at:%d%H%M}",
        source="sim-vvt",
        region=region,
        location="A",
        observed_at=at,
        received_at=at,
        rows=rows,
    )
