"""Beds of all regions together: fair share and what would restore it, forecasts against beds, threatening phase 3."""

import pytest

from agents.domain.country.joins.beds import BEDS
from agents.domain.country.joins.fair_share import Share
from agents.domain.country.joins.suggested_transfers import moves
from alerts.norms import parse_norms
from deploy.scenarios.inhabitants import INHABITANTS
from streams.regions import NL, ROAZ_IDS
from streams.status import Indicator
from tests.support.facts import AT, figure, joined, values
from tests.support.norm_files import OWN

DAY = 86_400


def beds(unit: str, covid: float | None, everyone: float | None = None, staffed: float | None = None):
    told = {f"beds_occupied{{label=covid,unit={unit}}}": covid, f"beds_staffed{{unit={unit}}}": staffed}
    if None not in {covid, everyone, staffed}:
        told[f"beds_free{{unit={unit}}}"] = staffed - everyone
        told |= room(unit, staffed - everyone + covid, staffed)
    return {key: value for key, value in told.items() if value is not None}


def room(unit: str, left: float, staffed: int, completeness: float = 1.0) -> dict[str, Indicator]:
    """What patients without COVID leave of the beds with staff."""
    key = f"beds_for_covid{{unit={unit}}}"
    return {key: figure(key, left, observations=staffed, completeness=completeness)}


def forecast(unit: str, *expected: int, planned: int | None = None, age: int = 3):
    told = {"forecast_age_hours": age, f"forecast_days_ahead{{unit={unit}}}": len(expected)}
    for day, patients in enumerate(expected, 1):
        told[f"forecast_beds{{day={day},unit={unit}}}"] = patients
        if planned is not None:
            told[f"forecast_planned_beds{{day={day},unit={unit}}}"] = planned
    return told


def test_the_patients_of_the_known_regions_are_shared_by_population():
    results = joined(BEDS, {"R05": beds("ic", 60), "R01": beds("ic", 40), "R07": beds("ward", 5)})
    people = INHABITANTS["R05"] + INHABITANTS["R01"]
    expected = 100 * INHABITANTS["R05"] / people
    assert values(results, "R05", "fair") == {
        "fair_share_deviation_ratio{unit=ic}": pytest.approx((60 - expected) / expected, abs=1e-6),
        "fair_share_beds{unit=ic}": pytest.approx(expected, abs=1e-4),
    }
    both = [values(results, name)["fair_share_beds{unit=ic}"] for name in ("R05", "R01")]
    assert sum(both) == pytest.approx(100, abs=1e-3)
    # One region has nobody to share with.
    assert values(results, "R07", "fair") == {}
    assert results["R05"]["fair_share_beds{unit=ic}"].completeness == round(2 / len(ROAZ_IDS), 4)


def test_the_key_may_be_the_intensive_care_beds_with_staff():
    norms = parse_norms(OWN.replace('value = "population"', 'value = "staffed-ic"'))
    told = {
        "R05": beds("ic", 30, staffed=100) | beds("ward", 50),
        "R01": beds("ic", 30, staffed=50) | beds("ward", 10),
        "R07": beds("ic", 30),  # without weight it has no share, and others do not get its patients
    }
    results = joined(BEDS, told, norms=norms)
    assert values(results, "R05", "fair_share_beds") == {
        "fair_share_beds{unit=ic}": 40,
        "fair_share_beds{unit=ward}": 40,
    }
    assert values(results, "R01", "fair_share_dev") == {
        "fair_share_deviation_ratio{unit=ic}": 0.5,
        "fair_share_deviation_ratio{unit=ward}": -0.5,
    }
    assert values(results, "R07", "fair") == {}


def test_where_nobody_is_in_a_bed_nobody_has_more_or_less_than_a_share():
    found = joined(BEDS, {name: beds("ic", 0) for name in ROAZ_IDS})["R05"]
    assert {name: (one.value, one.weighs) for name, one in found.items()} == {
        "fair_share_deviation_ratio{unit=ic}": (0, 0),  # of nobody: an open breach ends
        "fair_share_beds{unit=ic}": (0, 1),
    }


def share(**regions: tuple[float, float]) -> dict[str, Share]:
    return {name: Share(actual, own, own, own) for name, (actual, own) in regions.items()}


