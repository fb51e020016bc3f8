"""What follows for agreements, for plannable care against urgent care, and for access, from figures of several topics."""

import pytest

from agents.domain.country.joins.access import ACCESS
from agents.domain.country.joins.agreements import AGREEMENTS
from agents.domain.country.joins.join import JoinState, SixHourly, join_entries
from agents.domain.country.joins.scaling_up import SCALING_UP
from agents.domain.country.second_stage import ALL_JOINS
from alerts.episode import UNDECIDED
from alerts.norms import parse_norms
from alerts.verdict import verdict_of
from streams.calendar import day_start, local_day
from streams.evidence import Silence
from streams.indicators import INDICATORS
from streams.joins import JOINS
from streams.regions import NL, ROAZ_IDS
from streams.topics import WAITING_TIMES
from tests.support.facts import AT, NORMS, figure, joined, values
from tests.support.norm_files import file_text, norm_text

DAY = 86_400
IN_2022 = AT + 200 * DAY
"""A day on which the kader holds."""


def test_every_join_has_an_implementation_that_reads_its_own_topics():
    assert set(ALL_JOINS) == set(JOINS)
    for join in ALL_JOINS.values():
        assert {INDICATORS[name].topic for name in join.reads} == set(JOINS[join.name])


def phase(number: int, since: int = AT):
    return {"phase": figure("phase", number, observed_at=since)}


def test_where_nothing_is_recorded_no_agreement_is_in_force_once_the_phase_is_known():
    assert joined(AGREEMENTS, {"R05": {"agreement_valid{subject=spreading}": 1}}) == {}
    results = joined(AGREEMENTS, {NL: phase(3), "R05": {"agreement_valid{subject=spreading}": 2}})
    assert values(results, "R05", "agreement_in_force") == {
        "agreement_in_force{subject=spreading}": 1,
        "agreement_in_force{subject=ic-dependent}": 0,
    }
    assert set(values(results, "R06", "agreement").values()) == {0}
    assert values(results, NL, "agreement") == {}


def test_agreements_that_are_made_and_not_recorded_are_counted():
    results = joined(AGREEMENTS, {NL: phase(3), "R05": {"agreement_unrecorded{subject=ic-dependent}": 2}})
    assert values(results, "R05", "agreement_not_recorded") == {
        "agreement_not_recorded{subject=spreading}": 0,
        "agreement_not_recorded{subject=ic-dependent}": 2,
    }


@pytest.mark.parametrize(("valid", "beds", "without"), [(1, 6, 0), (1, 0, 1), (1, None, 1), (0, None, 0)])
def test_an_agreement_on_care_that_needs_intensive_care_keeps_beds(valid, beds, without):
    told = {"agreement_valid{subject=ic-dependent}": valid, "agreement_ic_beds": beds}
    results = joined(AGREEMENTS, {NL: phase(3), "R05": told})
    assert values(results, "R05", "agreement_without") == {"agreement_without_beds": without}


def test_the_insight_of_lcps_is_the_newest_of_region_and_country_or_missing_since_the_phase_began():
    key = "report_age_days{report=lcps-inzicht}"
    told = {NL: phase(3, AT - 3 * DAY), "R05": {key: figure(key, 1, observed_at=AT - DAY)}}
    results = joined(AGREEMENTS, told)
    ages = {region: values(results, region)["lcps_insight_age_days"] for region in ("R05", "R06", NL)}
    assert ages == {"R05": 1, "R06": 3, NL: 3}
    told[NL][key] = figure(key, 0, observed_at=AT)
    results = joined(AGREEMENTS, told)
    assert [values(results, region)["lcps_insight_age_days"] for region in ("R05", "R06", NL)] == [0, 0, 0]


U3 = "{ic=all,urgency=U3}"
U3_IC = "{ic=yes,urgency=U3}"


def operated(provider: str, u4: int, u5: int) -> dict[str, float]:
    return {
        f"operations_week{{ic=all,provider={provider},urgency=U4}}": u4,
        f"operations_week{{ic=all,provider={provider},urgency=U5}}": u5,
    }


def mondays(*, stock: int | None = 0, operations: int | None = -7) -> dict[str, float | None]:
    """Midnight of the Mondays that both are of, in days from that of `AT`."""
    days = {"workstock_monday_at": stock, "operations_monday_at": operations}
    return {name: None if day is None else day_start(local_day(AT) + day) for name, day in days.items()}


