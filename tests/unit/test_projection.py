"""The projection of beds: what it expects of a course, how wide its band is, and which days it looks at."""

import pytest

from agents.domain.projection.band import ERRORS_COUNTED, half_width, quantile
from agents.domain.projection.course import DAYS_HELD, GAP_MAX, Course
from agents.domain.projection.expected import HORIZON, LEAST, displaced, expected

WEEKS = 6


def filled(covid, other, first=100):
    course = Course()
    for day, (one, others) in enumerate(zip(covid, other, strict=True), start=first):
        course.put(day, one, others)
    return course


def test_beds_that_stay_as_they_are_are_expected_to_stay():
    ahead = expected([20] * 30, [50] * 30)
    assert ahead.covid == (20,) * HORIZON
    assert ahead.all == pytest.approx((70,) * HORIZON)


def test_four_fifths_of_the_rise_of_the_last_week_come_again():
    assert expected([10] * 20 + [10, 20, 30, 40, 50, 60, 70, 80]).covid[6] == 80 + 0.8 * 70


def test_covid_patients_that_leave_never_become_fewer_than_none():
    assert expected([70] * 20 + [60, 50, 40, 30, 20, 10, 5]).covid[6] == 0


def test_a_weekday_is_expected_as_it_was():
    weekend = [40 if day % 7 in {5, 6} else 50 for day in range(35)]
    ahead = expected([10] * 35, weekend)
    assert ahead.other[:7] == pytest.approx(weekend[:7])
    assert ahead.other[7:] == pytest.approx(weekend[:2])


def test_beds_that_covid_patients_took_from_others_before_are_taken_again():
    covid = [10 + 2 * day for day in range(40)]
    other = [200 - 2 * day for day in range(40)]
    assert displaced(covid, other) == pytest.approx(1, abs=0.05)
    assert expected(covid, other).all == pytest.approx((210,) * HORIZON, abs=2)


def test_without_a_change_four_in_ten_are_taken():
    assert displaced([10] * 40, [200] * 40) == pytest.approx(0.4)


def test_where_nobody_else_was_counted_only_covid_patients_are_projected():
    course = filled([20] * 60, [None] * 60)
    assert set(course.project()) == {"covid"}


@pytest.mark.parametrize(("count", "rank"), [(7, 7), (9, 8), (19, 16), (ERRORS_COUNTED, 46)])
def test_the_band_reaches_to_the_error_of_that_rank(count, rank):
    assert half_width([-one if one % 2 else one for one in range(1, count + 1)]) == rank


def test_fewer_errors_never_give_a_narrower_band_of_the_same_kind():
    share = [half_width(range(1, count + 1)) / count for count in range(7, ERRORS_COUNTED + 1)]
    assert min(share) >= 0.8


def test_with_too_few_errors_nothing_is_projected():
    first = next(days for days in range(1, 60) if filled([20] * days, [50] * days).project())
    assert first == LEAST + HORIZON + 7 + 0
    assert half_width([1.0] * 6) is None


def test_the_edges_of_the_band_are_its_quantiles_of_10_and_90():
    assert quantile(100, 20, 10) == pytest.approx(80)
    assert quantile(100, 20, 50) == 100
    assert 100 < quantile(100, 20, 70) < quantile(100, 20, 90) == pytest.approx(120)
    assert quantile(5, 20, 10) == 0


def test_a_gap_of_a_week_is_bridged_and_a_longer_one_begins_anew():
    course = filled([20] * 60, [50] * 60)
    newest = max(course.covid)
    course.put(newest + GAP_MAX, 20, 50)
    assert course.project()["all"].middle == pytest.approx((70,) * HORIZON)
    course.put(newest + 2 * GAP_MAX + 1, 20, 50)
    assert course.covid == {newest + 2 * GAP_MAX + 1: 20}
    assert course.project() == {}


def test_days_that_do_not_count_any_more_are_not_held():
    course = filled([20] * 400, [50] * 400)
    assert len(course.covid) == len(course.other) == DAYS_HELD + GAP_MAX + 1


def test_days_that_a_clock_ahead_wrote_down_are_dropped():
    course = filled([20] * 60, [50] * 60)
    before = course.project()
    course.put(max(course.covid) + 3, 90, 50)
    course.forget_after(159)
    assert course.project() == before


def test_a_day_that_was_told_again_counts_as_told_last():
    course = filled([20] * 60, [50] * 60)
    assert not course.put(159, 20, 50)
    assert course.put(159, 27, 50)
    assert course.project()["covid"].middle[6] == pytest.approx(27 + 0.8 * 7)
