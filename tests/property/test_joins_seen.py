"""A join told with those who fell silent is the same join, computed from what these told last as if they told it now."""

import random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.domain.country.joins.facts import Facts
from agents.domain.country.second_stage import ALL_JOINS
from alerts.norms import load_norms
from streams.evidence import Silence, View
from streams.indicators import indicator_key
from streams.joins import JOINED_ACCESS
from streams.regions import REGIONS
from streams.status import Indicator
from streams.topics import REPORT_TOPICS
from tests.support.drawn_status import BEGIN, drawn

NORMS = load_norms()
Known = dict[str, dict[str, Indicator]]


def known(seed: int) -> Known:
    """What all regions told last, some of it with those who fell silent."""
    told: Known = {}
    for (topic, region), ticks in drawn(random.Random(seed), 8).items():
        assert topic in REPORT_TOPICS
        for found in (found for at in sorted(ticks) for found in ticks[at]):
            told.setdefault(region, {})[indicator_key(found.name, found.labels)] = found
    return told


def told_by_the_silent(told: Known, view: View) -> Known:
    return {region: {key: found.seen(view) for key, found in own.items()} for region, own in told.items()}


def computed(told: Known) -> dict[tuple[str, str, str], Indicator]:
    """What every part of every join says; of unequal access, which says its silence itself, nothing."""
    facts = Facts(told, BEGIN, NORMS)
    return {
        (part.name, region, key): found
        for join in ALL_JOINS.values()
        if join.name != JOINED_ACCESS
        for part in join.parts
        if not part.tells_silence
        for region, own in part.compute(facts, REGIONS).items()
        for key, found in own.items()
    }


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_a_join_in_each_view_is_the_join_of_what_is_told_there(seed: int):
    told = known(seed)
    said = computed(told)
    with_missed = computed(told_by_the_silent(told, "carried"))
    for view in ("reported", "carried", "expired"):
        plain = computed(told_by_the_silent(told, view))
        for place in plain.keys() | said.keys():
            assert place not in plain or plain[place].silence is None
            expected = known_as(plain.get(place))
            if view == "reported" and known_as(with_missed.get(place)) is None:
                expected = None  # not known with those who are missed: whatever follows without them
            if view != "expired" or expected is not None:
                seen = said.get(place)
                assert known_as(None if seen is None else seen.seen(view)) == expected, (view, place)


def known_as(found: Indicator | None) -> tuple[float | int | None, int] | None:
    return None if found is None or found.value is None else (found.value, found.observations)


@settings(max_examples=5)
@given(st.integers(0, 10_000))
def test_where_the_silent_make_no_difference_a_join_is_as_if_there_were_none(seed: int):
    told = told_by_the_silent(known(seed), "reported")
    same = {
        region: {
            key: found if found.value is None else msgspec.structs.replace(found, silence=as_told(found))
            for key, found in own.items()
        }
        for region, own in told.items()
    }
    assert computed(same) == computed(told)


def as_told(found: Indicator) -> Silence:
    return Silence(found.value, found.value, 0, found.observations, found.observations)