TOLD = operated("hospital", 3, 4) | operated("zbc", 0, 2) | operated("all", 3, 6)
OPERATED = TOLD | mondays()


@pytest.mark.parametrize(("overdue", "counts"), [(0, (0, 0)), (1, (7, 2))])
def test_plannable_operations_count_against_overdue_u3_by_provider(overdue, counts):
    results = joined(SCALING_UP, {"R05": OPERATED | {f"workstock_overdue{U3}": overdue}})
    assert tuple(values(results, "R05", "u45_while_u3_overdue").values()) == counts


@pytest.mark.parametrize(("overdue", "rise", "count"), [(5, 1, 9), (5, 0, 0), (5, -1, 0), (0, 0, 0)])
def test_plannable_operations_count_against_u3_that_is_overdue_and_rises(overdue, rise, count):
    told = OPERATED | {f"workstock_overdue{U3_IC}": overdue, f"workstock_overdue_rise{U3_IC}": rise}
    results = joined(SCALING_UP, {"R05": told})
    assert values(results, "R05", "u45_while_u3_rising") == {"u45_while_u3_rising{ic=yes}": count}
    del told[f"workstock_overdue_rise{U3_IC}"]
    unknown = {} if overdue else {"u45_while_u3_rising{ic=yes}": 0}  # where nobody is overdue, nothing rises
    assert values(joined(SCALING_UP, {"R05": told}), "R05", "u45_while_u3_rising") == unknown


