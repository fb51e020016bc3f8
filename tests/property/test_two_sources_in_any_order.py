"""Of two registered sources the better one counts, whichever of their reports of a day or week comes first."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.domain.registration import hold
from tests.support.one_region import OneRegion
from tests.support.reports import (
    MONDAY,
    absence,
    follow_up,
    ic,
    operations,
    production,
    referrals,
    rooms,
    stock_row,
    workstock,
)
from tests.support.speaking import place, registry, source

MAKERS = {
    "care.occupancy": lambda at, count, source: ic(count, 100, at, location="A", source=source),
    "care.follow-up": lambda at, count, source: follow_up(count, 7, at=at, location="A", source=source),
    "care.operating-rooms": lambda at, count, source: rooms(count, 100, at=at, location="A", source=source),
    "care.workstock": lambda at, count, source: workstock(
        stock_row(patients=count), at=at, location="A", source=source
    ),
    "care.production": lambda at, count, source: production(
        operations(count), at=at, location="A", source=source
    ),
    "care.absence": lambda at, count, source: absence(count / 1000, at=at, location="A", source=source),
    "care.referrals": lambda at, count, source: referrals(count, 100, at=at, location="A", source=source),
}
ABOUT_SOURCES = ("feed_received_at", "backdated_reports", "conflicting_sources")


def played(topic, told):
    """What is said of a region once these reports came, all between two ticks."""
    region = OneRegion(topic)
    lines = (
        source(name, ["*"], f', "rank": {rank}').replace("care.occupancy", topic)
        for name, rank in (("hi", 1), ("lo", 50))
    )
    hold(region.partition, registry(*lines, place("A")))
    region.tell(
        *(MAKERS[topic](MONDAY + timedelta(minutes=minute), count, name) for minute, count, name in told)
    )
    region.tick(MONDAY + timedelta(hours=5))
    return {key: one for key, one in region.said.items() if one.name not in ABOUT_SOURCES}


@pytest.mark.parametrize("topic", MAKERS)
def test_the_better_one_counts_though_the_other_tells_of_later_and_came_first(topic):
    figures = played(topic, [(5, 90, "lo"), (0, 20, "hi")])
    assert figures == played(topic, [(0, 20, "hi"), (5, 90, "lo")])
    assert figures.keys() == played(topic, [(0, 20, "hi")]).keys()
    values = {key: one.value for key, one in figures.items()}
    assert values == {key: one.value for key, one in played(topic, [(0, 20, "hi")]).items()}


REPORTS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(10, 90), st.sampled_from(["hi", "lo"])),
    min_size=2,
    max_size=4,
    unique_by=lambda one: one[0],
)


@pytest.mark.parametrize("topic", MAKERS)
@settings(max_examples=15)
@given(told=REPORTS)
def test_the_order_between_two_ticks_changes_nothing(topic, told):
    first, *others = (played(topic, order) for order in permutations(told))
    assert all(other == first for other in others)
