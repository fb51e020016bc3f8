"""The country's figures are told with those who fell silent in a region: as told, missed and given up."""

import pytest

from agents.domain.country.nation import NationState, nation
from alerts.norms import load_norms
from alerts.verdict import verdict_of
from streams.evidence import Silence
from streams.indicators import INDICATORS, indicator_key
from streams.regions import NL, ROAZ_IDS
from streams.status import Indicator
from streams.topics import ABSENCE, FORECAST, OCCUPANCY, PRODUCTION, WORKSTOCK

NORMS = load_norms()
AT = 1_637_000_000
VVT = {"sector": "vvt"}
IC = {"unit": "ic"}


def found(name, labels, value, observations=1, silence=None, completeness=1.0) -> Indicator:
    return Indicator(name, labels, value, AT, completeness, observations, silence)


def country(
    topic, told: dict[str, list[Indicator]], state: NationState | None = None
) -> dict[str, Indicator]:
    """The country's figures by key after the regions told theirs."""
    entry = nation(NationState() if state is None else state, topic, AT, list(told.items()))
    return {indicator_key(one.name, one.labels): one for one in entry.indicators}


def absence(rate: float | None, employees: int, silence: Silence | None = None) -> list[Indicator]:
    return [found("absence_rate", VVT, rate, employees, silence)]


@pytest.mark.parametrize(
    ("region", "verdict"),
    [
        (
            absence(9.0, 1000, Silence(7.0, 7.0, 0, 3000, 3000)),
            "undecided-over",
        ),  # 9.0 as told, 7.5 with the silent
        (absence(9.0, 1000, Silence(8.9, 8.9, 0, 3000, 3000)), "breach"),
        (
            absence(None, 0, Silence(7.0, 7.0, 0, 3000, 3000)),
            "undecided-over",
        ),  # of a region that is gone altogether
        (absence(None, 0, Silence(8.9, 8.9, 0, 3000, 3000)), "breach"),
        (absence(None, 0, Silence(None, 7.0, AT, None, 3000)), "breach"),  # given up: the others are judged
    ],
)
def test_a_location_silent_in_one_region_leaves_the_countrys_mean_unknown(region, verdict):
    one = country(ABSENCE, {"R01": absence(9.0, 1000), "R02": region})["absence_rate{sector=vvt}"]
    assert verdict_of(NORMS.by_id["absence-high-vvt"], NL, one, AT, NORMS)[0] == verdict


def test_a_mean_is_weighed_in_each_view_by_what_it_rests_on_there():
    told = {"R01": absence(9.0, 1000), "R02": absence(6.0, 500, Silence(7.0, 8.0, AT, 3000, 4000))}
    one = country(ABSENCE, told)["absence_rate{sector=vvt}"]
    assert (one.value, one.observations) == (8.0, 1500)
    assert one.silence == Silence(7.5, 8.2, AT, 4000, 5000, 4000, 5000)


def test_a_region_with_nobody_to_inform_weighs_nothing_but_for_those_who_are_missed():
    def told(over, ratio, weight, silences=(None, None)):
        return [
            found("workstock_over_treeknorm", {}, over, 1, silences[0]),
            found("workstock_informed_ratio", {}, ratio, weight, silences[1]),
        ]

    silent = Silence(3, 3, 0, 2, 2), Silence(0.0, 0.0, 0, 3, 3)
    one = country(WORKSTOCK, {"R01": told(1, 1.0, 1), "R02": told(0, 1.0, 1, silent)})[
        "workstock_informed_ratio"
    ]
    assert (one.value, one.weighs, one.silence) == (1.0, 1, Silence(0.25, 0.25, 0, 4, 4, 4, 4))


def beds(ratio, staffed, silences=(None, None)) -> list[Indicator]:
    free = None if staffed is None else 5
    return [
        found("occupancy_ratio", IC, ratio, 1, silences[0]),
        found("beds_free", IC, free, staffed or 0, silences[1]),
        found("beds_staffed", IC, 1000, 9),  # those of hospitals that tell no patients with them
    ]


def test_occupancy_is_weighed_in_each_view_by_the_staffed_beds_there():
    silences = Silence(0.5, 0.7, AT, 2, 3), Silence(5, 5, AT, 300, 400)
    one = country(OCCUPANCY, {"R01": beds(1.0, 100), "R02": beds(0.8, 100, silences)})[
        "occupancy_ratio{unit=ic}"
    ]
    assert (one.value, one.silence) == (0.9, Silence(0.625, 0.76, AT, 3, 4))


def test_staffed_beds_of_a_silent_hospital_weigh_though_the_ratio_is_the_same_with_it():
    silences = None, Silence(5, 5, 0, 300, 300)
    one = country(OCCUPANCY, {"R01": beds(1.0, 100), "R02": beds(0.8, 100, silences)})[
        "occupancy_ratio{unit=ic}"
    ]
    assert (one.value, one.silence) == (0.9, Silence(0.85, 0.85, 0, 2, 2))


