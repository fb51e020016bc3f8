"""A supplier that tries its new names beside the old ones for days: nobody counts twice, and one more location counts."""

from datetime import timedelta

import pytest

from agents.domain.registration import hold
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, stock_row, workstock
from tests.support.speaking import DAY, Days, at, place, registry, source


@pytest.mark.parametrize("days", [2, 3, 6])
def test_both_names_that_say_the_same_for_days_count_once_throughout(days):
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    both = region.live(days, at("A", 50), at("A (nieuw)", 50), at("B", 30))
    assert set(both) == {80}
    assert region.doubts("suspected_renames") == ["A → A (nieuw)"]
    assert set(region.live(20, at("A (nieuw)", 51), at("B", 30))) <= {80, 81}
    assert region.said["beds_occupied{label=all,unit=ic}"].evidence.expected == 2


def test_names_whose_figures_differ_are_two_and_the_silent_one_is_carried_forward_as_any():
    region = Days()
    region.live(5, at("A", 50, staffed=60), at("B", 30))
    region.live(4, at("A", 50, staffed=60), at("A (nieuw)", 52, staffed=61), at("B", 30))
    assert set(region.live(5, at("A (nieuw)", 52, staffed=61), at("B", 30))) == {132}
    silent = region.said["beds_occupied{label=all,unit=ic}"]
    assert (silent.range.least, silent.evidence.carried) == (82, 1)
    assert region.live(12, at("A (nieuw)", 52, staffed=61), at("B", 30))[-1] == 82


def test_both_names_go_on_for_weeks_and_count_once():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    assert set(region.live(40, at("A", 50), at("A (nieuw)", 50), at("B", 30))) == {80}


def test_a_twin_that_turns_out_to_be_another_counts_from_then_on():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    assert set(region.live(2, at("A", 50), at("C", 50), at("B", 30))) == {80}
    assert region.live(1, at("A", 50), at("C", 20), at("B", 30))[-1] == 100
    assert not region.doubts("suspected_renames")


def test_a_twin_that_is_registered_meanwhile_is_one_more_location():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    assert set(region.live(2, at("A", 50), at("C", 50), at("B", 30))) == {80}
    hold(region.partition, registry(place("A"), place("B"), place("C"), source("lpz", ["*"])))
    assert region.live(1, at("A", 50), at("C", 50), at("B", 30))[-1] == 130


def test_the_old_one_that_is_heard_again_counts_beside_one_that_differs():
    region = Days()
    region.live(5, at("A", 50, staffed=60), at("B", 30))
    region.live(3, at("A", 50, staffed=60), at("C", 52, staffed=61), at("B", 30))
    region.live(3, at("C", 52, staffed=61), at("B", 30))
    assert region.live(1, at("A", 50, staffed=60), at("C", 52, staffed=61), at("B", 30))[-1] == 132


def test_one_more_location_takes_nobodys_place_after_a_week():
    region = Days()
    region.live(5, at("A", 50, staffed=60), at("B", 30))
    region.live(8, at("A", 50, staffed=60), at("C", 52, staffed=61), at("B", 30))
    assert set(region.live(3, at("C", 52, staffed=61), at("B", 30))) == {132}


def test_few_patients_are_alike_by_chance_and_hide_nobody():
    region = Days()
    region.live(5, at("A", 3, staffed=4), at("B", 30))
    assert region.live(2, at("A", 3, staffed=4), at("C", 3, staffed=4), at("B", 30))[-1] == 36


def test_both_names_of_a_werkvoorraad_for_weeks_count_once():
    region, figures = OneRegion("care.workstock"), []
    for week in range(12):
        moment = MONDAY + week * 7 * DAY
        names = "AB" if week < 5 else "ACB" if week < 7 else "CB"
        region.tell(
            *(
                workstock(stock_row(patients=30 if name == "B" else 40), at=moment, location=name)
                for name in names
            )
        )
        for day in range(7):
            region.tick(moment + day * DAY + timedelta(hours=1))
            figures.append(region.value("workstock_patients", ic="all", urgency="all"))
    assert set(figures[7:]) == {70}


def test_hundreds_of_names_that_say_the_same_as_an_old_one_count_once():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    assert set(region.live(3, at("A", 50), at("B", 30), *(at(f"X{n}", 50) for n in range(200)))) == {80}


