"""Counts that cannot be are refused, at the limits of a location and of the country, on both roads in."""

import msgspec
import pytest

from streams.codec import RefusedError, decode_report, encode_report
from streams.intake import ACCEPT
from streams.plausible import BEDS, COUNTS, FORECAST
from streams.reports import BedReading, ForecastReport, ForecastRow, OccupancyReport, Report
from tests.support.bad_records import GOOD
from tests.support.reports import TOPIC_OF, beds, forecast, ic

LIMITS = [
    *((OccupancyReport, unit, field) for unit in BEDS for field in BEDS[unit]),
    *((ForecastReport, unit, field) for unit in FORECAST for field in FORECAST[unit]),
    *((kind, "", field) for kind, limits in COUNTS.items() for field in limits),
]
LEVELS = pytest.mark.parametrize(("region", "level"), [("R07", 0), ("NL", 1)])


@pytest.fixture(autouse=True, scope="module")
def every_source_was_heard_before():
    for topic, value in GOOD.items():
        ACCEPT[topic](b"R07", value)


def report_with(kind: type[Report], unit: str, field: str, count: int, region: str) -> Report:
    if kind is OccupancyReport:
        return beds(readings=[BedReading(unit=unit, label="total", **{field: count})], region=region)
    if kind is ForecastReport:
        row = ForecastRow(**{"unit": unit, "day": 1, "covid_beds": 1, field: count})
        return msgspec.structs.replace(forecast([1] * 7), rows=[row], region=region)
    good = decode_report(TOPIC_OF[kind], b"R07", GOOD[TOPIC_OF[kind]])
    if not hasattr(good, "rows"):
        return msgspec.structs.replace(good, region=region, **{field: count})
    row = msgspec.structs.replace(good.rows[0], **{field: count})
    return msgspec.structs.replace(good, region=region, rows=[row])


def limit_of(kind: type[Report], unit: str, field: str, level: int) -> int:
    limits = {OccupancyReport: BEDS, ForecastReport: FORECAST}.get(kind)
    return (limits[unit] if limits else COUNTS[kind])[field][level]


@LEVELS
@pytest.mark.parametrize(("kind", "unit", "field"), LIMITS)
def test_a_count_at_its_limit_passes_and_one_more_is_refused_by_name(kind, unit, field, region, level):
    most, topic = limit_of(kind, unit, field, level), TOPIC_OF[kind]
    fits = encode_report(report_with(kind, unit, field, most, region))
    for accept in (lambda *record: decode_report(topic, *record), ACCEPT[topic]):
        accept(region.encode(), fits)
    over = encode_report(report_with(kind, unit, field, most + 1, region))
    for accept in (lambda *record: decode_report(topic, *record), ACCEPT[topic]):
        with pytest.raises(RefusedError, match=rf"{field}.*; correct the field") as caught:
            accept(region.encode(), over)
        assert caught.value.reason == "out-of-range"


def test_every_count_of_these_topics_has_a_limit():
    for kind, limits in COUNTS.items():
        (row,) = [
            field.type.__origin__.__args__[0]
            for field in msgspec.structs.fields(kind)
            if field.name == "rows"
        ] or [kind]
        counted = {
            field.name
            for field in msgspec.structs.fields(row)
            if "le=1000000)" in repr(field.type) and field.name != "revision"
        }
        assert counted == limits.keys(), kind


def test_a_million_beds_at_one_location_do_not_fill_the_country():
    with pytest.raises(RefusedError, match=r"`readings\[0\].occupied` is 1000000, above 600"):
        decode_report("care.occupancy", b"R07", encode_report(ic(1_000_000)))
