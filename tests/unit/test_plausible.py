"""Counts that cannot be are refused, at the limits of a location and of the country, on both roads in."""

import msgspec
import pytest

from streams.codec import RefusedError, decode_report, encode_report
from streams.intake import ACCEPT
from streams.reports import REPORT_TYPES, BedReading, ForecastReport, ForecastRow, OccupancyReport, Report
from streams.reports.declaration import row_type
from tests.support.bad_records import GOOD
from tests.support.reports import TOPIC_OF, beds, forecast, ic

LIMITS = [
    (kind, unit, field)
    for kind in REPORT_TYPES.values()
    for unit, limits in kind.declared.limits.items()
    for field in limits
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


@LEVELS
@pytest.mark.parametrize(("kind", "unit", "field"), LIMITS)
def test_a_count_at_its_limit_passes_and_one_more_is_refused_by_name(kind, unit, field, region, level):
    most, topic = kind.declared.limits[unit][field][level], TOPIC_OF[kind]
    fits = encode_report(report_with(kind, unit, field, most, region))
    for accept in (lambda *record: decode_report(topic, *record), ACCEPT[topic]):
        accept(region.encode(), fits)
    over = encode_report(report_with(kind, unit, field, most + 1, region))
    for accept in (lambda *record: decode_report(topic, *record), ACCEPT[topic]):
        with pytest.raises(RefusedError, match=rf"{field}.*; correct the field") as caught:
            accept(region.encode(), over)
        assert caught.value.reason == "out-of-range"


@pytest.mark.parametrize(
    "kind", [kind for kind in REPORT_TYPES.values() if kind.declared.limits], ids=lambda kind: kind.__name__
)
def test_every_count_of_a_topic_with_limits_has_one(kind):
    counted = {
        field.name
        for field in msgspec.structs.fields(row_type(kind))
        if "le=1000000)" in repr(field.type) and field.name != "revision"
    }
    assert [limits.keys() for limits in kind.declared.limits.values() if limits.keys() != counted] == []


def test_a_million_beds_at_one_location_do_not_fill_the_country():
    with pytest.raises(RefusedError, match=r"`readings\[0\].occupied` is 1000000, above 600"):
        decode_report("care.occupancy", b"R07", encode_report(ic(1_000_000)))
