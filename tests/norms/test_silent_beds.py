"""A hospital that falls silent on its beds neither ends nor begins a breach of occupancy or of the national ladder."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
import pytest

from streams.reports import BedReading, OccupancyReport
from tests.norms.case import USUAL
from tests.norms.played import played
from tests.support.reports import beds

IC = "ic-occupancy-high"
"""From 90 % on, for six hours; over at 85 % for twelve."""

OPENED = [(0, "pending", ""), (1, "active", "")]


def on(day: int) -> datetime:
    return USUAL + timedelta(days=day)


def told_of(norm: str, reports: Iterable[OccupancyReport], days: int) -> list[tuple[int, str, str]]:
    """What became of the norm: day, state and reason."""
    return [(day, one.state, one.reason) for day, one in played(norm, reports, days)]


def reading(
    occupied: int | None, staffed: int | None = 100, unit: str = "ic", label: str = "total"
) -> BedReading:
    return BedReading(unit=unit, label=label, occupied=occupied, staffed=staffed)


def daily(location: str, *readings: BedReading, first: int = 0, last: int = 20, **own) -> list:
    return [beds(on(day), readings=list(readings), location=location, **own) for day in range(first, last)]


def alive(reports: list[OccupancyReport]) -> list[OccupancyReport]:
    """Return them with one patient more on every third day: what stands still for a week is suspect."""
    for number, one in enumerate(reports):
        if number % 3 == 2:
            first = one.readings[0]
            one.readings[0] = msgspec.structs.replace(first, occupied=first.occupied + 1)
    return reports


OTHERS = alive(daily("B", reading(80)))
FULL = daily("A", reading(100), last=2)
"""With the others 180 of 200 beds: 90 %; without, 80 %."""


def test_a_full_hospital_that_falls_silent_ends_nothing_until_it_is_given_up():
    assert told_of(IC, [*OTHERS, *FULL], 16) == OPENED
    assert told_of(IC, [*OTHERS, *FULL], 19) == [*OPENED, (17, "resolved", "supply-ended")]


def test_a_hospital_that_goes_on_telling_of_its_wards_and_not_of_its_intensive_care_ends_nothing():
    wards = daily("A", reading(50, unit="ward"), first=2)
    assert told_of(IC, [*OTHERS, *FULL, *wards], 16) == OPENED
    assert told_of(IC, [*OTHERS, *FULL, *wards], 19) == [*OPENED, (17, "resolved", "supply-ended")]


def test_beds_with_staff_that_are_told_no_more_end_nothing():
    # A goes on telling that 100 beds are taken, and no more of how many: its ratio leaves, though nothing is better.
    taken = daily("A", reading(100, None), first=2)
    assert told_of(IC, [*OTHERS, *FULL, *taken], 16) == OPENED


@pytest.mark.parametrize("day", [2, 8, 15])
def test_a_hospital_that_tells_of_empty_beds_ends_the_breach(day: int):
    better = daily("A", reading(80), first=day, last=19)
    assert told_of(IC, [*OTHERS, *FULL, *better], 18) == [*OPENED, (day + 1, "resolved", "cleared")]


def test_enough_empty_beds_elsewhere_end_the_breach_whatever_the_silent_one_would_say():
    # With the silent one 170 of 200 beds: exactly 85 %. With one more taken that is not clear.
    assert told_of(IC, [*FULL, *daily("B", reading(80), last=8), *daily("B", reading(70), first=8)], 12) == [
        *OPENED,
        (9, "resolved", "cleared"),
    ]
    assert (
        told_of(IC, [*FULL, *daily("B", reading(80), last=8), *daily("B", reading(71), first=8)], 12)
        == OPENED
    )


def test_an_emptier_hospital_that_falls_silent_begins_nothing_until_it_is_given_up():
    full, empty = alive(daily("B", reading(95))), daily("A", reading(60), last=1)
    assert told_of(IC, [*full, *empty], 15) == []
    assert told_of(IC, [*full, *empty], 18) == [(15, "pending", ""), (16, "active", "")]


def test_full_with_and_without_the_silent_one_begins_while_it_is_silent():
    room = [
        *daily("B", reading(80), last=6),
        *daily("B", reading(95), first=6),
        *daily("A", reading(90), last=5),
    ]
    assert told_of(IC, room, 10) == [(6, "pending", ""), (7, "active", "")]


def test_a_hospital_of_which_nobody_knows_how_its_beds_move_begins_nothing_while_it_is_silent():
    # A told once: by now it may have no patients, and then 95 of 200 beds are taken.
    assert told_of(IC, [*daily("B", reading(95)), *daily("A", reading(90), last=1)], 10) == OPENED
    once = [
        *daily("B", reading(80), last=6),
        *daily("B", reading(95), first=6),
        *daily("A", reading(90), last=1),
    ]
    assert told_of(IC, once, 10) == []


def test_who_was_given_up_before_the_breach_or_made_it_no_worse_is_not_why_it_ended():
    before = daily("X", reading(100), last=1)  # given up on day 15
    emptier = daily("Y", reading(10, 13), last=5)  # given up on day 19
    ward = [
        *daily("B", reading(60), last=16), *daily("B", reading(95), first=16), *daily("B", reading(80), first=21, last=24)
    ]  # fmt: skip
    ward = list({one.received_at: one for one in ward}.values())
    # Five days of the emptier one do not say how its beds move: it makes the difference until it is given up.
    told = [(19, "pending", ""), (20, "active", ""), (22, "resolved", "cleared")]
    assert told_of(IC, [*before, *emptier, *ward], 24) == told


def test_beds_that_are_told_by_label_instead_of_in_total_are_not_missed():
    by_label = [reading(40, label="covid", staffed=None), reading(40, label="noncovid", staffed=None)]
    staff = reading(None, 100)
    told = [*OTHERS, *FULL, *daily("A", *by_label, staff, first=2)]
    # From day 2 on the labels are told in full, and newer than the total.
    assert told_of(IC, told, 9) == [*OPENED, (3, "resolved", "cleared")]


def test_a_part_of_the_beds_with_staff_is_not_taken_for_all_of_them_while_these_are_missed():
    # A: 50 of 100, of which 10 for COVID. Of these alone it goes on telling; B is full, the two together never.
    roomy = daily("A", reading(50), reading(None, 10, label="covid"), last=2)
    part = daily("A", reading(50, None), reading(None, 10, label="covid"), first=2)
    assert told_of(IC, [*daily("B", reading(95)), *roomy, *part], 15) == []


def test_patients_without_covid_that_are_told_no_more_end_nothing():
    covid, others = reading(30, None, label="covid"), reading(70, None, label="noncovid")
    full = daily("A", covid, others, reading(None, 100), last=2)
    told = [*OTHERS, *full, *daily("A", covid, reading(None, 100), first=2)]
    assert told_of(IC, told, 16) == OPENED


def test_a_hospital_that_falls_silent_does_not_end_the_national_ladder_until_it_is_given_up():
    ladder = "ic-ladder-1150"
    regions = [f"R{number:02}" for number in range(1, 12)]
    steady = [
        report for region in regions for report in alive(daily("B", reading(95, 120), region=region))
    ]  # 1,045: under the clear limit of 1,100
    silent = daily("A", reading(110, 120), last=2)
    assert told_of(ladder, [*steady, *silent], 16) == [(0, "active", "")]
    assert told_of(ladder, [*steady, *silent], 19) == [(0, "active", ""), (17, "resolved", "supply-ended")]
