"""joined.access: whether the same treatment can be had in comparable time in every network.

Someone who waits for a knee operation in Zeeland should be helped in a time comparable to that in Groningen or
Utrecht (policy letter of May 2021): the longest median of the networks per the shortest one.

A network whose locations fall silent leaves that comparison, or its median moves, though nobody was told that access
became more equal or less. So the ratio is told with those who fell silent as well.
"""

from collections.abc import Collection, Iterator

from agents.domain.joins.facts import Facts, newest, share_of_all
from agents.domain.joins.join import Join, Part
from streams.joins import JOINED_ACCESS
from streams.regions import NL, ROAZ_IDS
from streams.status import Indicator, Silence

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
        if len(told) < 2:
            continue  # not known: whatever the others told last, there is nothing to hold it against
        yield (
            NL,
            Indicator(
                "unequal_access_ratio",
                next(iter(told.values())).labels,
                _ratio([found.value for found in told.values()]),
                newest(*told.values()),
                share_of_all(told),
                sum(found.observations for found in told.values()),
                _silence(every.values()),
            ),
        )


def _silence(medians: Collection[Indicator]) -> Silence | None:
    """Return what the ratio would be with those who fell silent in the networks; None where nobody did."""
    if all(found.silence is None for found in medians):
        return None
    every = [(found, found.seen("given_up").value) for found in medians]
    known = [(found, median) for found, median in every if median is not None]
    extremes = {pick(_days(median) for _, median in known) for pick in (min, max)}
    return Silence(
        _ratio([found.seen("missed").value for found in medians]),
        _ratio([median for _, median in known]),
        # Only the longest and the shortest median make the ratio; one in between ends nothing when it is given up.
        max(
            found.silence.given_up_at if found.silence is not None else 0
            for found, median in known
            if _days(median) in extremes
        ),
    )


def _ratio(medians: Collection[float | None]) -> float:
    """Return the longest per the shortest of the medians that are known, of which there is at least one."""
    days = [_days(median) for median in medians if median is not None]
    return round(max(days) / min(days), 4)


def _days(median: float | None) -> float:
    return max(float(median or 0), _SHORTEST_DAYS)


ACCESS = Join(JOINED_ACCESS, (Part("medians", frozenset({_MEDIAN}), of_all=_unequal, tells_silence=True),))
