"""From a place to its network: place -> municipality -> safety region -> ROAZ region.

`places.csv` lists the municipalities (division of 2023), former ones, and villages and towns that public
files name. A safety region that lies wholly in a network decides; for municipalities in VR06 and VR13,
which are split, the file names a network in `assumed_network`: our assumption, after the hospital that
is nearest, to be replaced when the networks publish their borders.
"""

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from streams.regions import NL, region_of_safety_region
from streams.safety_regions import SAFETY_REGIONS


@dataclass(frozen=True, slots=True)
class Placed:
    """A place that was found.

    Attributes:
        place: its name as in `places.csv`.
        municipality_code: GM code.
        safety_region: VR code.
        region: ROAZ region id.
        assumed: the safety region is split and the network is our assumption.
    """

    place: str
    municipality_code: str
    safety_region: str
    region: str
    assumed: bool


def place_of_name(name: str) -> Placed | None:
    """Return the place with this name, whatever its case, accents and padding, or None.

    >>> place_of_name("'S-GRAVENHAGE   ").region
    'R08'
    """
    return _by_name().get(_plain(name))


@lru_cache(maxsize=4096)
def part_of_network(location: str) -> str | None:
    """Return the name of the safety region of a location that is called after its town, or None where that is not known.

    >>> part_of_network("Admiraal De Ruyter Ziekenhuis, Vlissingen")
    'Zeeland'
    """
    _, comma, town = location.rpartition(", ")
    placed = place_of_name(town) if comma else None
    return None if placed is None else SAFETY_REGIONS[placed.safety_region].name


def place_of_municipality_code(code: str) -> Placed | None:
    """Return the municipality with a GM code, or None."""
    return _by_code().get(code)


def region_of_area(code: str) -> str:
    """Return the region to which figures of `NL`, a VR or a GM code are sent.

    Figures of an area in a split safety region go to `NL`: no network is given what may not be its.

    Raises:
        KeyError: the code is none of these.
    """
    if code == NL:
        return NL
    if code.startswith("GM"):
        return region_of_safety_region(_by_code()[code].safety_region) or NL
    return region_of_safety_region(code) or NL


@cache
def _places() -> tuple[tuple[Placed, str], ...]:
    text = resources.files("streams").joinpath("places.csv").read_text("utf-8")
    return tuple(
        (
            Placed(
                place=row["place"],
                municipality_code=row["municipality_code"],
                safety_region=row["safety_region"],
                region=row["assumed_network"] or region_of_safety_region(row["safety_region"]) or NL,
                assumed=bool(row["assumed_network"]),
            ),
            row["kind"],
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def _by_name() -> Mapping[str, Placed]:
    return {_plain(placed.place): placed for placed, _ in _places()}


@cache
def _by_code() -> Mapping[str, Placed]:
    return {placed.municipality_code: placed for placed, kind in _places() if kind == "municipality"}


def _plain(name: str) -> str:
    unaccented = unicodedata.normalize("NFKD", name.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return " ".join("".join(c for c in unaccented if not unicodedata.combining(c)).casefold().split())
