"""A figure is suspect if its series never did so before, and what confirms it is never the same source again, but for a rise."""

import pytest

from agents.domain.plausible.doubt import Told
from agents.domain.plausible.limits import limits_of, of_capacity
from agents.domain.plausible.past import Past
from alerts.norms import load_norms

LIMITS = limits_of(load_norms())
LIVELY = [100, 104, 99, 103, 108, 102, 105, 101, 106, 103, 107, 102, 104, 100, 105]
"""Fifteen days: it never moved further than six a day."""


def lived(values, source="a", past=None, **own):
    """The past after these days, and what became of each: the reason why it is suspect, or empty."""
    past = past or Past()
    found = []
    for value in values:
        day = past.through + 1
        past.take(Told(day, value, day * 86_400, source, **own), LIMITS)
        found.append("" if past.doubt is None else past.doubt.reason)
    return past, found


def after(*values, source="a", **own):
    """What becomes of figures that follow a lively series."""
    past, _ = lived(LIVELY[1:], past=lived(LIVELY[:1], "b")[0])
    return lived(values, source, past, **own)


def test_within_what_it_ever_did_nothing_is_suspect():
    assert not any(lived(LIVELY)[1])
    assert after(130, 101, 128)[1] == ["", "", ""]


def test_nothing_is_asked_before_fourteen_days_are_known():
    assert lived([100] * 13 + [900])[1][-1] == ""
    assert lived([*LIVELY[:14], 290])[1][-1] == "rise"


def test_a_rise_is_confirmed_by_a_second_report_about_as_high():
    past, found = after(180, 175)
    assert found == ["rise", ""]
    assert past.value == 175


def test_a_rise_that_is_corrected_never_counted():
    past, found = after(180, 104, 103)
    assert found == ["rise", "", ""]
    assert past.moved == 6


def test_a_wave_that_goes_on_to_rise_is_never_held_for_more_than_a_day():
    past, _ = lived(LIVELY)
    for value in (160, 240, 330, 480, 700, 1000):
        past, _ = lived([value], past=past)
        assert past.through - past.day <= 1


def test_far_above_anything_is_confirmed_by_another_source_only():
    past, found = after(1000, 1010, 1020)
    assert found == ["far"] * 3
    assert past.value == 105
    assert lived([1015], "b", past)[1] == [""]


def test_far_above_the_beds_with_staff_is_not_confirmed_by_the_same_source():
    assert after(290, 291, staffed=90)[1] == ["far", "far"]
    assert after(290, 291, staffed=120)[1] == ["rise", ""]


@pytest.mark.parametrize("value", [0, 30])
def test_a_fall_is_never_confirmed_by_the_same_source_but_by_another(value):
    past, found = after(*[value] * 20)
    assert found == ["fall"] * 20
    assert past.value == 105
    assert lived([value + 2], "b", past)[1] == [""]


def test_another_source_that_says_otherwise_confirms_no_fall():
    past, _ = after(0, 0)
    past, found = lived([104], "b", past)
    assert found == [""]
    assert (past.value, past.was_zero) == (104, False)


def test_zero_is_suspect_where_it_never_was_and_not_after_few():
    few = [9, 8, 7, 9, 8, 6, 7, 9, 8, 7, 8, 9, 7, 8, 6]
    assert lived([*few, 0, 0])[1][-2:] == ["zero", "zero"]
    assert not any(lived([*few, 5, 3, 2, 0, 0])[1])
    assert not any(lived([0, *few, 0])[1])


def test_the_same_to_the_digit_for_longer_than_ever_is_suspect():
    past, found = after(*[106] * 9)
    assert found == [""] * 6 + ["frozen"] * 3
    assert lived([109], past=past)[1] == [""]


def test_who_ever_stood_still_for_long_may_do_so_again():
    known = [100] * 9 + LIVELY
    assert not any(lived([*known, *[106] * 15])[1])
    assert lived([*known, *[106] * 16])[1][-1] == "frozen"


def test_a_freeze_makes_no_longer_freeze_usual():
    past, _ = after(*[106] * 20)
    past, found = lived([101, 103, *[107] * 7], past=past)
    assert found[-1] == "frozen"


@pytest.mark.parametrize("silent", [0, 1, 4, 9])
def test_a_series_that_was_zero_once_does_not_fall_to_it_from_many_because_it_was_silent(silent):
    past, found = lived([0, 0, 3, 6, 9, 12, 14, 18, 20, 22, 24, 26, 28, 27, 28, 29, 28, 27, 29, 28])
    assert not any(found)
    past.through += silent
    assert lived([0, 0], past=past)[1][0] in {"fall", "zero"}


def test_a_wave_that_rose_while_nobody_told_counts_once_it_is_told_again():
    past, _ = lived([3, 4, 2, 5, 3, 4, 3, 2, 4, 3, 5, 4, 6, 7, 8, 10])
    past.through += 13
    assert lived([115, 125, 135], past=past)[1] == ["rise", "", ""]


