"""Unequal access with and without the silent ones is what a plain comparison of all medians gives."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.domain.country.joins.access import ACCESS
from streams.evidence import Silence
from streams.regions import NL, ROAZ_IDS
from tests.support.facts import figure, joined

MEDIAN = "treatment_wait_days_median{access=klinisch,specialism=orthopedie,treatment=knie}"
days = st.sampled_from([0, 0.5, 1, 20, 30, 33.5, 60, 61])
since = st.sampled_from([0, 100, 200])
silences = st.builds(Silence, days, days, since)
medians = st.one_of(
    st.tuples(days, st.none() | silences),  # somebody stands
    st.tuples(st.none(), st.one_of(st.none(), silences, st.builds(Silence, st.none(), days, since))),
)


def ratio(medians: list[float | None]) -> float | None:
    known = [max(1, one) for one in medians if one is not None]
    return round(max(known) / min(known), 4) if len(known) > 1 else None


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(ROAZ_IDS), medians, max_size=5))
def test_the_ratio_is_that_of_all_medians_as_told_and_with_the_silent_ones(told):
    found = joined(
        ACCESS,
        {region: {MEDIAN: figure(MEDIAN, value, silence=own)} for region, (value, own) in told.items()},
    )
    said = list(found.get(NL, {}).values())

    def with_since(second: int) -> float | None:
        return ratio(
            [
                value if own is None else own.given_up if own.given_up_at >= second else own.missed
                for value, own in told.values()
            ]
        )

    now, missed, every = (
        ratio([value for value, _ in told.values()]), ratio([own.missed if own else value for value, own in told.values()]), with_since(0)
    )  # fmt: skip
    if every is None:
        assert said == []
        return
    assert said[0].value == now
    if said[0].silence is None:
        assert now == missed == every
        return
    at = max((when for when in (100, 200) if with_since(when) != missed), default=0)
    silence = said[0].silence
    assert (silence.missed, silence.given_up) == (missed, every)
    if missed != every:
        assert silence.given_up_at == at
