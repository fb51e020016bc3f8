"""The scorecard on the real files: its page, its goals, and that what is scored is what status and norms say."""

from functools import cache
from pathlib import Path

import pytest

from agents.pipeline import Pipeline
from alerts.norms import load_norms
from deploy.cli.score import PAGE
from deploy.score.page import page
from deploy.score.projected import projections
from deploy.score.score import STATES, TOGETHER, Score, score
from deploy.score.series import of_divi, of_lcps
from streams.calendar import date_of, day_start, local_day
from streams.feeds import FEEDS
from streams.replay import with_ticks

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "real"
LCPS = DATA / "lcps_datafeed_v1_2020-02-27_2021-07-26.csv"
DIVI = DATA / "divi_bundeslaender_2021-01-01_2021-06-30.csv"
NORMS = load_norms()
EVERY_DAY = "all days from 24-5-2020 on"

pytestmark = pytest.mark.skipif(
    not LCPS.is_file() or not DIVI.is_file(), reason=f"no real public data in {DATA}"
)


@cache
def found() -> Score:
    return score({LCPS.name: of_lcps(LCPS, NORMS), DIVI.name: of_divi(DIVI)}, NORMS)


def test_the_page_is_the_one_that_the_command_writes():
    assert PAGE.read_text("utf-8") == page(found()), "run `ketenwacht score --lcps FILE --divi FILE --write`"


def test_seven_days_ahead_the_dutch_total_is_off_by_25_beds_or_less_and_the_band_holds():
    week = next(
        one
        for one in found().accuracy
        if (one.region, one.unit, one.part, one.wave, one.ahead) == ("NL", "ic", "all", EVERY_DAY, 7)
    )
    assert week.days == 418
    assert (week.persistence, round(week.error, 1)) == (35.59, 24.5)
    assert 0.75 <= week.covered <= 0.85


@pytest.mark.parametrize("ahead", [1, 3, 5, 7])
def test_in_every_wave_it_is_nearer_than_persistence_and_the_line(ahead):
    own = [one for one in found().accuracy if one.part == "all" and one.ahead == ahead and one.days >= 14]
    assert len(own) >= 7
    assert [one.wave for one in own if one.error >= min(one.persistence, one.line)] == []


def test_on_the_german_states_more_warnings_are_right_and_more_onsets_told_than_by_the_line():
    ours, line = (
        next(one for one in found().tallies if (one.region, one.norm, one.way) == (STATES, TOGETHER, way))
        for way in ("projection", "line of 14 days")
    )
    assert ours.precision > line.precision > 0.5
    assert ours.recall > line.recall > 0.5


def test_what_is_scored_is_what_the_country_shows():
    """Played as LCPS published: each evening, the projection of that day, to the bed."""
    series = next(one for one in of_lcps(LCPS, NORMS) if one.unit == "ic")
    scored = projections(series)
    feed = FEEDS["lcps-datafeed"]
    records = sorted(feed.read(LCPS.read_bytes()).records, key=lambda record: record.timestamp)
    until = day_start(local_day(records[0].timestamp // 1000) + 120)
    pipeline, compared = Pipeline(NORMS), 0
    for item in with_ticks(records, feed.tick_seconds):
        if not isinstance(item, int):
            pipeline.receive(item)
            continue
        if item > until:
            break
        pipeline.tick(item)
        known = pipeline.judged.regions["NL"].known.get("joined.beds", {}).get("projected_beds", {})
        day = local_day(item)
        if day in scored and known and max(one.observed_at for one in known.values()) >= day_start(day):
            for ahead in range(1, 8):
                shown = known[f"projected_beds{{day={ahead},label=covid,quantile=50,unit=ic}}"].value
                assert shown == round(scored[day]["covid"].middle[ahead - 1]), date_of(day)
                compared += 1
    assert compared > 300
