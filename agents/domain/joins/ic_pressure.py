"""Whether phase 3 threatens: networks of which the intensive care is full or nearly full, and the forecast for day 7.

No source gives the numbers by which phase 3 threatens; the limit of a full intensive care is a parameter, the rest
are norms. Shares are of all networks: one of which nothing is known, or too little, counts as not full, and as missing.
So the share of full ones is a lower bound: it may prove that phase 3 threatens, but only a whole one that it does not.
"""

from collections.abc import Iterator

from agents.domain.joins.bed_facts import STAFFED, beds_without_covid, forecast
from agents.domain.joins.facts import Facts, newest, share_of_all
from agents.domain.joins.forecasts import HORIZON_DAYS
from streams.regions import NL, ROAZ_IDS
from streams.status import Indicator

_IC = "ic"
_OCCUPANCY = f"occupancy_ratio{{unit={_IC}}}"
_LAST_DAY = forecast("forecast_beds", HORIZON_DAYS, _IC)


def ic_pressure(facts: Facts) -> Iterator[tuple[str, Indicator]]:
    """Yield the two figures of the country."""
    limit, enough = (facts.norms.parameter(f"ic-strained-{name}") for name in ("at", "completeness"))
    every = {region: found for region in ROAZ_IDS if (found := facts.figure(region, _OCCUPANCY)) is not None}
    told = {region: found for region, found in every.items() if found.completeness >= enough}
    if every:
        strained = sum(found.value is not None and found.value >= limit for found in told.values())
        ratio = round(strained / len(ROAZ_IDS), 6)
        complete, observed = share_of_all(told), newest(*every.values())
        yield NL, Indicator("ic_strained_regions_ratio", {}, ratio, observed, complete, max(1, len(told)))
    expected: dict[str, Indicator] = {}
    patients = beds = 0.0
    for region in ROAZ_IDS:
        found = facts.figure(region, _LAST_DAY)
        others, own = beds_without_covid(facts, region, _IC), facts.value(region, STAFFED[_IC])
        if found is not None and found.value is not None and others is not None and own is not None:
            expected[region] = found
            patients += found.value + others
            beds += own
    if beds:
        yield NL, _of_country("forecast_ic_pressure_ratio", round(patients / beds, 6), expected)


def _of_country(name: str, value: float, told: dict[str, Indicator]) -> Indicator:
    return Indicator(name, {}, value, newest(*told.values()), share_of_all(told), len(told))
