"""A norm that cannot be judged because somebody is silent is said to be so, with who is silent."""

from datetime import timedelta

import pytest

from agents.pipeline import Pipeline
from alerts.norms import load_norms
from alerts.verdict import hidden_by_silence
from streams.calendar import iso, seconds
from streams.evidence import Silence
from streams.reports import BedReading
from streams.silent import SilentName, SilentView, UnjudgedView
from streams.status import Indicator, RegionOverview
from streams.topics import OCCUPANCY
from tests.support.reports import MONDAY, beds, record

NORMS = load_norms()
NORM = NORMS.by_id["ic-occupancy-high"]
"""From 0.9 on; over at 0.85."""


@pytest.mark.parametrize(
    ("value", "silence", "hidden"),
    [
        (0.80, None, None),
        (0.80, Silence(0.84, 0.84), None),
        (0.95, Silence(0.96, 0.96), None),
        (0.80, Silence(0.95, 0.95), "undecided-over"),
        (0.95, Silence(0.80, 0.80), "undecided-over"),
        (0.80, Silence(0.87, 0.87), "between"),
        (0.87, Silence(0.80, 0.80), None),
        (None, Silence(0.80, 0.80, 0, 3, 3), "insufficient"),
        (None, Silence(None, 0.80, 5, None, 3), "insufficient"),
        (0.80, Silence(None, 0.95, 5), None),
        (0.80, Silence(0.80, 0.95, 5), None),
    ],
)
def test_silence_hides_a_verdict_that_would_be_another_if_the_silent_told(value, silence, hidden):
    found = Indicator(NORM.indicator, {"unit": "ic"}, value, 100, 1.0, 3 if value else 0, silence)
    assert hidden_by_silence(NORM, "R07", found) == hidden


@pytest.mark.parametrize(("missed", "hidden"), [(0.80, None), (0.81, "insufficient")])
def test_a_figure_that_is_incomplete_is_hidden_by_those_who_are_missed_in_it_only(missed, hidden):
    found = Indicator(NORM.indicator, {"unit": "ic"}, 0.80, 100, 0.1, 3, Silence(missed, 0.95, 5))
    assert hidden_by_silence(NORM, "R07", found) == hidden


class Played:
    """Two hospitals; day by day, what is known of their region."""

    def __init__(self) -> None:
        self.pipeline = Pipeline(NORMS)
        self.overviews: dict[str, RegionOverview] = {}

    def day(self, number: int, **occupied: int) -> dict:
        """Tell this day's beds of each, of a hundred; return what is known of the region at the end of it."""
        at = MONDAY + timedelta(days=number)
        for location, count in occupied.items():
            one = BedReading(unit="ic", label="total", occupied=count, staffed=100)
            self.pipeline.receive(record(beds(at, readings=[one], location=location)))
        self.pipeline.tick(seconds(at + timedelta(hours=1)))
        return {"silent": [], "unjudged": []} | self.pipeline.status(seconds(at))["regions"]["R07"]


def test_a_breach_that_silence_keeps_open_is_unjudged_until_the_silent_one_tells_again():
    played = Played()
    played.day(0, A=60, B=85)
    played.day(1, A=100, B=85)
    calm = played.day(2, A=100, B=85)
    assert (calm["silent"], calm["unjudged"]) == ([], [])
    for day in range(3, 6):
        played.day(day, B=80)

    known = played.day(6, B=80)

    told_last = iso(seconds(MONDAY + timedelta(days=2)))
    assert known["silent"] == [SilentView(OCCUPANCY, "missed", 1, [SilentName("A", told_last, partly=False)])]
    assert UnjudgedView(NORM.id, "", [OCCUPANCY], open=True, over=True) in known["unjudged"]
    assert [(one.norm, one.judged) for one in known["breaches"] if one.norm == NORM.id] == [(NORM.id, False)]

    known = played.day(7, A=80, B=80)

    assert (known["silent"], known["unjudged"]) == ([], [])


def test_a_silence_that_changes_no_verdict_leaves_nothing_unjudged():
    played = Played()
    for day in range(8):
        known = played.day(day, **({"A": 50} if day < 5 else {}), B=50)
    assert [one.count for one in known["silent"]] == [1]
    assert known["unjudged"] == []


def test_a_norm_of_the_country_is_unjudged_by_silence_in_a_region():
    played = Played()
    for day in range(8):
        played.day(day, **({"A": 100} if day < 2 else {}), B=80)
    country = played.pipeline.status(0)["regions"]["NL"]
    assert [one.location for view in country["silent"] for one in view.named] == ["A"]


def test_a_breach_that_ends_because_only_those_given_up_could_tell_is_not_said_to_be_kept_open():
    played = Played()
    for day in range(3):
        played.day(day, A=100 if day else 60)
    kept = [
        UnjudgedView(NORM.id, "", [OCCUPANCY], open=True, over=True) in played.day(day)["unjudged"]
        for day in range(3, 18)
    ]
    assert kept == [False] + [True] * 13 + [False]
