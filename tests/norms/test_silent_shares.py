"""Silence neither ends nor opens a breach of a share of the waits, in a region or the country; what is told does."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from streams.reports import WaitingTimesReport
from streams.status import Transition
from tests.norms.played import played
from tests.support.reports import waits

FIRST = datetime(2021, 11, 2, 9, tzinfo=UTC)
"""A Tuesday of an even ISO week: a peildatum."""

SHARE = "treeknorm-80-polikliniek"
"""80 % within 21 days; none of the waits here is beyond the maximum of 28."""

COUNTRY = "treeknorm-share-klinisch"
"""From 31.9 % over 49 days on."""


def transitions(norm: str, supplies: list[WaitingTimesReport], days: int) -> list[tuple[int, Transition]]:
    """What became of the norm, with its day."""
    return played(norm, supplies, days, FIRST)


def told_of(norm: str, supplies: list[WaitingTimesReport], days: int) -> list[tuple[int, str, str]]:
    return [(day, one.state, one.reason) for day, one in transitions(norm, supplies, days)]


def supply(
    location: str, day: int, days: list[float], access: str = "polikliniek", **own
) -> WaitingTimesReport:
    at = FIRST + timedelta(days=day)
    return waits(days, at, access, at.date(), location=location, **own)


def supplies(location: str, days: list[float], *, until: int = 110, **own) -> list[WaitingTimesReport]:
    return [supply(location, day, days, **own) for day in range(0, until, 14)]


def left_empty(report: WaitingTimesReport) -> WaitingTimesReport:
    rows = [msgspec.structs.replace(row, days=None, status="unknown") for row in report.rows]
    return msgspec.structs.replace(report, rows=rows)


def of_three(days: list[float], *, begin: int = -14, until: int = 110, **own) -> list[WaitingTimesReport]:
    """The same waits of three locations, every peildatum."""
    return [supply(place, day, days, **own) for place in ("B", "C", "D") for day in range(begin, until, 14)]


def last_at_first(days: list[float]) -> list[WaitingTimesReport]:
    """Waits of a location that supplied them on the first peildatum and the one before, and fell silent."""
    return [supply("A", day, days) for day in (-14, 0)]


OPENED = (0, "active", "")
STEADY = of_three([10] * 6)
SILENT = last_at_first([25] * 8)
"""Eight late ones beside eighteen in time: 69 %; without them all are in time."""


def test_a_location_that_falls_silent_ends_no_breach_of_the_share_until_it_is_given_up():
    assert told_of(SHARE, [*STEADY, *SILENT], 91) == [OPENED]
    assert told_of(SHARE, [*STEADY, *SILENT], 92) == [OPENED, (91, "resolved", "supply-ended")]


def test_a_region_that_falls_silent_altogether_ends_no_breach_of_the_share_until_all_are_given_up():
    told = [*of_three([25] * 6, until=1)]
    assert told_of(SHARE, told, 91) == [OPENED]
    assert told_of(SHARE, told, 92) == [OPENED, (91, "resolved", "supply-ended")]


def test_rows_left_empty_end_no_breach_of_the_share():
    emptied = [left_empty(supply("A", day, [25] * 8)) for day in range(14, 90, 14)]
    assert told_of(SHARE, [*STEADY, *SILENT, *emptied], 91) == [OPENED]


@pytest.mark.parametrize("day", [14, 70, 89])
def test_a_location_that_tells_shorter_waits_ends_the_breach_of_the_share(day: int):
    told = [*STEADY, *SILENT, supply("A", day, [20] * 8)]
    assert told_of(SHARE, told, day + 2) == [OPENED, (day, "resolved", "cleared")]


def test_enough_others_in_time_end_the_breach_of_the_share_whatever_the_silent_ones_would_say():
    enough = [supply("E", day, [10] * 14) for day in (70, 84, 98)]  # 32 of 40: exactly 80 %
    assert told_of(SHARE, [*STEADY, *SILENT, *enough], 100) == [OPENED, (70, "resolved", "cleared")]
    too_few = [supply("E", day, [10] * 13) for day in (70, 84, 98)]
    assert told_of(SHARE, [*STEADY, *SILENT, *too_few], 91) == [OPENED]


def test_locations_in_time_that_fall_silent_open_no_breach_of_the_share_until_they_are_given_up():
    late = of_three([10] * 4 + [25] * 2)
    in_time = last_at_first([10] * 16)  # 28 of 34; without them 12 of 18
    assert told_of(SHARE, [*late, *in_time], 91) == []
    assert told_of(SHARE, [*late, *in_time], 92) == [(91, "active", "")]


def test_too_late_on_both_sides_opens_a_breach_while_others_are_silent():
    late = of_three([10] * 3 + [25] * 3, begin=70, until=90)
    told = [*of_three([10] * 6, until=60), *late, *last_at_first([25] * 3)]
    assert told_of(SHARE, told, 89) == [(84, "active", "")]


def test_fewer_than_fifteen_waits_that_stand_are_no_share_whatever_the_silent_ones_told_until_they_are_given_up():
    few = of_three([10] * 4)
    assert told_of(SHARE, [*few, *SILENT], 91) == [OPENED]
    assert told_of(SHARE, [*few, *SILENT], 92) == [OPENED, (91, "resolved", "supply-ended")]


def test_two_locations_that_stand_are_no_region_whatever_the_silent_ones_told_until_they_are_given_up():
    two = [one for one in of_three([10] * 8) if one.location != "D"]
    assert told_of(SHARE, [*two, *SILENT], 91) == [OPENED]
    assert told_of(SHARE, [*two, *SILENT], 92) == [OPENED, (91, "resolved", "supply-ended")]


def test_one_given_up_before_the_breach_began_is_not_why_it_ended():
    late_in_between = of_three([10] * 3 + [25] * 3, begin=98, until=113)
    told = [*of_three([10] * 6, until=98), *last_at_first([25] * 2), *late_in_between]
    told += of_three([10] * 6, begin=126, until=127)
    assert told_of(SHARE, told, 130) == [(112, "active", ""), (126, "resolved", "cleared")]


def test_a_region_that_falls_silent_ends_no_breach_of_the_country_until_it_is_given_up():
    others = supplies("B", [20] * 20, access="klinisch", region="R08")
    silent = supply("A", 0, [60] * 10, "klinisch")
    assert told_of(COUNTRY, [*others, silent], 91) == [OPENED]
    assert told_of(COUNTRY, [*others, silent], 92) == [OPENED, (91, "resolved", "supply-ended")]
    mended = supply("A", 70, [20] * 10, "klinisch")
    assert told_of(COUNTRY, [*others, silent, mended], 75) == [OPENED, (70, "resolved", "cleared")]


def test_a_region_within_the_norm_that_falls_silent_opens_no_breach_of_the_country():
    over = supplies(
        "B", [20] * 10 + [60] * 6, access="klinisch", region="R08"
    )  # 6 of 16; with the other 6 of 36
    assert told_of(COUNTRY, [*over, supply("A", 0, [20] * 20, "klinisch")], 91) == []


def test_a_wait_without_a_fixed_norm_is_not_decided_by_silence():
    others = supplies("B", [20], access="behandeling", region="R08")
    silent = supply("A", 0, [45], "behandeling")
    norm = "treeknorm-undecidable"
    assert told_of(norm, [*others, silent], 92) == [OPENED, (91, "resolved", "supply-ended")]
    told = supply("A", 60, [42], "behandeling")
    assert told_of(norm, [*others, silent, told], 92) == [OPENED, (60, "resolved", "cleared")]


@pytest.mark.parametrize(("norm", "began"), [("treeknorm-max-polikliniek", 0), ("treeknorm-prolonged", 14)])
def test_a_longest_wait_that_is_given_up_is_not_told_as_cleared(norm: str, began: int):
    told = [*supplies("B", [10]), supply("A", 0, [60]), supply("A", 14, [60])]
    assert told_of(norm, told, 110) == [(began, "active", ""), (105, "resolved", "supply-ended")]


def test_a_location_that_owes_its_supply_until_it_is_given_up_did_not_supply_it():
    told = [*supplies("B", [10]), supply("A", 0, [10])]
    owes = (15, "active", "")
    assert told_of("supply-missing", told, 92) == [owes, (91, "resolved", "supply-ended")]
    assert told_of("supply-missing", [*told, supply("A", 28, [10])], 29) == [
        owes,
        (28, "resolved", "cleared"),
    ]