def test_a_region_of_which_nothing_stands_weighs_by_its_last_staffed_beds():
    silences = Silence(0.5, 0.5, 0, 1, 1), Silence(5, 5, 0, 300, 300)
    one = country(OCCUPANCY, {"R01": beds(1.0, 100), "R02": beds(None, None, silences)})[
        "occupancy_ratio{unit=ic}"
    ]
    assert (one.value, one.silence) == (1.0, Silence(0.625, 0.625, 0, 2, 2))


def test_a_maximum_is_told_with_the_longest_of_the_silent_and_of_those_given_up():
    def age(hours, silence=None):
        return [found("forecast_age_hours", {}, hours, 1, silence)]

    told = {"R01": age(3), "R02": age(None, Silence(5, 9, AT, 1, 1)), "R03": age(2, Silence(4, 4, 0, 1, 1))}
    one = country(FORECAST, told)["forecast_age_hours"]
    assert (one.value, one.silence) == (3, Silence(5, 9, AT, 3, 3))
    assert (
        country(FORECAST, {"R01": age(6), "R03": age(2, Silence(4, 4))})["forecast_age_hours"].silence is None
    )


def test_a_ladder_of_the_country_ends_by_no_region_that_falls_silent():
    labels = {"unit": "ic", "label": "all"}
    told = {name: [found("beds_occupied", labels, 105)] for name in ROAZ_IDS}
    norm = NORMS.by_id["ic-ladder-1150"]
    key = "beds_occupied{label=all,unit=ic}"
    assert verdict_of(norm, NL, country(OCCUPANCY, told)[key], AT, NORMS)[0] == "breach"
    told["R02"] = [found("beds_occupied", labels, None, 0, Silence(105, 105, 0, 1, 1), 0.0)]
    one = country(OCCUPANCY, told)[key]
    assert (one.value, one.completeness) == (1050, 0.9091)  # complete enough, and clear as told
    assert verdict_of(norm, NL, one, AT, NORMS)[0] == "undecided-over"


def test_a_source_of_the_country_that_falls_silent_stands_before_the_sum_until_it_is_given_up():
    labels = {"unit": "ic", "label": "all"}
    key = "beds_occupied{label=all,unit=ic}"
    state = NationState()
    regions = {name: [found("beds_occupied", labels, 100)] for name in ROAZ_IDS}
    stated = [found("beds_occupied", labels, 1160)]
    assert country(OCCUPANCY, regions | {NL: stated}, state)[key].value == 1160
    gone = [found("beds_occupied", labels, None, 0, Silence(1160, 1160, 0, 1, 1), 0.0)]
    one = country(OCCUPANCY, {NL: gone}, state)[key]
    assert (one.value, one.silence) == (1100, Silence(1160, 1160, 0, 1, 1))
    given_up = [found("beds_occupied", labels, None, 0, Silence(None, 1160, AT, None, 1), 0.0)]
    one = country(OCCUPANCY, {NL: given_up}, state)[key]
    assert (one.value, one.silence) == (1100, Silence(1100, 1160, AT, 11, 1))
    forgotten = [found("beds_occupied", labels, None, 0, None, 0.0)]
    assert country(OCCUPANCY, {NL: forgotten}, state)[key].silence is None


def test_a_source_of_the_country_that_falls_silent_hides_no_breach_that_the_regions_prove():
    labels = {"unit": "ic", "label": "all"}
    state = NationState()
    regions = {name: [found("beds_occupied", labels, 100)] for name in ROAZ_IDS}
    country(OCCUPANCY, regions | {NL: [found("beds_occupied", labels, 1100)]}, state)
    gone = [found("beds_occupied", labels, None, 0, Silence(1100, 1100, 0, 1, 1), 0.0)]
    fuller = {name: [found("beds_occupied", labels, 110)] for name in ROAZ_IDS}
    one = country(OCCUPANCY, fuller | {NL: gone}, state)["beds_occupied{label=all,unit=ic}"]
    assert (one.value, one.silence) == (1210, None)
    assert verdict_of(NORMS.by_id["ic-ladder-1150"], NL, one, AT, NORMS)[0] == "breach"


def test_production_of_the_country_is_weighed_by_the_reference_of_the_silent_too():
    labels = {"kind": "operatie", "provider": "all"}
    told = {
        "R01": [found("production_ratio", labels, 1.0, 100)],
        "R02": [found("production_ratio", labels, 1.0, 100, Silence(0.5, 0.5, 0, 300, 300))],
    }
    one = country(PRODUCTION, told)["production_ratio{kind=operatie,provider=all}"]
    assert (one.value, one.silence) == (1.0, Silence(0.625, 0.625, 0, 400, 400, 400, 400))


