"""The breach transitions of the real files, as reviewed by hand in docs/backtest.md: one more or less is a finding."""

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agents.pipeline import Pipeline
from alerts.judged_days import DaysOfNorm, JudgedDays
from alerts.norms import load_norms
from streams.feeds import FEEDS
from streams.registry.draft import registry_of_records
from streams.registry.load import registry_of_recording
from streams.replay import with_ticks
from streams.status import Transition

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "real"
FILES = {
    "lcps-datafeed": "lcps_datafeed_v1_2020-02-27_2021-07-26.csv",
    "coronadashboard-nl": "coronadashboard_nl_2020-02-27_2021-07-26.json",
    "nice-vr": "nice_admissions_per_veiligheidsregio_2020-02-27_2021-07-26.csv",
    "nza-wachttijden-ggz": "nza_wachttijden_ggz_2016_instellingen.csv",
}
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NORMS = load_norms()

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real public data in {DATA}")


@cache
def played(feed: str) -> tuple[tuple[Transition, ...], dict[str, DaysOfNorm]]:
    result = FEEDS[feed].read((DATA / FILES[feed]).read_bytes())
    lines = registry_of_records(result.records, FEEDS[feed].title, "test")
    pipeline = Pipeline(NORMS, registry_of_recording(lines))
    days = JudgedDays()
    pipeline.at_day_end = lambda at: days.count(pipeline.judged, at, NORMS)
    records = sorted(result.records, key=lambda record: record.timestamp)
    told = tuple(pipeline.play(with_ticks(records, FEEDS[feed].tick_seconds)))
    pipeline.at_day_end(pipeline.last_tick)
    return told, days.of


def transitions(feed: str) -> tuple[Transition, ...]:
    return played(feed)[0]


def day(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(AMSTERDAM):%Y-%m-%d}"


def reviewed(feed: str, *, projected: bool = False) -> list[tuple[str, str, str, str, float | int | None]]:
    """Of the projection, or of all others."""
    return [
        (day(one.at), one.region, one.norm, one.state, one.value)
        for one in transitions(feed)
        if (NORMS.by_id[one.norm].family == "projection") is projected
    ]


def test_lcps_alerts_on_the_two_waves_and_on_the_gap_of_june_2021():
    assert reviewed("lcps-datafeed") == [
        ("2020-03-31", "NL", "ic-ladder-1150", "active", 1191),
        ("2020-04-01", "NL", "ic-ladder-1150", "step", 1208),
        ("2020-04-04", "NL", "ic-ladder-1350", "active", 1360),
        ("2020-04-05", "NL", "ic-ladder-1350", "step", 1385),
        ("2020-04-28", "NL", "ic-ladder-1350", "resolved", 1260),
        ("2020-05-04", "NL", "ic-ladder-1150", "resolved", 1060),
        ("2021-04-07", "NL", "ic-ladder-1150", "active", 1205),
        ("2021-04-08", "NL", "ic-ladder-1150", "step", 1233),
        ("2021-05-22", "NL", "ic-ladder-1150", "resolved", 1046),
        ("2021-06-20", "NL", "feed-silent", "active", 1.1389),
        ("2021-06-21", "NL", "feed-silent", "resolved", 0.1389),
    ]


def test_the_projection_told_of_the_second_and_third_wave_before_they_filled_the_beds_that_were_counted():
    """docs/projection.md walks through these."""
    told = [(when, norm, state) for when, _, norm, state, _ in reviewed("lcps-datafeed", projected=True)]
    assert [one for one in told if one[2] == "active"] == [
        ("2020-10-20", "projected-nl-ic-full-week", "active"),
        ("2020-10-21", "projected-nl-ic-full-soon", "active"),
        ("2021-03-22", "projected-nl-ic-full-soon", "active"),
        ("2021-03-23", "projected-nl-ic-full-week", "active"),
    ]
    # The second wave ends once: not by the beds that were counted on 17-12-2020, with a hundred patients more than when it began.
    assert [one for one in told if one[2] == "resolved"] == [
        ("2020-10-17", "projected-nl-ic-full-week", "resolved"),  # within its hold
        ("2021-02-07", "projected-nl-ic-full-week", "resolved"),
        ("2021-02-07", "projected-nl-ic-full-soon", "resolved"),
        ("2021-05-20", "projected-nl-ic-full-soon", "resolved"),
        ("2021-05-20", "projected-nl-ic-full-week", "resolved"),
    ]


