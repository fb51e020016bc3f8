"""A figure rests on every location that the registry expects: whoever is not heard makes it less complete, and is named."""

from datetime import timedelta

import pytest

from agents.domain.registration import hold
from agents.pipeline import Pipeline
from alerts.norms import load_norms
from streams.calendar import seconds
from streams.indicators import UNHEARD
from streams.topics import ABSENCE
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, absence, record
from tests.support.speaking import DAY, OWNER, Days, at, place, registry, source

NORMS = load_norms()
NORM = "ic-occupancy-high"
DAILY = ', "expects": {"care.occupancy": "daily"}'
LPZ = source("lpz", ["any"])


def expected(*names, more=""):
    return [place(name, more=DAILY + more) for name in names]


def ratio(region):
    return region.said["occupancy_ratio{unit=ic}"]


def rests_on(region):
    found = ratio(region)
    return found.completeness, found.evidence.expected, found.evidence.counted


def test_one_of_four_is_a_quarter():
    region = Days(LPZ, *expected("A", "B", "C", "D"))
    region.live(2, at("A", 97))
    assert rests_on(region) == (0.25, 4, 1)
    assert region.doubts(UNHEARD) == ["B", "C", "D"]
    region.live(1, at("A", 97), at("B", 50), at("C", 50))
    assert rests_on(region) == (0.75, 4, 3)
    assert region.doubts(UNHEARD) == ["D"]
    region.live(1, at("A", 97), at("B", 50), at("C", 50), at("D", 50))
    assert rests_on(region) == (1.0, 4, 4)
    assert not region.doubts(UNHEARD)


def test_nobody_is_expected_of_whom_no_line_says_so():
    region = Days(LPZ, *(place(name) for name in "ABCD"))
    region.live(2, at("A", 97))
    assert rests_on(region) == (1.0, 1, 1)
    assert not region.doubts(UNHEARD)


def test_who_has_been_silent_too_long_to_count_is_missing_still():
    region = Days(LPZ, *expected("A", "B"))
    region.live(5, at("A", 97), at("B", 50))
    figures = []
    for _ in range(30):
        region.live(1, at("A", 97 - region.day % 3))
        figures.append(rests_on(region)[:2])
    # Carried forward it adds nothing to how complete the figure is, and expired it does not either.
    assert {complete for complete, _ in figures[3:]} == {0.5}
    assert {number for _, number in figures} == {2}


def test_a_unit_that_is_not_expected_is_not_missing():
    region = Days(LPZ, *expected("A"), *expected("B", more=', "units": ["ward"]'))
    region.live(2, at("A", 97))
    assert rests_on(region) == (1.0, 1, 1)
    assert region.doubts(UNHEARD) == ["B"]


def test_the_total_of_the_network_is_about_all_of_them():
    region = Days(LPZ, *expected("A", "B", "C"))
    region.live(2, at("R07", 250, staffed=300))
    assert rests_on(region) == (1.0, 1, 1)
    assert not region.doubts(UNHEARD)


def test_who_lies_elsewhere_has_not_begun_or_has_ended_is_not_expected():
    region = Days(
        LPZ,
        *expected("A"),
        place("B", "R08", DAILY),
        *expected("C", more=', "since": "2022-01-01"'),
        *expected("D", more=', "until": "2021-01-01"'),
    )
    region.live(2, at("A", 97))
    assert rests_on(region) == (1.0, 1, 1)


def test_who_moved_is_expected_where_it_is_now():
    move = f'{{"line": "move", {OWNER}, "location": "b", "to": "R08", "on": "{(MONDAY + 3 * DAY).date()}"}}'
    region = Days(LPZ, *expected("A", "B"), move)
    region.live(2, at("A", 97))
    assert rests_on(region) == (0.5, 2, 1)
    region.live(2, at("A", 96))
    assert rests_on(region) == (1.0, 1, 1)


@pytest.mark.parametrize("heard", [("B1",), ("B1", "B2")])
def test_the_parts_of_a_split_are_expected_in_the_place_of_what_they_were(heard):
    split = f'{{"line": "split", {OWNER}, "location": "b", "into": ["b1", "b2"], "on": "{(MONDAY + 2 * DAY).date()}"}}'
    region = Days(LPZ, *expected("A", "B", "B1", "B2"), split)
    region.live(2, at("A", 97), at("B", 50))
    assert rests_on(region) == (1.0, 2, 2)
    region.live(1, at("A", 97), *(at(name, 25, staffed=50) for name in heard))
    # Until both were heard, what they were counts.
    assert rests_on(region) == ((1.0, 2, 2) if len(heard) == 1 else (1.0, 3, 3))
    assert not region.doubts(UNHEARD)


