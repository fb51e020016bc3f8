"""The werkvoorraad, worked out by hand: what counts now, what moved, and who is on time."""

from datetime import date, timedelta

import pytest

from streams.calendar import day_number, day_start
from streams.topics import WORKSTOCK
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, stock_row, workstock

WEEK = timedelta(weeks=1)
ALL_U3 = {"ic": "all", "urgency": "U3"}


@pytest.fixture
def region():
    return OneRegion(WORKSTOCK)


def weeks_ago(number: int, *rows, **own):
    return workstock(*rows, at=MONDAY - number * WEEK, **own)


def test_the_larger_of_both_clocks_counts_and_both_are_told(region):
    region.tell(workstock(stock_row(overdue=3, overdue_postponed=5), stock_row(ic_dependent=True, overdue=2, overdue_postponed=None)))  # fmt: skip
    region.tick(MONDAY)
    assert region.value("workstock_overdue", **ALL_U3) == 7
    assert region.value("workstock_overdue_indication", **ALL_U3) == 5
    assert region.value("workstock_overdue_postponed", **ALL_U3) == 5
    assert region.value("workstock_overdue", ic="yes", urgency="U3") == 2
    assert region.value("workstock_overdue_ratio", **ALL_U3) == round(7 / 80, 6)


def test_a_class_that_is_not_named_holds_nobody(region):
    region.tell(workstock(stock_row(overdue=3)))
    region.tick(MONDAY)
    region.tell(workstock(stock_row("U4"), at=MONDAY + timedelta(days=1)))
    region.tick(MONDAY + timedelta(days=1))
    assert region.value("workstock_patients", **ALL_U3) == 0
    assert region.value("workstock_overdue", **ALL_U3) == 0
    assert region.value("workstock_overdue_ratio", **ALL_U3) == 0


def test_a_class_that_nobody_counts_is_unknown_and_not_nobody(region):
    region.tell(workstock(stock_row(patients=None, overdue=None, overdue_postponed=None)))
    region.tick(MONDAY)
    assert region.value("workstock_patients", **ALL_U3) is None
    assert region.value("workstock_overdue", **ALL_U3) is None
    assert region.value("workstock_overdue", ic="all", urgency="U2") == 0


def test_or_hours_are_added_up_by_specialism(region):
    region.tell(
        workstock(stock_row(or_hours=10.5), stock_row("U4", specialism="cardiologie", or_hours=2.25)),
        workstock(stock_row(or_hours=1.0), location="B"),
    )
    region.tick(MONDAY)
    assert region.value("workstock_or_hours", specialism="orthopedie") == 11.5
    assert region.value("workstock_or_hours", specialism="all") == 13.75


def test_the_rise_is_against_the_week_before_where_both_are_known(region):
    region.tell(
        weeks_ago(1, stock_row(overdue=4)),
        weeks_ago(0, stock_row(overdue=6)),
        weeks_ago(0, stock_row(overdue=9), location="new"),
    )
    region.tick(MONDAY)
    assert region.value("workstock_overdue", **ALL_U3) == 15
    assert region.value("workstock_overdue_rise", **ALL_U3) == 2


def test_the_newest_monday_of_all_locations_is_told_until_none_stands(region):
    region.tell(weeks_ago(1, stock_row()), weeks_ago(2, stock_row(), location="B"))
    region.tick(MONDAY)
    assert region.value("workstock_monday_at") == day_start(day_number(MONDAY.date()) - 7)
    region.tick(MONDAY + 2 * WEEK)
    assert region.value("workstock_monday_at") is None


def test_who_supplies_every_two_weeks_rises_against_the_supply_before(region):
    region.tell(weeks_ago(2, stock_row(overdue=4)), weeks_ago(0, stock_row(overdue=3)))
    region.tick(MONDAY)
    assert region.value("workstock_overdue_rise", **ALL_U3) == -1


def test_the_change_in_four_weeks_is_of_those_who_told_both(region):
    region.tell(
        weeks_ago(4, stock_row("U4", 100)),
        weeks_ago(0, stock_row("U4", 80)),
        weeks_ago(0, stock_row("U4", 500), location="new"),
    )
    region.tick(MONDAY)
    assert region.value("workstock_change_4w_ratio", urgency="U4") == -0.2
    assert region.value("workstock_before_4w", urgency="U4") == 100


def test_a_location_is_missing_after_two_weeks_without_supply_and_is_so_for_a_year(region):
    region.tell(workstock())
    region.tick(MONDAY + 3 * WEEK - timedelta(days=1))
    assert (region.value("workstock_locations"), region.value("workstock_locations_missing")) == (1, 0)
    region.tick(MONDAY + 3 * WEEK)
    assert (region.value("workstock_locations"), region.value("workstock_locations_missing")) == (0, 1)
    assert region.value("workstock_patients", **ALL_U3) is None
    region.tick(MONDAY + 53 * WEEK)
    assert region.value("workstock_locations_missing") == 1
    region.tick(MONDAY + 54 * WEEK)
    assert region.value("workstock_locations_missing") is None


def test_a_hospital_is_on_time_when_nobody_of_u3_is_overdue(region):
    region.tell(
        workstock(stock_row(overdue=0)),
        workstock(stock_row(overdue=1), location="B"),
        workstock(stock_row("U4"), location="no U3 at all"),
        workstock(stock_row(overdue=None, overdue_postponed=None), location="does not tell"),
    )
    region.tick(MONDAY)
    assert region.value("critical_on_time_locations") == 1
    assert region.value("critical_on_time_ratio") == 0.5
    assert region.said["critical_on_time_ratio"].observations == 2


def test_who_helped_the_last_of_u3_still_counts_as_on_time(region):
    region.tell(weeks_ago(1, stock_row(overdue=2)), weeks_ago(0, stock_row("U4")))
    region.tick(MONDAY)
    assert region.value("critical_on_time_ratio") == 1


def test_informed_and_reviewed_are_shares_of_whom_they_are_due_to(region):
    region.tell(
        workstock(stock_row(overdue=10, reviewed=4, over_treeknorm=20, informed=15)),
        workstock(stock_row(overdue=0, reviewed=0, over_treeknorm=0, informed=0), location="B"),
    )
    region.tick(MONDAY)
    assert region.value("workstock_over_treeknorm") == 20
    assert region.value("workstock_informed_ratio") == 0.75
    assert region.value("workstock_reviewed_ratio") == 0.4


def test_nobody_left_to_inform_is_all_of_them_informed(region):
    region.tell(workstock(stock_row(over_treeknorm=0, informed=0)))
    region.tick(MONDAY)
    assert region.value("workstock_informed_ratio") == 1
    assert region.said["workstock_informed_ratio"].observations == 1


def test_a_correction_replaces_the_whole_week(region):
    region.tell(workstock(stock_row("U3", 5), stock_row("U4", 7)))
    region.tell(workstock(stock_row("U3", 6), revision=1))
    region.tell(workstock(stock_row("U3", 5), stock_row("U4", 7)))
    region.tick(MONDAY)
    assert region.outcomes == ["applied", "applied", "duplicate"]
    assert region.value("workstock_patients", ic="all", urgency="all") == 6


def test_a_week_that_is_no_longer_held_is_late(region):
    region.tick(MONDAY)
    region.tell(workstock(week=date(2021, 9, 13)), workstock(week=date(2021, 9, 20)))
    assert region.outcomes == ["late", "applied"]