@pytest.mark.parametrize(
    ("stock", "operations", "judged"),
    [
        (0, 0, True), (0, -7, True), (0, -14, False), (0, -28, False), (-7, 0, True), (-14, 0, False),
        (None, 0, False), (0, None, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("overdue", [0, 5])
def test_operations_and_u3_of_other_weeks_are_not_held_against_each_other(overdue, stock, operations, judged):
    told = TOLD | mondays(stock=stock, operations=operations)
    told |= {f"workstock_overdue{U3}": overdue, f"workstock_overdue_rise{U3}": 1}
    found = values(joined(SCALING_UP, {"R05": told}), "R05", "u45_while_u3")
    assert list(found.values()) == ([7, 2, 9] if overdue else [0, 0, 0]) * judged


def test_a_week_with_a_clock_change_is_one_week():
    autumn = local_day(1_635_768_000)  # Monday 1 November 2021
    told = TOLD | {f"workstock_overdue{U3}": 5}
    told |= {"workstock_monday_at": day_start(autumn), "operations_monday_at": day_start(autumn - 7)}
    assert list(values(joined(SCALING_UP, {"R05": told}), "R05", "u45_while_u3").values()) == [7, 2]


def test_without_operations_or_without_werkvoorraad_nothing_is_known():
    assert joined(SCALING_UP, {"R05": {f"workstock_overdue{U3}": 4}}) == {}
    assert values(joined(SCALING_UP, {"R05": OPERATED}), "R05", "u45") == {}


def strained(**sectors: float):
    return {f"followup_strain_ratio{{sector={name}}}": value for name, value in sectors.items()}


@pytest.mark.parametrize(("strain", "counts"), [(0.67, (0, 0)), (0.68, (7, 2))])
def test_vervolgzorg_is_strained_beyond_the_limit_of_its_own_norm(strain, counts):
    told = OPERATED | strained(grz=strain, verpleeghuis=0.1)
    results = joined(SCALING_UP, {"R05": told})
    assert tuple(values(results, "R05", "u45_while_followup").values()) == counts
    # Before the first day of the norm nothing is strained or not.
    assert values(joined(SCALING_UP, {"R05": told}, AT - 365 * DAY), "R05", "u45_while_followup") == {}


@pytest.mark.parametrize(("now", "missed"), [(0.2, 0.9), (0.9, 0.2), (None, 0.9)])
def test_a_sector_that_is_strained_or_not_by_silence_alone_neither_begins_nor_ends_anything(now, missed):
    silent = figure("followup_strain_ratio{sector=grz}", now, silence=Silence(missed, missed))
    told = OPERATED | {"followup_strain_ratio{sector=grz}": silent}
    norm = NORMS.by_id["hospital-u45-while-followup-strained"]

    def judged(figures) -> str:
        (found,) = [
            one
            for one in joined(SCALING_UP, {"R05": figures}, IN_2022)["R05"].values()
            if one.name == norm.indicator and norm.labels.items() <= one.labels.items()
        ]
        return verdict_of(norm, "R05", found, IN_2022, NORMS)[0]

    assert judged(told) in UNDECIDED
    assert judged(told | strained(verpleeghuis=0.1)) in UNDECIDED
    assert judged(told | strained(verpleeghuis=0.68)) == "breach"


def test_too_few_who_wait_strain_no_vervolgzorg():
    few = figure("followup_strain_ratio{sector=grz}", 0.9, observations=9)
    results = joined(SCALING_UP, {"R05": OPERATED | {"followup_strain_ratio{sector=grz}": few}})
    assert tuple(values(results, "R05", "u45_while_followup").values()) == (0, 0)


def test_a_changed_limit_of_vervolgzorg_counts():
    norm = norm_text(indicator='"followup_strain_ratio"', labels="{ }", split='["sector"]', comparison='">"', limit="0.3", clear_limit="0.3")  # fmt: skip
    results = joined(SCALING_UP, {"R05": OPERATED | strained(grz=0.31)}, norms=parse_norms(file_text(norm)))
    assert tuple(values(results, "R05", "u45_while_followup").values()) == (7, 2)


@pytest.mark.parametrize(
    ("strain", "rises", "count"), [(0.7, (3, -1), 2), (0.7, (-3, 1), 0), (0.6, (3, 1), 0)]
)
def test_a_rise_of_plannable_operations_counts_while_vervolgzorg_is_strained(strain, rises, count):
    told = {
        f"operations_rise{{urgency={name}}}": rise for name, rise in zip(("U4", "U5"), rises, strict=True)
    }
    results = joined(SCALING_UP, {"R05": told | strained(grz=strain)})
    assert values(results, "R05") == {"u45_rising_while_followup_strained": count}


def test_weeks_of_work_are_stock_per_week_of_operating_and_those_of_the_country_of_all_together():
    stock, done = "workstock_or_hours{specialism=%s}", "operated_or_hours_week{specialism=%s}"
    told = {
        "R05": {stock % "orthopedie": 120, done % "orthopedie": 40, stock % "all": 200, done % "all": 0},
        "R06": {stock % "orthopedie": 60, done % "orthopedie": 5, stock % "urologie": 60},
    }
    results = joined(SCALING_UP, told)
    assert values(results, "R05") == {"workstock_weeks{specialism=orthopedie}": 3}
    assert values(results, "R06") == {"workstock_weeks{specialism=orthopedie}": 12}
    assert values(results, NL) == {"workstock_weeks{specialism=orthopedie}": 4}


MEDIAN = "treatment_wait_days_median{access=behandeling,specialism=orthopedie,treatment=%s}"
RATIO = "unequal_access_ratio{access=behandeling,specialism=orthopedie,treatment=%s}"


def test_access_is_the_longest_median_per_shortest_of_at_least_two_regions():
    told = {
        "R05": {MEDIAN % "knie": 90, MEDIAN % "heup": 50},
        "R06": {MEDIAN % "knie": 30},
        NL: {MEDIAN % "heup": 10},
    }
    results = joined(ACCESS, told)
    assert values(results, NL) == {RATIO % "knie": 3}
    assert results[NL][RATIO % "knie"].completeness == round(2 / len(ROAZ_IDS), 4)
    assert results[NL][RATIO % "knie"].observations == 40


def test_a_median_of_no_days_counts_as_one_day():
    assert values(joined(ACCESS, {"R05": {MEDIAN % "knie": 0}, "R06": {MEDIAN % "knie": 9}}), NL) == {
        RATIO % "knie": 9
    }


def test_a_ratio_that_is_not_known_any_more_says_nothing_of_the_silent_ones_either():
    key = MEDIAN % "knie"
    told = [
        ("R05", [figure(key, 90, silence=Silence(60, 60))]),
        ("R06", [figure(key, 30)]),
    ]
    state = JoinState()
    first, *_ = join_entries(ACCESS, state, SixHourly(), AT, [(WAITING_TIMES, told)], NORMS)
    assert [(one.value, one.silence) for one in first.indicators] == [(3, Silence(2, 2, 0, 40, 40))]
    gone, *_ = join_entries(
        ACCESS, state, SixHourly(), AT + 60, [(WAITING_TIMES, [("R06", [figure(key, None)])])], NORMS
    )
    assert [(one.value, one.silence) for one in gone.indicators] == [(None, None)]
