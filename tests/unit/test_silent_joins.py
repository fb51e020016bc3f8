"""What follows from several topics or regions is told with those who fell silent as well: silence begins and ends nothing."""

import pytest

from agents.domain.country.joins.access import ACCESS
from agents.domain.country.joins.beds import BEDS
from agents.domain.country.joins.join import Join
from agents.domain.country.joins.scaling_up import SCALING_UP
from alerts.verdict import verdict_of
from deploy.scenarios.inhabitants import INHABITANTS
from streams.evidence import Silence
from streams.indicators import indicator_key
from streams.regions import NL, ROAZ_IDS
from streams.status import Indicator
from tests.support.facts import AT, NORMS, figure, joined, values

COVID = "beds_occupied{label=covid,unit=ic}"
FREE, ROOM = "beds_free{unit=ic}", "beds_for_covid{unit=ic}"


def silent(
    key: str, value: float | None, missed: float, given_up: float | None = None, at: int = 0
) -> Indicator:
    every = missed if given_up is None else given_up
    return figure(key, value, silence=Silence(missed, every, at, 20, 20))


def judged(join: Join, told, norm_id: str, region: str = "R05", unit: str = "") -> str:
    """The verdict of a norm; `unit` where it is split by that."""
    norm = NORMS.by_id[norm_id]
    key = indicator_key(norm.indicator, {**norm.labels, **({"unit": unit} if unit else {})})
    return verdict_of(norm, region, joined(join, told)[region][key], AT, NORMS)[0]


def expected(*patients: int) -> dict[str, float]:
    return {f"forecast_beds{{day={day},unit=ic}}": count for day, count in enumerate(patients, 1)}


def beds(covid: Indicator | float, free: Indicator | float):
    return {COVID: covid, FREE: free}


def room(left: float, staffed: int):
    return {ROOM: figure(ROOM, left, observations=staffed)}


FORECASTS = ("forecast-over-capacity", "forecast-overflow-soon")
FITS_WITH = {ROOM: silent(ROOM, 15, 30)}
"""Thirty beds with the silent hospital, fifteen without it."""


@pytest.mark.parametrize("norm", FORECASTS)
def test_a_hospital_that_falls_silent_makes_no_region_full(norm: str):
    assert judged(BEDS, {"R05": expected(*[16] * 7) | FITS_WITH}, norm, unit="ic") == "undecided-over"
    assert judged(BEDS, {"R05": expected(*[15] * 7) | FITS_WITH}, norm, unit="ic") == "clear"
    assert judged(BEDS, {"R05": expected(*[31] * 7) | FITS_WITH}, norm, unit="ic") == "breach"


@pytest.mark.parametrize("norm", FORECASTS)
def test_a_full_hospital_that_falls_silent_makes_no_room(norm: str):
    full = {ROOM: silent(ROOM, 25, -5)}
    assert judged(BEDS, {"R05": expected(*[20] * 7) | full}, norm, unit="ic") == "undecided-over"


@pytest.mark.parametrize("norm", FORECASTS)
def test_a_region_that_falls_silent_altogether_is_neither_full_nor_not(norm: str):
    gone = {ROOM: silent(ROOM, None, 30)}
    told = {"R05": expected(*[16] * 7) | gone}
    assert judged(BEDS, told, norm, unit="ic") == "insufficient"
    assert values(joined(BEDS, told), "R05", "forecast_s") == {"forecast_shortfall_beds{unit=ic}": None}


@pytest.mark.parametrize("norm", FORECASTS)
def test_what_a_region_plans_itself_does_not_depend_on_who_is_silent(norm: str):
    planned = {f"forecast_planned_beds{{day={day},unit=ic}}": 15 for day in range(1, 8)}
    told = {"R05": expected(*[16] * 7) | planned | FITS_WITH}
    assert judged(BEDS, told, norm, unit="ic") == "breach"
    assert joined(BEDS, told)["R05"]["forecast_shortfall_beds{unit=ic}"].silence is None


def test_a_room_is_told_with_those_given_up_and_when_the_newest_of_them_was():
    told = expected(*[16] * 7) | {ROOM: silent(ROOM, 15, 15, 30, AT - 7)}
    found = joined(BEDS, {"R05": told})["R05"]
    assert found["forecast_shortfall_beds{unit=ic}"].silence == Silence(1, 0, AT - 7, 1, 1)
    assert found["forecast_overflow_day{unit=ic}"].silence == Silence(1, 8, AT - 7, 1, 1)


