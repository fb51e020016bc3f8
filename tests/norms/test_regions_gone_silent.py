"""A region, or the country, of which nobody tells any more: its breaches end as the supply did, not before and not as over."""

from datetime import timedelta

import pytest

from streams.regions import NL, ROAZ_IDS
from streams.reports import BedReading, Report
from tests.norms.case import USUAL
from tests.norms.played import played
from tests.support.reports import absence, beds, follow_up, operations, production, rooms, waits


def told_of(norm: str, reports: list[Report], days: int, region: str) -> list[tuple[int, str, str]]:
    """What became of the norm in a region: day, state and reason."""
    return [(day, one.state, one.reason) for day, one in played(norm, reports, days) if one.region == region]


def full(day: int, region: str = "R07", occupied: int = 110) -> Report:
    reading = BedReading(unit="ic", label="total", occupied=occupied, staffed=120)
    return beds(USUAL + timedelta(days=day), readings=[reading], region=region)


def strained(day: int) -> Report:
    return follow_up(90, 5, USUAL + timedelta(days=day))


def shut(day: int) -> Report:
    return rooms(14, 20, USUAL + timedelta(days=day))


def waiting(day: int) -> Report:
    return waits([60], USUAL + timedelta(days=day), "klinisch")


def ill(day: int) -> Report:
    return absence(9.0, 200, USUAL + timedelta(days=day))


def few(day: int) -> Report:
    return production(operations(60, reference=100), at=USUAL + timedelta(days=day))


GONE = [  # the norm, who tells it, the day on which it is active, and the one on which the breach ends
    ("ic-occupancy-high", full, 1, 17),
    ("followup-strain-grz", strained, 1, 17),
    ("or-reduction-high", shut, 0, 16),
    ("treeknorm-max-klinisch", waiting, 0, 92),
    ("absence-high-ziekenhuis", ill, 0, 91),
    ("production-low-operatie", few, 0, 29),
]
EACH = pytest.mark.parametrize(("norm", "told", "active", "gone"), GONE, ids=[one[0] for one in GONE])


@EACH
def test_a_region_that_falls_silent_altogether_ends_no_breach_until_all_are_given_up(
    norm, told, active, gone
):
    ended = told_of(norm, [told(0), told(1)], gone + 2, "R07")
    assert ended[-2:] == [(active, "active", ""), (gone, "resolved", "supply-ended")]


@EACH
def test_a_region_that_tells_again_of_the_same_after_it_was_given_up_begins_a_new_breach(
    norm, told, active, gone
):
    again = gone + 7 - gone % 7  # a Monday, as the first
    ended = told_of(norm, [told(0), told(1), told(again), told(again + 1)], again + 2, "R07")
    assert ended[-1] == (again + active, "active", "")


def test_a_ladder_of_the_country_ends_when_every_region_is_given_up_and_not_before():
    told = [full(day, region) for region in ROAZ_IDS for day in (0, 1)]
    opened = (0, "active", "")
    assert told_of("ic-ladder-1150", told, 16, NL) == [opened]
    assert told_of("ic-ladder-1150", told, 18, NL) == [opened, (17, "resolved", "supply-ended")]


def test_a_figure_stated_for_the_country_alone_ends_its_breach_when_it_is_given_up():
    told = [full(day, NL, 1200) for day in (0, 1)]
    opened = (0, "active", "")
    assert told_of("ic-ladder-1150", told, 16, NL) == [opened]
    assert told_of("ic-ladder-1150", told, 18, NL) == [opened, (17, "resolved", "supply-ended")]
