"""Keys of the bed figures that joins read, and what follows from two of them in one region."""

from functools import lru_cache
from typing import get_args

from agents.domain.joins.facts import Facts
from streams.indicators import ALL, indicator_key
from streams.reports.occupancy import Unit

UNITS = tuple(sorted(get_args(Unit)))

BED_FIGURES = frozenset({"beds_occupied", "beds_staffed"})
"""Names of the bed figures that joins read."""


def occupied(label: str, unit: str) -> str:
    """Return the key of the beds occupied by patients of a label."""
    return indicator_key("beds_occupied", {"label": label, "unit": unit})


def staffed(unit: str) -> str:
    """Return the key of the beds with staff."""
    return indicator_key("beds_staffed", {"unit": unit})


@lru_cache(maxsize=256)
def forecast(name: str, day: int, unit: str) -> str:
    """Return the key of a forecast for one of the coming days."""
    return indicator_key(name, {"day": str(day), "unit": unit})


COVID = {unit: occupied("covid", unit) for unit in UNITS}
EVERYONE = {unit: occupied(ALL, unit) for unit in UNITS}
STAFFED = {unit: staffed(unit) for unit in UNITS}


def beds_without_covid(facts: Facts, region: str, unit: str) -> float | None:
    """Return the beds of a region that patients without COVID take; None where not both parts are known."""
    everyone, covid = facts.value(region, EVERYONE[unit]), facts.value(region, COVID[unit])
    return None if everyone is None or covid is None else max(0.0, everyone - covid)


def beds_for_covid(facts: Facts, region: str, unit: str) -> float | None:
    """Return the beds with staff of a region that patients without COVID leave."""
    beds, others = facts.value(region, STAFFED[unit]), beds_without_covid(facts, region, unit)
    return None if beds is None or others is None else beds - others


def free_beds(facts: Facts, region: str, unit: str) -> float | None:
    """Return the beds with staff that are empty."""
    beds, taken = facts.value(region, STAFFED[unit]), facts.value(region, EVERYONE[unit])
    return None if beds is None or taken is None else beds - taken