@pytest.mark.parametrize(
    ("now", "missed", "verdict"), [(20, 38, "undecided-over"), (20, 30, "breach"), (36, 38, "clear")]
)
def test_a_forecast_is_not_off_because_a_hospital_fell_silent(now: int, missed: int, verdict: str):
    told = {"forecast_expected_today{unit=ic}": 40, COVID: silent(COVID, now, missed)}
    assert judged(BEDS, {"R05": told}, "forecast-off-below", unit="ic") == verdict


def shares(**regions: Indicator | float):
    """COVID beds: 500 for a million inhabitants each, unless it is said."""
    people = {name: round(INHABITANTS[name] / 2_000) for name in ROAZ_IDS}
    return {name: {COVID: regions.get(name, count)} for name, count in people.items()}


def test_one_silent_region_of_eleven_changes_nobodys_fair_share():
    fair = {
        norm: [judged(BEDS, shares(), norm, name) for name in ROAZ_IDS]
        for norm in ("fair-share-above-ic", "fair-share-below-ic")
    }
    assert {verdict for every in fair.values() for verdict in every} == {"clear"}
    many = round(INHABITANTS["R02"] / 400)
    unfair = shares(R02=many)
    (key,) = unfair["R02"]
    assert judged(BEDS, unfair, "fair-share-above-ic", "R02") == "breach"
    assert judged(BEDS, unfair, "fair-share-below-ic", "R05") == "breach"
    # Without R02 everybody would have a fair share, and the ten of eleven that tell are complete enough.
    gone = shares(R02=silent(key, None, many))
    assert joined(BEDS, gone)["R05"]["fair_share_deviation_ratio{unit=ic}"].completeness >= 0.9
    assert judged(BEDS, gone, "fair-share-below-ic", "R05") == "undecided-over"
    assert judged(BEDS, gone, "fair-share-above-ic", "R02") == "insufficient"
    # Given up, the others share among themselves, and why that ends a breach is known.
    ended = shares(R02=figure(key, None, silence=Silence(None, many, AT, None, 20)))
    found = joined(BEDS, ended)["R05"]["fair_share_deviation_ratio{unit=ic}"]
    assert judged(BEDS, ended, "fair-share-below-ic", "R05") == "clear"
    assert found.silence is not None
    assert found.silence.given_up_at == AT
    assert found.silence.given_up is not None
    assert found.silence.given_up < -0.1


def transfers(told) -> dict[str, float | int | None]:
    return values(joined(BEDS, told), "R02", "transfer_suggested")


def test_no_transfer_is_suggested_that_rests_on_a_silent_hospital():
    told = {name: beds(20, 20) for name in ROAZ_IDS} | {"R02": beds(60, 20)}
    sure = transfers(told)
    (taker, *_others) = (key for key in sure)
    name = taker.partition("to=")[2].partition(",")[0]
    # The receiver looks empty because its full hospital is silent: with it there is nothing free.
    full = told | {name: beds(silent(COVID, 10, 20), silent(FREE, 30, 0))}
    assert taker not in transfers(full)
    # The giver looks full because an empty hospital of its own is silent: it gives whatever that says.
    assert transfers(told | {"R02": beds(60, silent(FREE, 10, 20))}) == sure
    # It has fewer patients than it had: only those that it gives in either case.
    fewer = transfers(told | {"R02": beds(silent(COVID, 60, 41), 20)})
    assert sum(fewer.values()) < sum(sure.values())
    assert transfers(told | {"R02": beds(silent(COVID, 60, 5), 20)}) == {}
    assert all(
        one.silence is None for one in joined(BEDS, full)["R02"].values() if one.name == "transfer_suggested"
    )


@pytest.mark.parametrize(("complete", "sent"), [(0.9, True), (0.89, False)])
@pytest.mark.parametrize("half", [COVID, FREE])
def test_nobody_is_sent_to_a_region_of_which_too_few_hospitals_tell(half: str, complete: float, sent: bool):
    known = {COVID: 20, FREE: 20}
    told = {name: dict(known) for name in ROAZ_IDS} | {"R02": {COVID: 60, FREE: 20}}
    told["R05"] = {COVID: 5, FREE: 35}
    told["R05"][half] = figure(half, told["R05"][half], completeness=complete)
    assert any("to=R05" in key for key in transfers(told)) is sent


