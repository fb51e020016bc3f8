"""Nobody counts twice, whatever it is called, and nobody is lost: renames, splits, mergers and totals."""

from datetime import timedelta

import pytest

from agents.domain.registration import hold
from streams.reports import BedReading
from tests.support.one_region import OneRegion
from tests.support.reports import (
    MONDAY,
    absence,
    beds,
    ic,
    operations,
    production,
    referrals,
    stock_row,
    workstock,
)
from tests.support.speaking import DAY, Days, at, place, registry, source


def test_a_location_with_another_name_counts_once_at_every_tick():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    assert set(region.live(9, at("A (nieuw)", 50), at("B", 30))) == {80}
    assert region.doubts("suspected_renames") == ["A → A (nieuw)"]


def test_the_parts_of_a_split_count_as_what_they_were():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    assert set(region.live(9, at("A1", 30), at("A2", 20), at("B", 30))) == {80}
    assert region.doubts("suspected_renames") == ["A → A1 + A2"]


def test_a_part_of_a_split_that_begins_later_is_no_other_hospital():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    figures = region.live(1, at("A1", 30), at("B", 30)) + region.live(
        3, at("A1", 30), at("A2", 20), at("B", 30)
    )
    assert max(figures) == 80


def test_what_merges_counts_as_what_it_was():
    region = Days()
    region.live(5, at("A", 50), at("B", 30), at("C", 10))
    assert set(region.live(9, at("AB", 80), at("C", 10))) == {90}
    assert region.doubts("suspected_renames") == ["A + B → AB"]


def test_who_has_as_many_beds_and_half_the_patients_takes_nobodys_place():
    region = Days()
    region.live(5, at("A", 90))
    list(region.pass_day())
    assert set(region.live(4, at("B", 45))) == {90}
    assert region.doubts("suspected_renames") == ["A → B"]


def test_one_more_location_counts_once_the_others_were_heard_again():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    assert region.live(1, at("A", 50), at("B", 30), at("C", 20))[-1] == 80
    assert region.doubts("new_locations") == ["C"]
    assert region.live(1, at("A", 50), at("B", 30), at("C", 20))[-1] == 100
    assert not region.doubts("new_locations")


def test_one_more_location_that_is_registered_counts_at_once():
    region = Days(place("A"), place("B"), place("C"), source("lpz", ["*"]))
    region.live(5, at("A", 50), at("B", 30))
    assert set(region.live(1, at("A", 50), at("B", 30), at("C", 20))) == {100}


def test_a_location_that_reports_by_both_names_on_the_day_of_the_change_counts_once():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    assert set(region.live(1, at("A", 50), at("A (nieuw)", 50), at("B", 30))) == {80}
    assert set(region.live(9, at("A (nieuw)", 50), at("B", 30))) == {80}
    assert region.doubts("suspected_renames") == ["A → A (nieuw)"]


def test_whoever_was_renamed_and_reports_again_counts_beside_its_new_name():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    region.live(2, at("C", 50), at("B", 30))
    back = at("A", 44, staffed=90), at("C", 50), at("B", 30)
    assert region.live(1, *back)[-1] == 74  # they may be twins: known once both were heard again
    assert set(region.live(2, *back)) == {124}
    assert not region.doubts("suspected_renames")


def test_a_new_name_of_other_size_never_hides_who_fell_silent():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    before = region.live(1, at("C", 5), at("B", 30))
    assert set(before) == {80}
    assert set(region.live(4, at("C", 5), at("B", 30))) == {80}
    assert region.said["beds_occupied{label=all,unit=ic}"].evidence.carried == 1
    region.live(15, at("C", 5), at("B", 30))
    found = region.said["beds_occupied{label=all,unit=ic}"]
    assert (found.value, found.silence.given_up) == (35, 85)


def test_a_new_name_of_another_source_is_another_location():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    assert region.live(1, at("C", 50, "other"), at("B", 30))[0] == 130


def test_on_the_first_days_every_name_counts_at_once():
    region = Days()
    assert region.live(1, at("A", 50))[-1] == 50
    assert region.live(1, at("B", 30))[0] == 80


def test_a_total_beside_its_parts_is_counted_once_and_shown():
    region = Days()
    parts = [at(name, 20, staffed=30) for name in "ABC"]
    assert set(region.live(3, *parts, at("R07 totaal", 60, "rcps", 90))) == {60}
    assert region.doubts("totals_beside_parts") == ["R07 totaal = A + B + C"]


def test_a_total_counts_where_some_of_its_parts_are_not_there():
    region = Days()
    assert set(region.live(3, at("A", 20), at("R07 totaal", 60, "rcps"))) == {60}


def test_a_total_without_a_name_for_it_is_known_by_its_sums():
    region = Days()
    parts = [at(name, 20 + place, staffed=30) for place, name in enumerate("ABC")]
    figures = region.live(5, *parts, at("Zuidwest", 63, "rcps", 90))
    assert set(figures[12:]) == {63}


