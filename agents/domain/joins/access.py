"""joined.access: whether the same treatment can be had in comparable time in every network.

Someone who waits for a knee operation in Zeeland should be helped in a time comparable to that in Groningen or
Utrecht (policy letter of May 2021): the longest median of the networks per the shortest one.
"""

from collections.abc import Iterator

from agents.domain.joins.facts import Facts, newest, share_of_all
from agents.domain.joins.join import Join, Part
from streams.joins import JOINED_ACCESS
from streams.regions import NL, ROAZ_IDS
from streams.status import Indicator

_MEDIAN = "treatment_wait_days_median"
_SHORTEST_DAYS = 1.0
"""A median of less than a day counts as a day: hardly any wait must not make every other one endless."""


def _unequal(facts: Facts) -> Iterator[tuple[str, Indicator]]:
    medians: dict[str, dict[str, Indicator]] = {}
    for region in ROAZ_IDS:
        for key, found in facts.known.get(region, {}).items():
            if found.name == _MEDIAN and found.value is not None:
                medians.setdefault(key, {})[region] = found
    for _, told in sorted(medians.items()):
        if len(told) < 2:
            continue
        days = [max(float(found.value or 0), _SHORTEST_DAYS) for found in told.values()]
        yield (
            NL,
            Indicator(
                "unequal_access_ratio",
                next(iter(told.values())).labels,
                round(max(days) / min(days), 4),
                newest(*told.values()),
                share_of_all(told),
                sum(found.observations for found in told.values()),
            ),
        )


ACCESS = Join(JOINED_ACCESS, (Part("medians", frozenset({_MEDIAN}), of_all=_unequal),))