def test_transfers_restore_fair_share_in_whole_patients_largest_first():
    shares = share(A=(30, 20.4), B=(14, 10), C=(6, 12.2), D=(10, 17.4))
    assert list(moves(shares, dict.fromkeys(shares, 99.0), 0.1, 0)) == [
        ("A", "D", 7),
        ("B", "C", 4),
        ("A", "C", 2),
    ]


def test_a_transfer_takes_no_bed_that_is_not_free():
    shares = share(A=(30, 20), B=(10, 20))
    for free, told in ((99.0, [10]), (4.9, [4]), (0.0, []), (-3.0, [])):
        assert [count for _, _, count in moves(shares, {"A": 0.0, "B": free}, 0.1, 0)] == told


def test_within_the_bandwidth_nobody_is_moved():
    shares = share(A=(110, 100), B=(90, 100))
    assert list(moves(shares, dict.fromkeys(shares, 99.0), 0.1, 0)) == []
    assert list(moves(shares, dict.fromkeys(shares, 99.0), 0.09, 0)) == [("A", "B", 10)]
    one_out = share(A=(105, 100), B=(95, 100), C=(20, 30), D=(30, 20))
    assert list(moves(one_out, dict.fromkeys(one_out, 99.0), 0.1, 0)) == [("D", "C", 10)]


def test_a_suggestion_stands_with_the_region_that_gives():
    told = {name: beds("ic", 20, 20, 40) for name in ROAZ_IDS} | {"R02": beds("ic", 60, 60, 80)}
    results = joined(BEDS, told)
    given = values(results, "R02", "transfer_suggested")
    assert given
    assert sum(given.values()) <= 60 - values(results, "R02")["fair_share_beds{unit=ic}"]
    unknown = {name: beds("ic", 20) for name in ROAZ_IDS} | {"R02": beds("ic", 60)}
    assert values(joined(BEDS, unknown), "R02", "transfer") == {}


def test_without_a_forecast_no_day_is_covered_once_a_phase_is_known():
    assert joined(BEDS, {"R05": {}}) == {}
    results = joined(BEDS, {NL: {"phase": 3}})
    for region in ROAZ_IDS:
        assert values(results, region) == {
            "forecast_days_covered{unit=ic}": 0,
            "forecast_days_covered{unit=ward}": 0,
        }


def test_a_forecast_covers_its_days_for_a_day():
    for age, covered in ((0, 7), (24, 7), (25, 0)):
        results = joined(BEDS, {"R05": forecast("ic", *[5] * 7, age=age)})
        assert values(results, "R05", "forecast_days_covered{unit=ic}") == {
            "forecast_days_covered{unit=ic}": covered
        }


def test_a_shortfall_is_against_what_is_planned():
    results = joined(BEDS, {"R05": forecast("ic", 8, 11, 13, 12, planned=10) | beds("ic", 1, 1, 1000)})
    assert values(results, "R05", "forecast_s") == {"forecast_shortfall_beds{unit=ic}": 3}
    assert values(results, "R05", "forecast_o") == {"forecast_overflow_day{unit=ic}": 2}
    assert results["R05"]["forecast_shortfall_beds{unit=ic}"].completeness == round(4 / 7, 4)


def test_without_a_plan_a_shortfall_is_against_the_beds_that_others_leave():
    told = {"R05": forecast("ic", 25, 30, 31) | beds("ic", 10, 40, 60)}
    assert values(joined(BEDS, told), "R05", "forecast_s") == {"forecast_shortfall_beds{unit=ic}": 1}
    assert values(joined(BEDS, told), "R05", "forecast_o") == {"forecast_overflow_day{unit=ic}": 3}
    without = {"R05": forecast("ic", 25, 30, 31) | beds("ic", 10, None, 60)}
    assert "forecast_shortfall_beds{unit=ic}" not in joined(BEDS, without)["R05"]


