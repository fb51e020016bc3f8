"""What is recorded at all: a network that records none of it is silent only once another network records it.

Before that no feed brings it, and nothing recorded is not known rather than missing.
"""

from collections.abc import Iterator

from agents.domain.country.joins.facts import Facts, newest
from streams.regions import REGIONS, ROAZ_IDS
from streams.status import Indicator

NOTICE = "notice_at"
PLANS = "plans_recorded"


def notices_in_use(facts: Facts) -> Iterator[tuple[str, Indicator]]:
    """Say everywhere that notices on the ladder are recorded, from the first one in the country on."""
    told = [found for own in facts.known.values() for found in own.values() if found.name == NOTICE]
    if told:
        known = Indicator("notices_in_use", {}, 1, min(found.observed_at for found in told))
        for region in REGIONS:
            yield region, known


def plans_of_network(facts: Facts) -> Iterator[tuple[str, Indicator]]:
    """Yield the plans inhaalzorg of each network, 0 where there is none, once any network has one."""
    told = {region: found for region in ROAZ_IDS if (found := facts.figure(region, PLANS)) and found.value}
    if told:
        for region in ROAZ_IDS:
            own = told.get(region)
            count, observed = (0, newest(*told.values())) if own is None else (own.value, own.observed_at)
            yield region, Indicator("plans_of_network", {}, count, observed)
