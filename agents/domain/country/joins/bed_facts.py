"""Keys of the bed figures that joins read."""

from functools import lru_cache
from typing import get_args

from streams.indicators import ALL, indicator_key
from streams.reports.occupancy import Unit

UNITS = tuple(sorted(get_args(Unit)))

BED_FIGURES = frozenset({"beds_occupied", "beds_staffed"})
"""Names of the bed figures of which the fair share is computed."""


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


OCCUPIED = {unit: occupied(ALL, unit) for unit in UNITS}
COVID = {unit: occupied("covid", unit) for unit in UNITS}
STAFFED = {unit: staffed(unit) for unit in UNITS}
ROOM_FOR_COVID = {unit: indicator_key("beds_for_covid", {"unit": unit}) for unit in UNITS}
FREE = {unit: indicator_key("beds_free", {"unit": unit}) for unit in UNITS}
