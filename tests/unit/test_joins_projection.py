"""The projection through the whole pipeline: for a region and the country, from what is reported and what was counted."""

from datetime import UTC, datetime, timedelta

import pytest

from agents.pipeline import Pipeline
from alerts.norms import load_norms
from streams.calendar import seconds
from streams.regions import ROAZ_IDS
from streams.reports.occupancy import BedReading
from tests.support.reports import beds, record

NORMS = load_norms()
FIRST = datetime(2021, 10, 1, 11, tzinfo=UTC)
DAYS = 40


def report(day, region="R07", location="A", covid=19, others=19, staffed=100):
    """Fewer than 20 of either may be the same for weeks, so that nothing is suspect."""
    at = FIRST + timedelta(days=day)
    readings = [
        BedReading(unit="ic", label="covid", occupied=covid),
        BedReading(unit="ic", label="noncovid", occupied=others),
        *([BedReading(unit="ic", label="total", staffed=staffed)] if staffed else []),
    ]
    return beds(at, region=region, location=location, readings=readings)


def play(reports, until=DAYS, hours=6):
    pipeline = Pipeline(NORMS)
    reports = sorted(reports, key=lambda one: one.received_at)
    for step in range(until * 24 // hours):
        at = FIRST + timedelta(hours=step * hours, minutes=30)
        while reports and reports[0].received_at <= at:
            pipeline.receive(record(reports.pop(0)))
        pipeline.tick(seconds(at))
    return pipeline


def figures(pipeline, region, name):
    known = pipeline.judged.regions[region].known.get("joined.beds", {}).get(name, {})
    return {key.removeprefix(name): found for key, found in known.items() if found.value is not None}


def test_a_region_shows_its_projection_with_the_band_and_what_it_is_held_against():
    pipeline = play([report(day) for day in range(DAYS)])
    middle = figures(pipeline, "R07", "projected_beds")
    assert len(middle) == 7 * 3 * 3
    assert middle["{day=7,label=all,quantile=50,unit=ic}"].value == 38
    assert middle["{day=7,label=covid,quantile=10,unit=ic}"].value == 19
    assert (
        figures(pipeline, "R07", "projected_occupancy_ratio")["{days=2-4,quantile=50,unit=ic}"].value == 0.38
    )
    assert figures(pipeline, "R07", "capacity_known_beds")["{unit=ic}"].value == 100


def test_the_country_is_the_sum_of_its_regions_held_against_their_beds():
    pipeline = play([report(day, region, region) for day in range(DAYS) for region in ROAZ_IDS])
    assert figures(pipeline, "NL", "projected_beds")["{day=7,label=all,quantile=50,unit=ic}"].value == 418
    assert figures(pipeline, "NL", "capacity_known_beds")["{unit=ic}"].value == 1100


def test_a_country_whose_regions_do_not_tell_their_beds_is_held_against_the_register():
    told = [report(day, region, region, staffed=None) for day in range(DAYS) for region in ROAZ_IDS]
    found = figures(play(told), "NL", "projected_occupancy_ratio")["{days=7,quantile=50,unit=ic}"]
    assert found.value == pytest.approx(418 / 1150, abs=1e-4)  # of June 2021, as known on 10 November
    assert found.completeness == 1


def test_before_four_weeks_nothing_is_projected():
    pipeline = play([report(day) for day in range(25)], until=25)
    assert figures(pipeline, "R07", "projected_beds") == {}


def test_beds_of_three_days_ago_say_nothing_of_the_coming_week():
    pipeline = play([report(day) for day in range(DAYS - 4)])
    assert figures(pipeline, "R07", "projected_beds") == {}


def test_a_silent_hospital_makes_the_projection_one_that_could_be_higher():
    others = [report(day, location="B") for day in range(DAYS - 5)]
    pipeline = play([report(day) for day in range(DAYS)] + others)
    found = figures(pipeline, "R07", "projected_beds")["{day=7,label=all,quantile=50,unit=ic}"]
    assert (found.value, found.range.low, found.range.high) == (76, 76, 76)
    assert (found.range.least, found.range.most) == (38, 138), (
        "from nobody to as many as it has beds with staff"
    )


def test_it_is_told_four_times_a_day_and_not_in_between():
    pipeline = Pipeline(NORMS)
    for day in range(DAYS):
        pipeline.receive(record(report(day)))
        pipeline.tick(seconds(FIRST + timedelta(days=day, minutes=1)))
    before = figures(pipeline, "R07", "projected_beds")
    at = FIRST + timedelta(days=DAYS - 1, minutes=2)
    pipeline.receive(
        record(beds(at, location="A", readings=[BedReading(unit="ic", label="covid", occupied=30)]))
    )
    pipeline.tick(seconds(at + timedelta(minutes=1)))
    assert figures(pipeline, "R07", "projected_beds") == before
    pipeline.tick(seconds(at + timedelta(hours=6)))
    after = figures(pipeline, "R07", "projected_beds")["{day=7,label=covid,quantile=50,unit=ic}"]
    assert after.value == 30 + 9