def test_a_region_given_up_later_that_makes_no_difference_is_not_when_the_figure_became_other():
    def age(hours, silence=None):
        return [found("forecast_age_hours", {}, hours, 1, silence)]

    def told(later):
        every = {"R01": age(30), "R02": age(None, Silence(None, 90, AT - 9, 0, 1)), "R03": age(None, later)}
        return country(FORECAST, every)["forecast_age_hours"].silence

    assert told(Silence(None, 20, AT - 3, 0, 1)) == Silence(30, 90, AT - 9, 1, 3)
    assert told(Silence(None, 60, AT - 3, 0, 1)) == Silence(30, 90, AT - 3, 1, 3)  # that alone makes it other


def test_a_mean_becomes_other_when_the_newest_was_given_up_who_tells_another():
    def when(rate):
        told = {
            "R01": absence(9.0, 1000),
            "R02": absence(None, 0, Silence(None, 6.0, AT - 9, 0, 500)),
            "R03": absence(None, 0, Silence(None, rate, AT - 3, 0, 500)),
        }
        silence = country(ABSENCE, told)["absence_rate{sector=vvt}"].silence
        assert silence is not None
        return silence.given_up_at

    assert [when(9.0), when(8.9)] == [AT - 9, AT - 3]


def test_what_a_ratio_is_a_ratio_of_is_seen_with_the_silent_and_changes_it_alone():
    labels = {"ic": "all", "urgency": "U3"}
    key = "workstock_overdue_ratio{ic=all,urgency=U3}"

    def stock(patients, ratio, weight, silence=None):
        return [
            found("workstock_patients", labels, patients, 1, silence),
            found("workstock_overdue_ratio", labels, ratio, weight),
        ]

    state = NationState()
    told = {"R01": stock(3, 1.0, 3), "R02": stock(0, 0.0, 1)}
    assert country(WORKSTOCK, told, state)[key].value == 1.0
    # In R02 nobody waits; with the silent one there, of whom nobody waits too long, a quarter less.
    one = country(WORKSTOCK, {"R02": stock(0, 0.0, 1, Silence(1, 1, 0, 2, 2))[:1]}, state)[key]
    assert (one.value, one.silence) == (1.0, Silence(0.75, 0.75, 0, 4, 4, 4, 4))
    assert country(WORKSTOCK, {"R02": stock(1, 0.0, 1)[:1]}, state)[key].value == 0.75


@pytest.mark.parametrize(
    ("stated", "regions", "verdict"),
    [
        (0.80, 0.96, "breach"),  # the regions prove it, whatever was stated before
        (0.96, 0.80, "undecided-over"),  # nobody told that it is over
        (0.80, 0.80, "clear"),
        (0.96, 0.96, "breach"),
    ],
)
def test_an_occupancy_that_is_stated_no_more_ends_nothing_and_hides_no_breach(stated, regions, verdict):
    state = NationState()
    own = found("occupancy_ratio", IC, stated)
    told = {name: beds(regions, 100) for name in ROAZ_IDS}
    key = "occupancy_ratio{unit=ic}"
    assert country(OCCUPANCY, told | {NL: [own]}, state)[key].value == stated
    gone = found("occupancy_ratio", IC, None, 0, Silence(stated, stated, 0, 1, 1), 0.0)
    one = country(OCCUPANCY, {NL: [gone]}, state)[key]
    assert one.value == regions
    assert verdict_of(NORMS.by_id["ic-occupancy-critical"], NL, one, AT, NORMS)[0] == verdict


def test_of_a_ratio_of_which_few_are_the_worse_the_lower_stands_and_of_one_with_two_sides_the_farther():
    def seen(topic, name, labels, stated, regions):
        gone = found(name, labels, None, 0, Silence(stated, stated, 0, 50, 50), 0.0)
        (one,) = country(
            topic, {NL: [gone]} | {r: [found(name, labels, regions, 50)] for r in ROAZ_IDS}
        ).values()
        return one.seen("carried").value

    production = (PRODUCTION, "production_ratio", {"kind": "operatie", "provider": "all"})
    assert [seen(*production, 0.6, 0.9), seen(*production, 0.9, 0.6)] == [0.6, 0.6]
    assert [seen(ABSENCE, "absence_rate", VVT, *both) for both in ((9.0, 7.0), (7.0, 9.0))] == [9.0, 9.0]


def test_the_worse_side_of_a_ratio_of_the_country_is_the_one_its_norms_look_at():
    sides: dict[str, set[str]] = {}
    for norm in NORMS.norms:
        if INDICATORS[norm.indicator].national == "ratio":
            sides.setdefault(norm.indicator, set()).add(norm.comparison[0])
    for name, looks in sides.items():
        assert ("<" in looks and ">" in looks) == (INDICATORS[name].ratio.worse == "far"), name
        assert (looks == {"<"}) == (INDICATORS[name].ratio.worse == "low"), name