def test_a_name_that_took_the_place_of_another_stands_for_it():
    region = Days(LPZ, *expected("A", "B"))
    region.live(5, at("A", 97), at("B", 50))
    region.live(4, at("A", 97), at("Nieuw", 50))
    assert rests_on(region)[1:] == (2, 2)
    assert not region.doubts(UNHEARD)


def test_it_is_so_on_other_topics_as_well():
    region = OneRegion(ABSENCE)
    sender = source("sim-beds", ["any"]).replace("care.occupancy", ABSENCE)
    weekly = ', "expects": {"care.absence": "weekly"}'
    hold(region.partition, registry(sender, place("A", more=weekly), place("B", more=weekly)))
    region.tell(absence(0.06, location="A"))
    region.tick(MONDAY + DAY)
    found = [one for key, one in region.said.items() if key.startswith("absence_rate{")]
    assert {(one.completeness, one.evidence.expected) for one in found} == {(0.5, 2)}


def played(days, *, expects=True):
    """Play beds of hospitals by day; return the verdict on the occupancy of the IC after each, and every transition of it."""
    lines = expected("A", "B", "C", "D") if expects else [place(name) for name in "ABCD"]
    pipeline, verdicts, moves = Pipeline(NORMS, registry(LPZ, *lines)), [], []
    for number, occupied in enumerate(days):
        day = MONDAY + number * DAY
        pipeline.receive(*(record(at(name, count)(day)) for name, count in occupied.items()))
        for hours in (1, 8, 20):
            moves += [one for one in pipeline.tick(seconds(day + timedelta(hours=hours))) if one.norm == NORM]
        verdicts.append(pipeline.judged.regions["R07"].verdicts[NORM, ""][0])
    return verdicts, [(one.state, one.reason) for one in moves if one.region == "R07"]


def test_a_hospital_that_is_full_alarms_nobody_where_the_others_were_never_heard():
    full = [{"A": 97 - day % 2} for day in range(3)]
    assert played(full, expects=False) == (["breach"] * 3, [("pending", ""), ("active", ""), ("step", "")])
    assert played(full) == (["undecided-over"] * 3, [])


def test_one_of_four_ends_no_breach_of_all():
    begun = [dict.fromkeys("ABCD", 95 - day % 2) for day in range(4)]
    alone = [{"A": 75 - day % 2} for day in range(40)]
    verdicts, moves = played(begun + alone)
    assert "resolved" not in {state for state, _ in moves}
    assert verdicts[-1] == "insufficient"
    _, moves = played(begun + alone + [dict.fromkeys("ABCD", 75 - day % 2) for day in range(3)])
    assert moves[-1] == ("resolved", "cleared")


def test_who_is_expected_is_named_where_nobody_was_ever_heard():
    pipeline = Pipeline(NORMS, registry(LPZ, *expected("A", "B")))
    pipeline.tick(seconds(MONDAY))
    status = pipeline.status(seconds(MONDAY))["regions"]["R07"]
    assert [one.what for view in status["doubts"] for one in view.named] == ["A", "B"]
    # That nobody was heard is no figure of the care.
    assert status["state"] == "unknown"


def test_what_is_called_a_total_and_holds_less_than_one_of_them_is_about_nobody_else():
    region = Days(LPZ, *expected("A", "B", "C", "D"))
    region.live(2, at("A", 97), at("R07", 10, staffed=10))
    assert ratio(region).completeness < 0.5
    assert region.doubts(UNHEARD) == ["B", "C", "D"]


def test_one_part_of_a_split_is_not_the_whole_of_what_it_was():
    split = f'{{"line": "split", {OWNER}, "location": "b", "into": ["b1", "b2"], "on": "{(MONDAY + 2 * DAY).date()}"}}'
    region = Days(LPZ, *expected("A", "B"), place("B1"), place("B2"), split)
    region.live(2, at("A", 97), at("B", 50))
    for day in range(30):
        region.live(1, at("A", 97 - day % 3), at("B1", 25 - day % 2, staffed=50))
    # B expired, and B1 counts, but half of what B was is not there.
    assert rests_on(region)[0] < 1
