"""Who is silent follows from what was told, not from the order in which it came."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.indicators import GIVEN_UP, SILENT
from streams.reports import BedReading
from streams.topics import FOLLOW_UP, OCCUPANCY, PRODUCTION, REFERRALS
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, beds, follow_up, production, referrals

DAYS = 30
"""Long enough for some to be given up (14 days), short enough that nothing is late before the first tick."""


def _beds(at, location, unit):
    return beds(at, location=location, readings=[BedReading(unit=unit, label="total", occupied=5, staffed=9)])


_MADE = {
    OCCUPANCY: _beds,
    FOLLOW_UP: lambda at, location, _: follow_up(1, 2, at=at, location=location),
    REFERRALS: lambda at, location, _: referrals(8, 9, at=at, location=location),
    PRODUCTION: lambda at, location, _: production(at=at, location=location),
}

_TOLD = st.lists(
    st.tuples(st.integers(0, DAYS), st.sampled_from("ABCD"), st.sampled_from(("ic", "ward"))), min_size=1, max_size=12
)  # fmt: skip


@settings(max_examples=30)
@given(topic=st.sampled_from(sorted(_MADE)), told=_TOLD, shuffled=st.randoms(use_true_random=False))
def test_who_is_silent_is_the_same_in_any_order(topic, told, shuffled):
    reports = [_MADE[topic](MONDAY + timedelta(days=day), *which) for day, *which in told]
    others = list(reports)
    shuffled.shuffle(others)

    named = []
    for own in (reports, others):
        region = OneRegion(topic).tell(*own)
        region.tick(MONDAY + timedelta(days=DAYS))
        named.append({key: one for key, one in region.said.items() if one.name in {SILENT, GIVEN_UP}})

    assert named[0] == named[1]