def test_another_hospital_that_says_the_same_on_some_days_is_never_left_out_once_it_counted():
    region = Days()
    region.live(5, at("A", 14, staffed=20), at("B", 30))
    others = [13 + (day * 7 // 3) % 4 for day in range(20)]
    mine = [13 + day % 4 for day in range(20)]
    assert mine[1] != others[1]
    assert sum(one == other for one, other in zip(mine, others, strict=True)) > 3
    for day, (one, other) in enumerate(zip(mine, others, strict=True)):
        found = region.live(1, at("A", one, staffed=20), at("C", other, staffed=20), at("B", 30))[-1]
        assert found == 30 + one + (other if day else 0)


MERGED = (at("A", 50), at("B", 30), at("C", 21, staffed=40)), (at("AB", 80, staffed=200),)
SPLIT = (at("A", 80, staffed=150), at("C", 21, staffed=40)), (at("A1", 50), at("A2", 30, staffed=50))


@pytest.mark.parametrize(("olds", "news", "total"), [(*MERGED, 101), (*SPLIT, 101)])
@pytest.mark.parametrize("days", [2, 3, 6, 20])
def test_a_merger_or_split_that_is_tried_beside_the_old_names_counts_once(olds, news, total, days):
    region = Days()
    region.live(5, *olds)
    assert set(region.live(days, *olds, *news)) == {total}
    (doubt,) = region.doubts("suspected_renames")
    assert doubt in ("A + B → AB", "A → A1 + A2")
    kept = olds[-1]
    assert set(region.live(12, *news, kept)) == {total}


def test_a_merger_of_which_one_old_name_is_given_up_first_counts_once():
    region = Days()
    (a, b, c), (ab,) = MERGED
    region.live(5, a, b, c)
    region.live(3, a, b, c, ab)
    assert set(region.live(20, b, c, ab)) == {101}
    assert set(region.live(3, c, ab)) == {101}


def test_a_new_hospital_that_is_the_sum_of_others_on_one_day_counts_once_it_differs():
    region = Days()
    (a, b, c), _ = MERGED
    region.live(5, a, b, c)
    assert set(region.live(1, a, b, c, at("D", 80, staffed=200))) == {101}
    region.live(1, a, b, c, at("D", 81, staffed=200))
    assert set(region.live(3, a, b, c, at("D", 79, staffed=200))) == {180}


def test_a_sum_that_could_be_one_by_chance_holds_nobody_back():
    region = Days()
    few = [at(f"H{number}", number, staffed=number + 1) for number in range(1, 13)]
    region.live(5, *few)
    region.live(2, *few, at("D", 7, staffed=9))
    assert region.live(1, *few, at("D", 7, staffed=9))[-1] == sum(range(1, 13)) + 7


def test_hundreds_of_names_beside_a_merger_hold_nobody_up():
    region = Days()
    (a, b, c), (ab,) = MERGED
    many = [at(f"X{number}", 110 + number, staffed=500 - number) for number in range(300)]
    region.live(5, a, b, c)
    assert region.live(2, a, b, c, ab, *many)[-1] == 101 + sum(range(110, 410))


def test_a_hospital_that_is_as_large_as_two_others_together_counts_as_soon_as_it_differs():
    """Beds with staff that are round, and patients that go up alike, are the same to the digit now and then."""
    region = Days()
    course = [(20, 12, 8), (22, 13, 9), (21, 13, 8), (24, 15, 10), (26, 16, 10)]
    region.live(5, at("B", 12, staffed=25), at("C", 8, staffed=15))
    figures = [
        region.live(1, at("A", a, staffed=40), at("B", b, staffed=25), at("C", c, staffed=15))[-1]
        for a, b, c in course
    ]
    assert figures == [20, 22, 21, 49, 52]


def test_it_counts_after_a_day_where_it_was_their_sum_at_the_last_look_alone():
    region = Days()
    region.live(5, at("B", 12, staffed=25), at("C", 8, staffed=15))
    region.live(1, at("A", 21, staffed=40), at("B", 12, staffed=25), at("C", 8, staffed=15))
    figures = region.live(1, at("A", 20, staffed=40), at("B", 12, staffed=25), at("C", 8, staffed=15))
    assert figures[-1] == 40


@pytest.mark.parametrize(("olds", "news", "total"), [(*MERGED, 101), (*SPLIT, 101)])
def test_old_names_that_come_back_beside_a_merger_or_split_count_once(olds, news, total):
    region = Days()
    region.live(5, *olds)
    assert set(region.live(4, *news, olds[-1])) == {total}
    assert set(region.live(6, *olds, *news)) == {total}
