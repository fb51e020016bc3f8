"""How far one network is from another: between their trauma centres, as the crow flies.

`trauma_centres.csv` holds where the centres stand (WGS84, entered by hand to 0.01 degree, which is
about a kilometre). [assumption] A network is as far as its trauma centre: it decides which networks are named first to
somebody who looks for care elsewhere, not how far a hospital is from a home.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from math import asin, cos, radians, sin, sqrt

_EARTH_KM = 6371.0


def distance_km(one: str, other: str) -> int:
    """Return the distance between two networks in whole kilometres; 0 to itself.

    Raises:
        KeyError: one of them is no network (`NL` has no place).
    """
    (lat, lon), (other_lat, other_lon) = _centres()[one], _centres()[other]
    half = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return round(2 * _EARTH_KM * asin(sqrt(half)))


@cache
def _centres() -> Mapping[str, tuple[float, float]]:
    """Return latitude and longitude in radians by region."""
    text = resources.files("streams").joinpath("trauma_centres.csv").read_text("utf-8")
    return {
        row["region"]: (radians(float(row["latitude"])), radians(float(row["longitude"])))
        for row in csv.DictReader(text.splitlines())
    }