def test_half_of_a_region_is_no_total_of_the_other_half():
    region = Days()
    halves = [at("A", 50, staffed=100), at("B", 30, staffed=60), at("C", 20, staffed=40)]
    assert set(region.live(5, *halves)) == {100}


def test_a_rename_of_weeks_is_counted_once():
    region = OneRegion("care.absence")
    figures = set()
    for week in range(12):
        moment = MONDAY + week * 7 * DAY
        name = "A" if week < 5 else "B"
        region.tell(absence(8.0, 1000, moment, location=name), absence(4.0, 1000, moment, location="C"))
        for day in range(7):
            region.tick(moment + day * DAY + timedelta(hours=1))
            figures.add(region.value("absence_employees", sector="ziekenhuis"))
    assert max(figure for figure in figures if figure is not None) <= 2000


def _weekly(topic, make, whole):
    """Report three parts and a total of them by the week; return what there was last of it."""
    region = OneRegion(topic)
    for week in range(4):
        moment = MONDAY + week * 7 * DAY
        region.tell(*(make(moment, name, 1) for name in "ABC"), make(moment, whole, 3))
        for day in range(7):
            region.tick(moment + day * DAY + timedelta(hours=1))
    return region


@pytest.mark.parametrize("whole", ["ROAZ totaal", "Zuidwest"])
@pytest.mark.parametrize(
    ("topic", "make", "figure"),
    [
        (
            "care.referrals",
            lambda at, name, times: referrals(
                90 * times, 100 * times, at, location=name, source="roaz" if times > 1 else "lpz"
            ),
            "referrals_week{specialism=all,target=all}",
        ),
        (
            "care.production",
            lambda at, name, times: production(
                operations(90 * times), at=at, location=name, source="roaz" if times > 1 else "lpz"
            ),
            "production_week{kind=operatie,provider=all}",
        ),
        (
            "care.workstock",
            lambda at, name, times: workstock(
                stock_row(patients=90 * times), at=at, location=name, source="roaz" if times > 1 else "lpz"
            ),
            "workstock_patients{ic=all,urgency=all}",
        ),
        (
            "care.absence",
            lambda at, name, times: absence(
                5.0, 90 * times, at, location=name, source="roaz" if times > 1 else "lpz"
            ),
            "absence_employees{sector=all}",
        ),
    ],
)
def test_a_total_of_a_week_beside_its_parts_is_counted_once(topic, make, figure, whole):
    region = _weekly(topic, make, whole)
    assert region.said[figure].value == 270
    (found,) = region.said[f"totals_beside_parts{{topic={topic}}}"].silent
    assert found.location == f"{whole} = A + B + C"


def test_a_werkvoorraad_by_another_name_counts_in_the_place_of_the_old_one():
    region, figures = OneRegion("care.workstock"), set()
    for week in range(9):
        moment = MONDAY + week * 7 * DAY
        names = "AB" if week < 5 else "CB"
        region.tell(*(workstock(stock_row(), at=moment, location=name) for name in names))
        for day in range(7):
            region.tick(moment + day * DAY + timedelta(hours=1))
            figures.add(region.value("workstock_patients", ic="all", urgency="all"))
    assert figures == {80}
    assert region.said["suspected_renames{topic=care.workstock}"].value == 1


def test_readings_of_other_columns_are_no_total():
    region = Days()

    def patients(moment):
        return beds(
            moment,
            location="RCPS",
            source="rcps",
            readings=[BedReading(unit="ward", label="total", occupied=400)],
        )

    region.live(3, at("A", 50), patients)
    assert region.value("beds_occupied", unit="ward", label="all") == 400
    assert region.value("beds_occupied", unit="ic", label="all") == 50


def test_who_was_heard_of_something_too_old_to_be_held_is_nobody_new():
    region = Days()
    region.live(1, at("A", 50))
    region.tell(ic(60, at=MONDAY + DAY, location="B"))
    region.tick(MONDAY + 400 * DAY)
    assert region.partition.regions["R07"].speakers.by_location == {}
    region.tell(ic(60, at=MONDAY + 400 * DAY, location="B"))
    region.tick(MONDAY + 400 * DAY + timedelta(hours=1))
    assert region.value("beds_occupied", unit="ic", label="all") == 60


def test_what_a_registered_source_says_of_a_location_that_nobody_registered_is_held_back():
    region = Days(place("A"), source("lpz", ["*"]))
    assert set(region.live(2, at("A", 50), at("Z", 30))) == {50}
    counts = region.partition.counts
    assert (counts.applied, counts.held_back, counts.total) == (2, 2, 4)
    hold(region.partition, registry(place("A"), place("Z"), source("lpz", ["*"])))
    assert region.live(1, at("A", 50), at("Z", 30))[-1] == 80
    assert (counts.applied, counts.held_back) == (4, 2)
