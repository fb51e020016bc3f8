"""Fair share: how the COVID patients of the country are divided over the networks, and what would restore that.

"Evenredige spreiding van COVID-19-patienten over regio's" (LNAZ 3-11-2021, supplement of 18-11-2021): held against
the region as a whole, never against a hospital. The key and the bandwidth are in no source; both are parameters.
Only regions of which the beds are known share; what they do not have is not put on the others.
"""

from collections.abc import Iterator, Mapping
from math import floor
from typing import NamedTuple

from agents.domain.joins.bed_facts import COVID, STAFFED, UNITS, free_beds
from agents.domain.joins.facts import Facts, newest, share_of_all
from streams.regions import REGIONS, ROAZ_IDS
from streams.status import Indicator

_DUST = 1e-9
"""What the sum of fractions may be off."""


class Share(NamedTuple):
    """One region: COVID patients in a bed, and what it would have in a fair division."""

    actual: float
    expected: float


def fair_share(facts: Facts) -> Iterator[tuple[str, Indicator]]:
    """Yield per region and unit the fair share, the deviation from it, and the transfers that would restore it."""
    for unit in UNITS:
        told = _told(facts, unit)
        shares = shares_of(facts, told)
        observed, complete = newest(*told.values()), share_of_all(told)

        def figure(
            name: str, value: float, observed: int = observed, complete: float = complete, **labels: str
        ) -> Indicator:
            return Indicator(name, labels, value, observed, complete)

        for region, share in shares.items():
            deviation = round((share.actual - share.expected) / share.expected, 6)
            # As many observations as patients are expected: of five, one more or less is already a fifth.
            yield (
                region,
                Indicator(
                    "fair_share_deviation_ratio",
                    {"unit": unit},
                    deviation,
                    observed,
                    min(complete, told[region].completeness),  # a hospital that is not told is no deviation
                    int(share.expected),
                ),
            )
            yield region, figure("fair_share_beds", round(share.expected, 4), unit=unit)
        free = {region: free_beds(facts, region, unit) or 0.0 for region in shares}
        for giver, taker, patients in moves(shares, free, facts.norms.parameter("fair-share-band")):
            yield giver, figure("transfer_suggested", patients, to=taker, unit=unit)


def _told(facts: Facts, unit: str) -> dict[str, Indicator]:
    """Return the COVID beds of the regions of which both they and the weight are known."""
    return {
        region: told
        for region in ROAZ_IDS
        if (told := facts.figure(region, COVID[unit])) is not None and _weight(facts, region) > 0
    }


def _weight(facts: Facts, region: str) -> float:
    if facts.norms.choice("fair-share-key") == "population":
        return REGIONS[region].population
    return facts.value(region, STAFFED["ic"]) or 0.0


def shares_of(facts: Facts, told: Mapping[str, Indicator]) -> dict[str, Share]:
    """Return the share of each region; empty where there is nothing or nobody to divide over."""
    actual = {region: float(found.value or 0) for region, found in told.items()}
    weights = {region: _weight(facts, region) for region in told}
    patients, weight = sum(actual.values()), sum(weights.values())
    if len(told) < 2 or not patients:
        return {}
    return {region: Share(actual[region], patients * weights[region] / weight) for region in told}


def moves(
    shares: Mapping[str, Share], free: Mapping[str, float], band: float
) -> Iterator[tuple[str, str, int]]:
    """Yield from, to, and how many: whole patients, largest first, never more than the receiver has free beds.

    Only moves of which at least one end lies outside the bandwidth: within it a region has its fair share.
    """
    outside = {
        region for region, (actual, expected) in shares.items() if abs(actual - expected) > band * expected
    }
    gives, takes = {}, {}
    for region, (actual, expected) in shares.items():
        if (over := floor(actual - expected + _DUST)) > 0:
            gives[region] = over
        elif (room := floor(min(expected - actual, free[region]) + _DUST)) > 0:
            takes[region] = room
    while True:
        pairs = [(giver, taker) for giver in gives for taker in takes if giver in outside or taker in outside]
        if not pairs:
            return
        giver, taker = min(pairs, key=lambda pair: (-gives[pair[0]], -takes[pair[1]], pair))
        patients = min(gives[giver], takes[taker])
        yield giver, taker, patients
        for left, region in ((gives, giver), (takes, taker)):
            left[region] -= patients
            if not left[region]:
                del left[region]