def test_phase_3_does_not_threaten_or_cease_to_threaten_by_a_hospital_that_falls_silent():
    key = "occupancy_ratio{unit=ic}"
    full = {name: {key: 0.96} for name in ROAZ_IDS[:5]} | {name: {key: 0.5} for name in ROAZ_IDS[5:]}
    norm = "phase-3-risk-regions"
    assert judged(BEDS, full, norm, NL) == "clear"
    sixth = ROAZ_IDS[5]
    assert judged(BEDS, full | {sixth: {key: silent(key, 0.96, 0.9)}}, norm, NL) == "undecided-over"
    assert judged(BEDS, full | {sixth: {key: silent(key, 0.9, 0.96)}}, norm, NL) == "undecided-over"
    assert judged(BEDS, full | {sixth: {key: silent(key, 0.97, 0.96)}}, norm, NL) == "breach"


def test_the_forecast_of_the_country_is_held_against_the_beds_of_a_silent_region_as_well():
    told = {name: expected(*[40] * 7) | room(40, 60) for name in ROAZ_IDS}
    norm = "phase-3-risk-forecast"
    assert judged(BEDS, told, norm, NL) == "clear"  # exactly full
    roomy = {ROOM: figure(ROOM, None, silence=Silence(70, 70, 0, 90, 90))}
    one_over = told | {ROAZ_IDS[0]: expected(*[45] * 7) | room(40, 60)}
    assert judged(BEDS, one_over, norm, NL) == "breach"
    assert judged(BEDS, one_over | {ROAZ_IDS[1]: expected(*[40] * 7) | roomy}, norm, NL) == "undecided-over"


def test_weeks_of_work_are_told_with_the_silent_of_stock_and_operating_alike():
    stock, done = "workstock_or_hours{specialism=all}", "operated_or_hours_week{specialism=all}"
    for hours, operated, verdict in (
        (silent(stock, 140, 240), silent(done, 10, 20), "undecided-over"),  # 14 weeks, 12 with the silent
        (silent(stock, 120, 280), silent(done, 10, 20), "undecided-over"),
        (silent(stock, 140, 280), silent(done, 10, 20), "breach"),
        (silent(stock, None, 240), 20, "insufficient"),
    ):
        told = {"R05": {stock: hours, done: operated}}
        assert judged(SCALING_UP, told, "workstock-weeks") == verdict


def test_a_join_without_anybody_silent_says_nothing_of_silence():
    told = {name: expected(*[16] * 7) | room(30, 60) | beds(10, 20) for name in ROAZ_IDS}
    assert all(one.silence is None for own in joined(BEDS, told).values() for one in own.values())


def test_each_figure_says_when_those_were_given_up_who_make_it_other():
    other = ROOM.replace("unit=ic", "unit=ward")
    ward = {f"forecast_beds{{day={day},unit=ward}}": 16 for day in range(1, 8)}
    rooms = {ROOM: silent(ROOM, 15, 15, 30, AT - 9), other: silent(other, 15, 15, 30, AT - 3)}
    found = joined(BEDS, {"R05": expected(*[16] * 7) | ward | rooms})["R05"]
    assert [
        (one.silence.given_up, one.silence.given_up_at)
        for unit in ("ic", "ward")
        if (one := found[f"forecast_shortfall_beds{{unit={unit}}}"]).silence is not None
    ] == [(0, AT - 9), (0, AT - 3)]


@pytest.mark.parametrize(("median", "at"), [(35, AT - 9), (30, AT - 9), (61, AT - 3), (20, AT - 3)])
def test_a_median_given_up_matters_to_unequal_access_where_it_lies_beyond_the_others(median: int, at: int):
    key = "treatment_wait_days_median{access=klinisch,specialism=orthopedie,treatment=knie}"
    told = {
        "R01": {key: 30},
        "R02": {key: 40},
        "R03": {key: figure(key, None, silence=Silence(None, 90, AT - 9, 0, 20))},
        "R04": {key: figure(key, None, silence=Silence(None, median, AT - 3, 0, 20))},
    }
    (found,) = joined(ACCESS, told)[NL].values()
    assert found.silence is not None
    assert found.silence.given_up_at == at


def test_what_is_not_known_with_the_missed_is_not_given_up_though_it_would_be_known_with_those_who_are():
    told = {
        "R05": {
            "workstock_or_hours{specialism=all}": 140,
            "operated_or_hours_week{specialism=all}": silent(
                "operated_or_hours_week{specialism=all}", 10, 0, 10, AT - 3
            ),
        }
    }
    assert "R05" not in joined(SCALING_UP, told)
