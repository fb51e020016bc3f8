"""The verdict on one figure: each norm on both sides of its limit, with too few, incomplete, and with the silent."""

from datetime import UTC, datetime

import pytest

from alerts.norms import Norm, load_norms
from alerts.verdict import verdict_of
from streams.evidence import Silence
from streams.regions import NL
from streams.status import Indicator
from streams.topics import OCCUPANCY
from tests.support.norm_files import only

NORMS = load_norms()
AT = int(datetime(2021, 11, 15, 12, tzinfo=UTC).timestamp())
NUMERIC = [norm for norm in NORMS.norms if not norm.is_age]


def region_of(norm: Norm) -> str:
    return "R07" if "R07" in norm.regions else NL


def indicator(
    norm: Norm,
    value: float,
    observations: int | None = None,
    completeness: float = 1.0,
    weight: int | None = None,
) -> Indicator:
    labels = dict(norm.labels) | {name: "sim-beds" for name in norm.split if name == "source"}
    labels |= {name: OCCUPANCY for name in norm.split if name == "topic"}
    count = norm.min_observations if observations is None else observations
    # Of so many that chance explains no more than the limit.
    enough = round((norm.chance / norm.limit) ** 2) if norm.chance else norm.min_weight
    weight = enough if weight is None else weight
    return Indicator(norm.indicator, labels, value, AT, completeness, count, weight=weight or None)


def verdict(
    norm: Norm,
    value: float,
    observations: int | None = None,
    completeness: float = 1.0,
    weight: int | None = None,
) -> str:
    found = indicator(norm, value, observations, completeness, weight)
    return verdict_of(norm, region_of(norm), found, AT, NORMS)[0]


def beyond(norm: Norm) -> float:
    """A value that is just a breach."""
    step = 0.001 if norm.unit == "ratio" else 1
    return {">": norm.limit + step, ">=": norm.limit, "<": norm.limit - step, "<=": norm.limit}[
        norm.comparison
    ]


def within(norm: Norm) -> float:
    """A value that is just no breach."""
    step = 0.001 if norm.unit == "ratio" else 1
    return {">": norm.limit, ">=": norm.limit - step, "<": norm.limit, "<=": norm.limit + step}[
        norm.comparison
    ]


@pytest.mark.parametrize("norm", NUMERIC, ids=lambda norm: norm.id)
def test_each_norm_is_broken_just_beyond_its_limit_and_not_just_within(norm: Norm):
    assert verdict(norm, beyond(norm)) == "breach"
    assert verdict(norm, within(norm)) in {"between", "clear"}
    assert verdict(norm, norm.clear_limit) == ("breach" if beyond(norm) == norm.clear_limit else "clear")


@pytest.mark.parametrize("norm", NUMERIC, ids=lambda norm: norm.id)
def test_with_one_observation_too_few_a_norm_is_not_broken_and_kept_only_where_it_counts_people(norm: Norm):
    if norm.min_observations:
        for value in (beyond(norm), within(norm), norm.clear_limit):
            few = verdict(norm, value, norm.min_observations - 1)
            assert few == ("clear" if norm.few_ends else "insufficient")


@pytest.mark.parametrize("norm", [norm for norm in NUMERIC if norm.min_weight], ids=lambda norm: norm.id)
def test_about_one_too_few_a_norm_is_not_broken_whatever_number_of_locations_report(norm: Norm):
    for value in (beyond(norm), within(norm), norm.clear_limit):
        few = verdict(norm, value, 1000, weight=norm.min_weight - 1)
        assert few == ("clear" if norm.few_ends else "insufficient")
    far = beyond(norm) + norm.limit_in(region_of(norm), norm.min_weight) - norm.limit
    assert verdict(norm, far, 1, weight=norm.min_weight) == "breach"


def test_of_few_the_limit_is_what_chance_explains():
    norm = NORMS.by_id["fair-share-above-ic"]
    for weight, limit in ((16, 0.5), (100, 0.2), (400, 0.1), (10_000, 0.1)):
        assert norm.limit_in("R07", weight) == norm.clear_limit_in("R07", weight) == limit
        assert verdict(norm, limit, 1, weight=weight) == "clear"
        assert verdict(norm, limit + 0.001, 1, weight=weight) == "breach"
    assert NORMS.by_id["fair-share-below-ic"].limit_in("R07", 100) == -0.2


def test_of_an_entry_from_before_weights_the_observations_are_the_weight():
    norm = next(norm for norm in NORMS.norms if norm.indicator == "absence_rate")
    for employees, expected in ((99, "insufficient"), (100, "breach")):
        found = Indicator(norm.indicator, norm.labels, 50, AT, 1.0, employees)
        assert verdict_of(norm, region_of(norm), found, AT, NORMS)[0] == expected


def test_fewer_that_are_not_all_told_end_no_breach():
    norms = only(min_observations="10", few_ends="true", min_completeness="0.9", lower_bound="true")
    (norm,) = norms.norms
    for value in (0.95, 0.5):
        few = Indicator("occupancy_ratio", {"unit": "ic"}, value, AT, 0.8, 9)
        assert verdict_of(norm, "R07", few, AT, norms) == ("insufficient", value)


def test_an_incomplete_figure_that_only_the_silent_put_beyond_the_limit_proves_no_breach():
    norms = only(min_completeness="0.9", lower_bound="true")
    (norm,) = norms.norms
    for missed, verdict in ((0.95, "breach"), (0.5, "undecided-over")):
        found = Indicator("occupancy_ratio", {"unit": "ic"}, 0.95, AT, 0.8, 1, Silence(missed))
        assert verdict_of(norm, "R07", found, AT, norms)[0] == verdict


@pytest.mark.parametrize("norm", [n for n in NUMERIC if n.min_completeness], ids=lambda norm: norm.id)
def test_just_below_the_completeness_only_a_lower_bound_proves_a_breach(norm: Norm):
    little = norm.min_completeness - 0.0001
    assert verdict(norm, beyond(norm), completeness=norm.min_completeness) == "breach"
    assert verdict(norm, beyond(norm), completeness=little) == (
        "breach" if norm.lower_bound else "undecided-over"
    )
    assert verdict(norm, within(norm), completeness=little) == "insufficient"


def test_the_treeknorm_80_wants_fifteen_observations():
    norm = NORMS.by_id["treeknorm-80-polikliniek"]
    assert verdict(norm, 0.79, 14) == "insufficient"
    assert verdict(norm, 0.79, 15) == "breach"
    assert verdict(norm, 0.80, 15) == "clear"


@pytest.mark.parametrize(
    ("value", "missed", "verdict"),
    [
        (0.5, 0.95, "undecided-over"),
        (0.95, 0.5, "undecided-over"),
        (0.95, 0.95, "breach"),
        (0.5, 0.5, "clear"),
        (0.5, 0.87, "between"),
        (0.87, 0.5, "between"),
        (0.5, None, "clear"),
    ],
)
def test_what_those_who_are_missed_would_change_is_not_known(value, missed, verdict):
    norms = only(clear_limit="0.85")
    (norm,) = norms.norms
    found = Indicator("occupancy_ratio", {"unit": "ic"}, value, AT, silence=Silence(missed))
    assert verdict_of(norm, "R07", found, AT, norms) == (verdict, value)