@pytest.mark.parametrize(
    ("completeness", "short", "overflow", "told"),
    [(1.0, 1, 3, 7), (0.9, 1, 3, 6.3), (0.89, 0, 8, 2)],
)
def test_a_room_of_too_few_hospitals_proves_what_fits_and_not_what_does_not(
    completeness: float, short: int, overflow: int, told: float
):
    known = {"R05": forecast("ic", 25, 30, *[31] * 5) | room("ic", 30, 60, completeness)}
    found = joined(BEDS, known)["R05"]
    shortfall, day = found["forecast_shortfall_beds{unit=ic}"], found["forecast_overflow_day{unit=ic}"]
    assert (shortfall.value, day.value) == (short, overflow)
    assert shortfall.completeness == day.completeness == round(told / 7, 4)


def test_beds_of_too_few_hospitals_are_not_held_against_the_forecast_of_the_country():
    told = {name: forecast("ic", *[30] * 7) | room("ic", 30, 60) for name in ROAZ_IDS}
    few = told | {"R05": forecast("ic", *[30] * 7) | room("ic", 1, 2, 0.5)}
    found = [joined(BEDS, one)[NL]["forecast_ic_pressure_ratio"] for one in (told, few)]
    assert [(one.value, one.completeness) for one in found] == [(1, 1), (1, round(10 / 11, 4))]


def test_a_share_after_beds_with_staff_is_as_complete_as_these():
    norms = parse_norms(OWN.replace('value = "population"', 'value = "staffed-ic"'))
    told = {name: beds("ic", 30, staffed=100) for name in ROAZ_IDS}
    key = "beds_staffed{unit=ic}"
    told["R05"][key] = figure(key, 100, completeness=0.5)
    found = joined(BEDS, told, norms=norms)
    assert found["R05"]["fair_share_deviation_ratio{unit=ic}"].completeness == 0.5
    assert found["R01"]["fair_share_deviation_ratio{unit=ic}"].completeness == round(10.5 / 11, 4)


def test_a_forecast_that_fits_exactly_has_no_shortfall_and_no_day_of_overflow():
    results = joined(BEDS, {"R05": forecast("ic", *[10] * 7, planned=10)})
    assert values(results, "R05", "forecast_s") == {"forecast_shortfall_beds{unit=ic}": 0}
    assert values(results, "R05", "forecast_o") == {"forecast_overflow_day{unit=ic}": 8}


def test_the_error_is_of_today_and_of_nobody_expected_that_of_one():
    told = {"R05": {"forecast_expected_today{unit=ic}": 40} | beds("ic", 50)}
    assert values(joined(BEDS, told), "R05") == {"forecast_error_ratio{unit=ic}": 0.25}
    for came, error in ((50, 50), (0, 0)):
        found = joined(BEDS, {"R05": {"forecast_expected_today{unit=ic}": 0} | beds("ic", came)})["R05"]
        one = found["forecast_error_ratio{unit=ic}"]
        assert (one.value, one.weighs) == (error, 0)  # too few to judge by, so that an open breach ends


def test_a_full_intensive_care_counts_from_95_percent_on_and_an_unknown_one_not():
    told = {name: {"occupancy_ratio{unit=ic}": 0.949} for name in ROAZ_IDS[:5]}
    told |= {name: {"occupancy_ratio{unit=ic}": 0.95} for name in ROAZ_IDS[5:8]}
    found = joined(BEDS, told)[NL]["ic_strained_regions_ratio"]
    assert (found.value, found.completeness) == (round(3 / 11, 6), round(8 / 11, 4))


def test_day_seven_is_held_against_all_beds_with_those_of_other_patients():
    told = {
        "R05": forecast("ic", *[30] * 7) | beds("ic", 10, 40, 60),
        "R01": forecast("ic", *[50] * 7) | beds("ic", 10, 30, 60),
        "R07": forecast("ic", *[50] * 7) | beds("ic", 10, None, 60),
    }
    found = joined(BEDS, told)[NL]["forecast_ic_pressure_ratio"]
    assert (found.value, found.completeness) == (round(130 / 120, 6), round(2 / 11, 4))


def test_a_result_is_as_new_as_the_newest_figure_behind_it():
    told = {
        "R05": {"beds_occupied{label=covid,unit=ic}": figure("beds_occupied{label=covid,unit=ic}", 9, observed_at=AT - DAY)},
        "R01": {"beds_occupied{label=covid,unit=ic}": 9},
    }  # fmt: skip
    assert joined(BEDS, told)["R05"]["fair_share_beds{unit=ic}"].observed_at == AT
