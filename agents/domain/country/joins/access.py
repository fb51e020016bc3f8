"""joined.access: whether the same treatment can be had in comparable time in every network.

Someone who waits for a knee operation in Zeeland should be helped in a time comparable to that in Groningen or
Utrecht (policy letter of May 2021): the longest median of the networks per the shortest one.

A network whose locations fall silent leaves that comparison, or its median moves, though nobody was told that access
became more equal or less. So the ratio is told with those who fell silent as well.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import partial

from agents.domain.country.joins.facts import Facts, newest, share_of_all
from agents.domain.country.joins.join import Join, Part
from agents.domain.figures.in_views import Seen, newest_that_matters, silence_of
from streams.joins import JOINED_ACCESS
from streams.regions import NL, ROAZ_IDS
from streams.status import Indicator, View

_MEDIAN = "treatment_wait_days_median"
_SHORTEST_DAYS = 1.0
"""A median of less than a day counts as a day: hardly any wait must not make every other one endless."""


def _unequal(facts: Facts) -> Iterator[tuple[str, Indicator]]:
    medians: dict[str, dict[str, Indicator]] = {}
    for region in ROAZ_IDS:
        for key, found in facts.known.get(region, {}).items():
            if found.name == _MEDIAN:
                medians.setdefault(key, {})[region] = found
    for _, every in sorted(medians.items()):
        told = {region: found for region, found in every.items() if found.value is not None}
        seen = _ratio(every.values(), "reported")
        found = Indicator(
            "unequal_access_ratio",
            next(iter(every.values())).labels,
            seen.value,
            newest(*told.values()) or newest(*every.values()),
            share_of_all(told),
            seen.observations,
        )
        found = _with_silence(found, every.values())
        # Without a second one there is nothing to hold it against: not known, or known of no more.
        if seen.value is not None or found.silence is not None:
            yield NL, found


def _with_silence(found: Indicator, medians: Collection[Indicator]) -> Indicator:
    """Return the ratio with what it would be with those who fell silent in the networks."""
    silences = [one.silence for one in medians if one.silence is not None]
    given_up = _ratio(medians, "expired") if silences else Seen(None, 0)
    if given_up.value is None:
        return found
    missed = _ratio(medians, "carried")
    at = newest_that_matters(silences, partial(_ratio, medians, "expired"), missed)
    return silence_of(found, missed, given_up, at)


def _ratio(medians: Iterable[Indicator], view: View, since: int = 0) -> Seen:
    """Return the longest per the shortest of the medians that are known, None where there are no two; and the waits."""
    seen = [one for found in medians if (one := found.seen(view, since)).value is not None]
    days = [max(float(one.value or 0), _SHORTEST_DAYS) for one in seen]
    ratio = round(max(days) / min(days), 4) if len(days) > 1 else None
    return Seen(ratio, sum(one.observations for one in seen))


ACCESS = Join(JOINED_ACCESS, (Part("medians", frozenset({_MEDIAN}), of_all=_unequal, tells_silence=True),))
