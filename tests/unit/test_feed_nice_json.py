"""NICE's JSON: proven patients only, a census is no total, and the kind says what a file is about."""

import json
from datetime import date, timedelta

import pytest

from streams.codec import decode_report
from streams.feeds import FEEDS, FeedError
from streams.recording import Record
from streams.reports import OccupancyReport


def days(*values: object) -> list[dict]:
    return [
        {"date": str(date(2020, 3, 1) + timedelta(days=n)), "value": value} for n, value in enumerate(values)
    ]


def lined(content: list) -> bytes:
    return json.dumps(content).replace("{", "\n{").encode()


def told(record: Record) -> tuple[str, str, str, int | None, int | None]:
    report = decode_report(record.topic, record.key, record.value)
    assert isinstance(report, OccupancyReport)
    (reading,) = report.readings
    assert (report.region, report.location, reading.label) == ("NL", "NL", "covid")
    return (
        report.source,
        report.observed_at.isoformat()[:13],
        reading.unit,
        reading.occupied,
        reading.admissions,
    )


@pytest.mark.parametrize(("place", "unit"), [("ic", "ic"), ("zkh", "ward")])
def test_new_patients_are_the_proven_ones_only(place, unit):
    result = FEEDS[f"nice-{place}-new-intake"].read(lined([days(5, 0), days(80, 90)]))
    assert [told(record) for record in result.records] == [
        (f"nice-{place}", "2020-02-29T23", unit, None, 5),
        (f"nice-{place}", "2020-03-01T23", unit, None, 0),
    ]
    assert result.rows == 2
    assert "2 days of suspected patients are left out" in result.notes[0]


@pytest.mark.parametrize(("place", "unit"), [("ic", "ic"), ("zkh", "ward")])
def test_patients_present_are_occupied_beds(place, unit):
    (record,) = FEEDS[f"nice-{place}-intake-count"].read(lined(days(1424))).records
    assert told(record) == (f"nice-{place}", "2020-02-29T23", unit, 1424, None)


def test_a_total_since_the_start_is_no_census():
    with pytest.raises(FeedError, match="intake-cumulative"):
        FEEDS["nice-ic-intake-count"].read(lined(days(*range(0, 1800, 30))[::-1]))
    first_wave = days(*range(0, 1200, 30))
    fallen = days(*range(0, 1770, 30), 600)
    assert FEEDS["nice-ic-intake-count"].read(lined(first_wave)).imported == 40
    assert FEEDS["nice-ic-intake-count"].read(lined(fallen)).imported == 60


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "no figure"),
        (-1, "value is `-1`"),
        (1.5, "value is `1.5`"),
        (True, "value is `True`"),
        ([1], "expected a whole number"),
        (9000, "value is 9000, above 4000"),
    ],
)
def test_a_day_that_cannot_be_used_is_refused_with_its_line(value, reason):
    result = FEEDS["nice-ic-new-intake"].read(lined([days(5, value), days(1)]))
    assert (result.rows, result.imported) == (2, 1)
    (refused,) = result.refused
    assert refused.line == 3
    assert reason in refused.reason


def test_the_same_day_again_is_a_correction():
    result = FEEDS["nice-ic-intake-count"].read(lined(days(5) + days(6)))
    found = [decode_report(record.topic, record.key, record.value) for record in result.records]
    assert [one.revision for one in found] == [0, 0], "a revision would withdraw what stands beside it"
    assert found[1].received_at - found[0].received_at == timedelta(seconds=1)


@pytest.mark.parametrize("content", [[], {}, [1], days(1), [days(1)], [days(1), [1]]])
def test_another_form_is_no_new_intake(content):
    with pytest.raises(FeedError, match="proven and suspected"):
        FEEDS["nice-ic-new-intake"].read(json.dumps(content).encode())


@pytest.mark.parametrize("content", [{}, [1], [days(1), days(2)], 5])
def test_another_form_is_no_census(content):
    with pytest.raises(FeedError, match="one list"):
        FEEDS["nice-zkh-intake-count"].read(json.dumps(content).encode())
