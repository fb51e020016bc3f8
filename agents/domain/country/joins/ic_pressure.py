"""Whether phase 3 threatens: networks of which the intensive care is full or nearly full, and the forecast for day 7.

No source gives the numbers by which phase 3 threatens; the limit of a full intensive care is a parameter, the rest
are norms. Shares are of all networks: one of which nothing is known, or too little, counts as not full, and as missing.
So the share of full ones is a lower bound: it may prove that phase 3 threatens, but only a whole one that it does not.
A forecast is about the patients of all hospitals of a network: one of which the beds of too few are known is missing.
"""

from collections.abc import Iterator

import msgspec

from agents.domain.country.joins.bed_facts import ROOM_FOR_COVID, forecast
from agents.domain.country.joins.facts import Facts, newest, share_of_all, share_of_least
from agents.domain.country.joins.forecasts import is_of_enough
from streams.regions import NL, ROAZ_IDS
from streams.reports.forecast import HORIZON_DAYS
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
        found, room = facts.figure(region, _LAST_DAY), facts.figure(region, ROOM_FOR_COVID[_IC])
        if found is None or found.value is None or room is None or room.value is None:
            continue
        if is_of_enough(facts, room):
            share = share_of_least(found, room)
            expected[region] = msgspec.structs.replace(found, completeness=share)
            patients += found.value + room.weighs - room.value  # those without COVID stay
            beds += room.weighs
    if beds:
        yield NL, _of_country("forecast_ic_pressure_ratio", round(patients / beds, 6), expected)


def _of_country(name: str, value: float, told: dict[str, Indicator]) -> Indicator:
    return Indicator(name, {}, value, newest(*told.values()), share_of_all(told), len(told))
