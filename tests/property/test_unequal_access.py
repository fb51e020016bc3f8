"""Unequal access with and without the silent ones is what a plain comparison of all medians gives."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.domain.joins.access import ACCESS
from streams.regions import NL, ROAZ_IDS
from streams.status import Silence
from tests.support.facts import figure, joined

MEDIAN = "treatment_wait_days_median{access=klinisch,specialism=orthopedie,treatment=knie}"
days = st.sampled_from([0, 0.5, 1, 20, 30, 33.5, 60, 61])
since = st.sampled_from([0, 100, 200])
silences = st.builds(Silence, days, days, since)
medians = st.one_of(
    st.tuples(days, st.none() | silences),  # somebody stands
    st.tuples(st.none(), st.one_of(st.none(), silences, st.builds(Silence, st.none(), days, since))),
)


def ratio(told: list[float | None]) -> float:
    known = [max(1, one) for one in told if one is not None]
    return round(max(known) / min(known), 4)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(ROAZ_IDS), medians, max_size=5))
def test_the_ratio_is_that_of_all_medians_as_told_and_with_the_silent_ones(told):
    found = joined(
        ACCESS,
        {region: {MEDIAN: figure(MEDIAN, value, silence=own)} for region, (value, own) in told.items()},
    )
    said = list(found.get(NL, {}).values())
    values = [value for value, _ in told.values()]
    if len(values) - values.count(None) < 2:
        assert said == []
        return
    assert [one.value for one in said] == [ratio(values)]
    if all(own is None for _, own in told.values()):
        assert said[0].silence is None
        return
    missed = [own.missed if own else value for value, own in told.values()]
    given_up = [
        (own.given_up if own else value, own.given_up_at if own else 0) for value, own in told.values()
    ]
    ends = [max(1, one) for one, _ in given_up if one is not None]
    at = max(when for one, when in given_up if one is not None and max(1, one) in (min(ends), max(ends)))
    assert said[0].silence == Silence(ratio(missed), ratio([one for one, _ in given_up]), at)
