"""Whether plannable care is scaled up as much in a region as in the country.

Every region makes an equal effort for patients with COVID, so that each can scale up its regular care as much (policy letter and
kader of May 2021). What a region does, operations against 2019 or operating rooms against what is usual, is held against the
country: all regions that tell, by what each is held against itself. Where few do, the figure is as incomplete as the country.
"""

from collections.abc import Iterator
from math import fsum

from agents.domain.country.joins.facts import Facts, newest, share_of_all
from streams.indicators import ALL, indicator_key
from streams.regions import ROAZ_IDS
from streams.status import Indicator

OPERATIONS, ROOMS = "production_ratio", "or_reduction_ratio"
_OF_OPERATIONS = indicator_key(OPERATIONS, {"kind": "operatie", "provider": ALL})
_OF_ROOMS = indicator_key(ROOMS, {})


def behind(facts: Facts) -> Iterator[tuple[str, Indicator]]:
    """Yield of each region how far it is behind the country, as a part of what the country does; below 0 it is ahead."""
    operated = _told(facts, _OF_OPERATIONS)
    yield from _behind(
        "operations_behind_ratio", operated, {region: found.value or 0 for region, found in operated.items()}
    )
    rooms = _told(facts, _OF_ROOMS)
    yield from _behind(
        "rooms_behind_ratio", rooms, {region: 1 - (found.value or 0) for region, found in rooms.items()}
    )


def _told(facts: Facts, key: str) -> dict[str, Indicator]:
    every = ((region, facts.figure(region, key)) for region in ROAZ_IDS)
    return {region: found for region, found in every if found is not None and found.weighs > 0}


def _behind(name: str, told: dict[str, Indicator], done: dict[str, float]) -> Iterator[tuple[str, Indicator]]:
    weight = fsum(found.weighs for found in told.values())
    country = fsum(done[region] * found.weighs for region, found in told.items()) / weight if weight else 0
    if country <= 0:
        return
    observed, share = newest(*told.values()), share_of_all(told)
    for region, found in told.items():
        yield (
            region,
            Indicator(
                name,
                {},
                round(1 - done[region] / country, 4),
                observed,
                min(found.completeness, share),
                found.observations,
                weight=found.weight,
            ),
        )
