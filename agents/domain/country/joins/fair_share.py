"""Fair share: how the COVID patients of the country are divided over the networks.

"Evenredige spreiding van COVID-19-patienten over regio's" (LNAZ 3-11-2021, supplement of 18-11-2021): held against
the region as a whole, never against a hospital. The key and the bandwidth are in no source; both are parameters.
The shares add up to the whole country. Safety regions that lie in several networks are divided in a way that is not public:
of those a network has at least a part and at most what it leaves to the others (`fair-share-part-least`), so what it is
expected to have is an interval, and only beyond that it has more or less than its share.
Only regions of which the beds are known share; what they do not have is not put on the others. A region that falls
silent is with what it told last in what the shares would be with those who are missed, so ten of eleven that tell
prove nothing that the eleventh would change.
"""

from collections.abc import Iterator, Mapping
from math import sqrt
from typing import NamedTuple

from msgspec.structs import replace

from agents.domain.country.joins.bed_facts import COVID, STAFFED, UNITS
from agents.domain.country.joins.facts import Facts, newest, share_of_all, share_of_least
from agents.domain.figures.sums import least
from streams.regions import REGIONS, ROAZ_IDS
from streams.status import Indicator


class Share(NamedTuple):
    """One region: COVID patients in a bed, and what it would have in a fair division: stated, at least and at most."""

    actual: float
    expected: float
    least: float
    most: float

    @property
    def nearest(self) -> float:
        """What it may be expected to have that is nearest to what it has."""
        return min(max(self.actual, self.least), self.most)

    @property
    def deviation(self) -> float:
        """How far it is off, as a part of what is expected; within what may be expected, or without any patients, not."""
        nearest = self.nearest
        return round((self.actual - nearest) / nearest, 6) if nearest else 0.0

    @property
    def weighs(self) -> float:
        """The patients that it is held against: of five, one more or less is already a fifth."""
        return self.nearest if self.deviation else self.expected

    def is_beyond(self, band: float, chance: float) -> bool:
        """Return whether it is further off than a band that knows chance."""
        return bool(self.deviation) and abs(self.deviation) > max(band, chance / sqrt(self.nearest))


def fair_share(facts: Facts) -> Iterator[tuple[str, Indicator]]:
    """Yield per region and unit the fair share and the deviation from it."""
    for unit in UNITS:
        told = covid_beds(facts, unit)
        observed, complete = newest(*told.values()), share_of_all(told)
        labels = {"unit": unit}
        for region, share in shares_of(facts, told).items():
            own = min(complete, told[region].completeness)  # a hospital that is not told is no deviation
            deviation = Indicator(
                "fair_share_deviation_ratio",
                labels,
                share.deviation,
                observed,
                own,
                told[region].observations,
                weight=int(least(share.weighs)),
            )
            yield region, deviation
            yield region, Indicator("fair_share_beds", labels, round(share.expected, 4), observed, complete)


def covid_beds(facts: Facts, unit: str) -> dict[str, Indicator]:
    """Return the COVID beds of the regions of which both they and the weight are known, as complete as the lesser."""
    found = {}
    for region in ROAZ_IDS:
        told = facts.figure(region, COVID[unit])
        if told is not None and _weight(facts, region) > 0:
            share = share_of_least(told, _weighed_by(facts, region))
            found[region] = told if share == told.completeness else replace(told, completeness=share)
    return found


def _weight(facts: Facts, region: str) -> float:
    if _by_population(facts):
        return REGIONS[region].population
    beds = _weighed_by(facts, region)
    return 0.0 if beds is None else float(beds.value or 0)


def _bounds(facts: Facts, region: str, weight: float) -> tuple[float, float]:
    """Return the least and the most that a region may weigh: of beds with staff it is known."""
    if not _by_population(facts):
        return weight, weight
    return REGIONS[region].population_between(facts.norms.parameter("fair-share-part-least"))


def _weighed_by(facts: Facts, region: str) -> Indicator | None:
    return None if _by_population(facts) else facts.figure(region, STAFFED["ic"])


def _by_population(facts: Facts) -> bool:
    return facts.norms.choice("fair-share-key") == "population"


def shares_of(facts: Facts, told: Mapping[str, Indicator]) -> dict[str, Share]:
    """Return the share of each region; empty where there are no two to divide over."""
    if len(told) < 2:
        return {}
    actual = {region: float(found.value or 0) for region, found in told.items()}
    weights = {region: _weight(facts, region) for region in told}
    each = sum(actual.values()) / sum(weights.values())
    return {
        region: Share(actual[region], each * own, *(each * one for one in _bounds(facts, region, own)))
        for region, own in weights.items()
    }
