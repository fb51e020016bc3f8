"""COVID patients over the regions: each its share by inhabitants, more or less where a table says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from deploy.scenarios.course import NONE, Figure
from deploy.scenarios.inhabitants import SHARES


@dataclass(frozen=True)
class RegionalShare:
    """The COVID beds of one region.

    Attributes:
        national: COVID beds in the country.
        share: share of the region in the inhabitants.
        deviation: 0.1 is a tenth more than its share.
    """

    national: Figure
    share: float
    deviation: Figure

    def at(self, moment: datetime) -> float:
        """Return the beds at a moment."""
        return self.national.at(moment) * self.share * (1 + self.deviation.at(moment))


def spread(national: Figure, deviations: Mapping[str, Figure]) -> dict[str, Figure]:
    """Return the COVID beds of every region; the deviations should cancel out, or the sum is off by them."""
    return {
        region: RegionalShare(national, share, deviations.get(region, NONE))
        for region, share in SHARES.items()
    }
