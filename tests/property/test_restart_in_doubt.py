"""A worker that is restarted between any two ticks says the same of names that come, go, are tried and fall silent."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.domain.partition import empty_partition, tick
from agents.domain.registration import hold
from alerts.norms import load_norms
from streams.topics import WORKSTOCK
from tests.support.entrance import receive
from tests.support.put_away import Shelf
from tests.support.reports import MONDAY, ic, record, stock_row, workstock
from tests.support.speaking import DAY, place, registry, source

NORMS = load_norms()
SOURCES = ("one", "two")
NAMES = ("A", "B", "C", "N", "AB", "R07")
DAYS = 20

_LINES = st.sets(st.sampled_from(NAMES))
_HEARD = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(SOURCES)), st.sampled_from((12, 30, 42, 60)), max_size=7
)
_DAYS = st.lists(st.tuples(_HEARD, st.sets(st.integers(1, 23), max_size=4)), min_size=DAYS, max_size=DAYS)


def _registry(names):
    topics = '"care.occupancy", "care.workstock"'
    sources = (
        source(name, ["any"], f', "rank": {rank}').replace('"care.occupancy"', topics)
        for rank, name in enumerate(SOURCES, 1)
    )
    return registry(*sources, *(place(name) for name in sorted(names)))


def _played(topic, days, names, since, restarts):
    state, shelf, said = empty_partition(topic, 0, ("R07",)), Shelf(), []
    for day, (heard, hours) in enumerate(days):
        at = MONDAY + day * DAY * (7 if topic == WORKSTOCK else 1)
        if day == since:
            hold(state, _registry(names))
        for (name, who), count in sorted(heard.items()):
            own = {"location": name, "source": who}
            told = (
                workstock(stock_row(patients=count), at=at, **own)
                if topic == WORKSTOCK
                else ic(count, 2 * count, at, **own)
            )
            written = record(told)
            receive(state, written.key, written.value, written.timestamp)
        for hour in sorted({*hours, 1}):
            said.append(tick(state, int((at + timedelta(hours=hour)).timestamp()), NORMS))
            if restarts:
                shelf.put(state)
                state = shelf.take()
    return said


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(("care.occupancy", WORKSTOCK)), _DAYS, _LINES, st.integers(0, DAYS + 5))
def test_a_restart_makes_no_difference(topic, days, names, since):
    whole = _played(topic, days, names, since, restarts=False)
    assert _played(topic, days, names, since, restarts=True) == whole
