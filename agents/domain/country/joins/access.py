"""joined.access: whether the same treatment can be had in comparable time in every network, and in every part of one.

Someone who waits for a knee operation in Zeeland should be helped in a time comparable to that in Groningen or
Utrecht (policy letter of May 2021): the longest median of the networks per the shortest one. Zeeland is a part of a
network, whose own median hides it: the median of each part is held against that of the best network as well.

A network whose locations fall silent leaves that comparison, or its median moves, though nobody was told that access
became more equal or less. So the ratio is told with those who fell silent as well.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import partial

from agents.domain.country.joins.facts import Facts, newest, share_of_all
from agents.domain.country.joins.join import Join
from agents.domain.country.joins.part import Part
from agents.domain.figures.in_views import Seen, newest_that_matters, silence_of
from streams.evidence import View
from streams.indicators import indicator_key
from streams.joins import JOINED_ACCESS
from streams.regions import NL, ROAZ_IDS
from streams.status import Indicator

_MEDIAN, _OF_PART = "treatment_wait_days_median", "treatment_part_wait_days_median"
_SHORTEST_DAYS = 1.0
"""A median of less than a day counts as a day: hardly any wait must not make every other one endless."""


def _unequal(facts: Facts) -> Iterator[tuple[str, Indicator]]:
    medians, parts = _medians(facts)
    for key, every in sorted(medians.items()):
        found = _held_against(
            every, every.values(), "unequal_access_ratio", next(iter(every.values())).labels
        )
        # Without a second one there is nothing to hold it against: not known, or known of no more.
        if found.value is not None or found.silence is not None:
            yield NL, found
        for part in parts.get(key, ()):
            found = _held_against(every, [part], "unequal_access_part_ratio", part.labels)
            if found.value is not None or found.silence is not None:
                yield NL, found


def _medians(facts: Facts) -> tuple[dict[str, dict[str, Indicator]], dict[str, list[Indicator]]]:
    """Return the medians of the networks by treatment and network, and those of their parts by treatment."""
    medians: dict[str, dict[str, Indicator]] = {}
    parts: dict[str, list[Indicator]] = {}
    for region in ROAZ_IDS:
        for key, found in facts.known.get(region, {}).items():
            if found.name == _MEDIAN:
                medians.setdefault(key, {})[region] = found
            elif found.name == _OF_PART:
                labels = {name: value for name, value in found.labels.items() if name != "part"}
                parts.setdefault(indicator_key(_MEDIAN, labels), []).append(found)
    return medians, parts


def _held_against(
    networks: dict[str, Indicator], longest: Collection[Indicator], name: str, labels: dict[str, str]
) -> Indicator:
    """Return the longest of some medians per the shortest one of the networks, with those who fell silent too."""
    medians = networks.values()
    told = {region: found for region, found in networks.items() if found.value is not None}
    seen = _ratio(longest, medians, "reported")
    share, observed = share_of_all(told), newest(*told.values()) or newest(*medians)
    found = Indicator(name, labels, seen.value, observed, share, seen.observations)
    silences = [one.silence for one in (*longest, *medians) if one.silence is not None]
    given_up = _ratio(longest, medians, "expired") if silences else Seen(None, 0)
    if given_up.value is None:
        return found
    missed = _ratio(longest, medians, "carried")
    at = newest_that_matters(silences, partial(_ratio, longest, medians, "expired"), missed)
    return silence_of(found, missed, given_up, at)


def _ratio(longest: Iterable[Indicator], networks: Iterable[Indicator], view: View, since: int = 0) -> Seen:
    """Return the longest median per the shortest of the networks, None where these are no two; and their waits."""
    own = [_days(one) for found in longest if (one := found.seen(view, since)).value is not None]
    seen = [one for found in networks if (one := found.seen(view, since)).value is not None]
    ratio = round(max(own) / min(map(_days, seen)), 4) if own and len(seen) > 1 else None
    return Seen(ratio, sum(one.observations for one in seen))


def _days(median: Indicator) -> float:
    return max(float(median.value or 0), _SHORTEST_DAYS)


ACCESS = Join(
    JOINED_ACCESS,
    (Part("medians", frozenset({_MEDIAN, _OF_PART}), of_all=_unequal, tells_silence=True),),
)