def test_who_repeats_what_is_far_above_anything_makes_it_no_nearer():
    assert after(*[3000 + 45 * day for day in range(9)])[1] == ["far"] * 9


def test_low_figures_that_differ_do_not_confirm_each_other_by_going_on():
    past, found = after(*[2, 30] * 30)
    assert set(found) == {"fall"}
    assert past.value == LIVELY[-1]


@pytest.mark.parametrize("place", [1, 5, 13])
@pytest.mark.parametrize("wrong", [0, 10, 1000])
def test_one_wrong_figure_before_anything_was_asked_makes_it_no_likelier_later(place, wrong):
    told = list(LIVELY)
    told[place] = wrong
    _, found = lived([*told, 103, 105, wrong])
    assert found[:-1] == [""] * 17
    assert found[-1] in {"far", "fall"}


def test_who_says_twice_that_there_are_three_patients_in_a_bed_confirms_nothing():
    past, _ = lived([18, 19, 18, 19, 20] * 3, staffed=30)
    assert lived([91, 91, 19], past=past, staffed=30)[1] == ["far", "far", ""]


def test_who_says_twice_that_beds_with_staff_are_many_more_confirms_nothing():
    past = Past()
    for day, value in enumerate([20] * 15 + [95, 95, 20], 1):
        past.take(Told(day, value, day, capacity=True), of_capacity(LIMITS))
        assert (past.doubt is not None) is (value == 95)


def test_a_source_that_nobody_heard_before_confirms_nothing():
    past, _ = after(0, 0)
    assert lived([0, 0], "a-after-update", past)[1] == ["fall", "fall"]
    assert lived([0], "b", past)[1] == [""]


def test_a_unit_that_is_full_may_be_so_for_as_long_as_it_likes():
    assert not any(lived([25, 27, 28, *[30] * 40], staffed=30)[1])


def test_low_counts_may_be_the_same_for_as_long_as_they_like():
    assert not any(lived([19] * 60)[1])


def test_who_adds_up_admissions_is_suspect_from_the_seventh_day_on():
    past, _ = lived(LIVELY)
    found = [lived([105 + 9 * day], past=past, admissions=9)[1][0] for day in range(1, 9)]
    assert found == [""] * 6 + ["cumulative"] * 2


def test_who_counts_up_for_longer_than_any_wave_is_suspect_until_it_falls():
    past, found = after(*range(106, 106 + 67))
    assert found == [""] * 65 + ["cumulative"] * 2
    assert lived([171], past=past)[1] == [""]


def test_who_adds_up_from_nothing_at_an_even_pace_is_suspect_from_the_warm_up_on():
    _, found = lived([45 * day for day in range(1, 40)])
    assert found == [""] * 14 + ["cumulative"] * 25
    past, found = lived([38, 80, 131, 170, 219, 262, 300, 352, 399, 440, 480, 533, 571, 620, 660, 711])
    assert found == [""] * 14 + ["cumulative"] * 2
    assert lived([690], past=past)[1] == [""]


def test_a_new_ward_that_nobody_left_yet_is_not_taken_for_a_sum():
    past, _ = lived([0] * 16)
    for day in range(1, 22):
        assert lived([2 * day], past=past, admissions=2)[1] == [""]
    noisy = [2, 4, 6, 8, 11, 12, 13, 16, 18, 20, 22, 25, 28, 31, 33, 35, 37, 40, 41, 42, 44, 45, 47, 48, 50]
    assert not any(lived(noisy)[1])


@pytest.mark.parametrize(
    "wave",
    [
        [round(20 * 1.2**day) for day in range(25)],
        [round(3 * 1.3**day) for day in range(20)],
        [200 + 7 * day for day in range(40)],
        [68, 79, 96, 120, 150, 179, 228, 287, 362, 430, 480, 573, 653, 752, 838, 927, 992, 1038, 1126],
    ],
)
def test_a_wave_that_never_falls_is_not_taken_for_a_sum(wave):
    assert "cumulative" not in lived(wave)[1]


def test_what_somebody_confirmed_counts_and_what_follows_is_held_against_it():
    past, _ = after(0, 0)
    past, found = lived([0], past=past, confirmed=True)
    assert found == [""]
    assert lived([0, 0, 3], past=past)[1] == ["", "", ""]


ADDED_UP = [[38 * (day + 1) + day % 3 for day in range(days)] for days in (13, 14, 15, 22)]


@pytest.mark.parametrize(
    "values",
    [[*LIVELY, *more] for more in ([180], [180, 190], [0, 0], [106] * 9, [1000], range(106, 171))] + ADDED_UP,
)
def test_what_lies_in_its_room_is_trusted(values):
    past, _ = lived(values)
    day = past.through + 1
    low, high, but = past.room(day, LIMITS)
    for value in (0, 1, 30, 90, 106, 120, 171, 180, 38 * day, 38 * day + 38, 1000):
        if low <= value <= high and value != but:
            again = Past(*[getattr(past, name) for name in Past.__struct_fields__])
            again.take(Told(day, value, day), LIMITS)
            assert again.doubt is None
