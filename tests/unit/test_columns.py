"""One location by column: what stands, what is missed, what is given up, and seven days that end where they are told."""

from math import inf

import msgspec
import pytest

from agents.domain.beds.columns import UNKNOWN, Columns
from agents.domain.beds.counted import Counted
from agents.domain.figures.sums import Addend
from agents.domain.statements.ring import Days
from agents.domain.statements.standing import Standing

TODAY = 19_000
STANDING = Standing(TODAY, 3, 14)


def days(**told: tuple[int | None, int | None]) -> Days:
    """Return two columns; each day by its distance, such as `ago_3`; as complete as tenths of the value."""
    return {
        TODAY - int(name[4:]): (
            [None if value is None else (10_000 - int(name[4:]), 0, 0, value / 10) for value in values],
            [value or 0 for value in values],
        )
        for name, values in told.items()
    }


def test_a_statement_stands_for_three_days_then_it_is_carried_forward_then_it_has_expired():
    told = Columns(days(ago_3=(7, None), ago_4=(5, 6), ago_15=(1, 2)), STANDING)
    assert told.standing(0) == Addend(7, 9_997, 0.7)
    assert told.standing(1) == Addend(6, 9_996, 0.0, carried=True, was=0.6)
    assert told.until(1, TODAY) == (TODAY - 4, Addend(6, 9_996, 0.6))
    assert told.until(1, TODAY - 20) is None
    assert told.aged
    assert Columns(days(ago_15=(1, None)), STANDING).standing(0) is None


def test_what_a_location_of_which_reports_are_missed_told_last_is_carried_forward():
    told = Columns(days(ago_0=(8, None), ago_1=(6, 6)), STANDING, missed=True)
    assert told.standing(0) == Addend(8, 10_000, 0.0, carried=True, was=0.8)


@pytest.mark.parametrize(
    ("told", "far"),
    [
        ({"ago_0": 8, "ago_1": 6}, 2),
        ({"ago_0": 8, "ago_1": 6, "ago_2": 1}, 2),
        ({"ago_1": 6, "ago_2": 9}, 3),
        ({"ago_2": 6, "ago_3": 5, "ago_4": 9}, 3),
        ({"ago_2": 6, "ago_3": 5}, inf),
        ({"ago_2": 6, "ago_3": None, "ago_4": 9}, inf),
        ({"ago_0": 8}, inf),
    ],
)
def test_what_is_carried_forward_may_move_as_far_as_in_as_long_a_time_before(told, far):
    assert Columns(days(**{day: (value,) for day, value in told.items()}), STANDING).moved(0) == far


@pytest.mark.parametrize("missed", [1, 2])
def test_what_is_given_up_sooner_than_it_grows_old_stands_no_longer(missed: int):
    told = days(ago_3=(7, None))
    assert Columns(told, Standing(TODAY, 3, missed)).standing(0) is None


def test_seven_days_end_today_only_for_what_told_of_today():
    told = Columns(days(ago_0=(8, None), ago_1=(6, 6), ago_6=(4, None), ago_7=(2, 2)), STANDING)
    assert msgspec.structs.astuple(told.mean(0)) == (6.0, 10_000, pytest.approx(1.8 / 7), False, False, 0.0)
    assert msgspec.structs.astuple(told.mean(1)) == (4.0, 9_999, pytest.approx(0.8 / 7), False, False, 0.0)


def test_columns_that_were_told_by_other_reports_do_not_get_each_others_moments():
    told = Columns(days(ago_0=(8, 3), ago_1=(6, None)), STANDING)
    assert told.week(0, TODAY) == (14, 10_000, [0.6, 0.8])
    assert told.week(1, TODAY) == (3, 10_000, [0.3])
    assert told.week(1, TODAY - 1) == (0, 0, [])
    assert told.week(0, TODAY - 1) == (6, 9_999, [0.6])


def test_a_count_is_added_up_anew_for_another_last_day_and_is_no_more_than_its_picture():
    held = days(ago_0=(8, None), ago_1=(6, None))
    counted = Counted(Columns(held, STANDING), 0)
    assert counted.newest == TODAY
    assert counted.week(TODAY)[0] == 14
    assert counted.week(TODAY - 1)[0] == 6
    held[TODAY][1][0] = 100
    assert counted.week(TODAY)[0] == 14
    assert counted.on(TODAY).value == 8
    assert counted.on(TODAY - 2) == UNKNOWN