def test_the_coronadashboard_proves_two_breaches_whose_end_it_cannot_prove_and_five_floods():
    assert reviewed("coronadashboard-nl") == [
        ("2020-04-01", "NL", "ic-ladder-1150", "active", 1191),
        ("2020-04-02", "NL", "ic-ladder-1150", "step", 1208),
        ("2020-04-05", "NL", "ic-ladder-1350", "active", 1360),
        ("2020-04-06", "NL", "ic-ladder-1350", "step", 1385),
        ("2020-05-09", "NL", "flood-notified", "active", 8.0909),
        ("2020-05-10", "NL", "flood-notified", "resolved", 0.657),
        ("2020-07-15", "NL", "flood-notified", "active", 22.5),
        ("2020-07-16", "NL", "flood-notified", "resolved", 0.3333),
        ("2020-07-29", "NL", "flood-notified", "active", 25.375),
        ("2020-07-30", "NL", "flood-notified", "resolved", 1.1455),
        ("2020-07-31", "NL", "flood-notified", "reopened", 7.7778),
        ("2020-08-01", "NL", "flood-notified", "resolved", 0.5303),
        ("2020-08-05", "NL", "flood-notified", "active", 13.0375),
        ("2020-08-06", "NL", "flood-notified", "resolved", 0.7326),
    ]


def test_nice_has_sixteen_floods_that_end_within_days_and_alert_nobody_on_care():
    floods = {one.episode: [one] for one in transitions("nice-vr") if one.state == "active"}
    for one in transitions("nice-vr"):
        assert (one.norm, one.severity) == ("flood-notified", "info")
        assert NORMS.by_id[one.norm].audience == "operations"
        if one.state == "resolved":
            floods[one.episode].append(one)
    # A flood is told of on the evening after it.
    assert [(day(begun.observed_at), begun.region, begun.value) for begun, _ in floods.values()] == [
        ("2020-03-24", "R09", 7.0),
        ("2020-04-08", "R04", 6.6048),
        ("2020-04-24", "R11", 24.5),
        ("2020-04-30", "R06", 5.2667),
        ("2020-05-01", "R04", 5.8333),
        ("2020-05-08", "R07", 42.2692),
        ("2020-05-27", "R07", 7.8333),
        ("2020-07-14", "R08", 19.0),
        ("2020-07-28", "R05", 32.3333),
        ("2020-07-30", "R06", 9.6667),
        ("2020-08-04", "R04", 21.1667),
        ("2020-09-23", "R10", 7.1667),
        ("2020-12-11", "R07", 6.335),
        ("2021-02-22", "R04", 20.0),
        ("2021-05-27", "R09", 12.5),
        ("2021-05-31", "R04", 7.5),
    ]
    for begun, ended in floods.values():
        lasted = datetime.fromisoformat(ended.at) - datetime.fromisoformat(begun.at)
        assert 1 <= lasted.days <= 3, begun


def test_every_region_waited_too_long_for_the_ggz_in_2016():
    found = {(one.norm, one.region): (day(one.at), one.value) for one in transitions("nza-wachttijden-ggz")}
    assert all(one.state == "active" for one in transitions("nza-wachttijden-ggz"))
    intake = {
        region: told for (norm, region), told in found.items() if norm == "treeknorm-max-ggz-aanmelding"
    }
    assert {region: value for region, (_, value) in intake.items()} == {
        "R01": 196, "R02": 147, "R03": 84, "R04": 84, "R05": 105, "R06": 168,
        "R07": 42, "R08": 210, "R09": 98, "R10": 119, "R11": 266,
    }  # fmt: skip
    treatment = {
        region: told for (norm, region), told in found.items() if norm == "treeknorm-max-ggz-extramuraal"
    }
    assert {region: value for region, (_, value) in treatment.items()} == {
        "R01": 238, "R02": 189, "R04": 112, "R05": 112, "R06": 140,
        "R07": 126, "R08": 175, "R09": 77, "R10": 98, "R11": 98,
    }  # fmt: skip
    assert len(found) == 21
    assert {on for on, _ in found.values()} == {"2016-09-24", "2016-09-28", "2016-10-01"}


def test_the_days_that_could_not_be_judged_are_those_of_the_review():
    page = (Path(__file__).resolve().parents[2] / "docs" / "backtest.md").read_text("utf-8")
    rows = re.findall(
        r"^\| (\S+) \| `(\S+)` \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| [\d.]+ % \|$", page, re.MULTILINE
    )
    shown = {(feed, norm): tuple(int(each) for each in days) for feed, norm, *days in rows}
    assert shown == {
        (feed, norm): (days.judged, days.undecided, days.undecided_over, days.unknown)
        for feed in FILES
        for norm, days in played(feed)[1].items()
    }
