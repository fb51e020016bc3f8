"""The made-up hospital locations of the scenarios: size and how often they report.

Staffed beds per region are shares of about 1,016 IC beds, the number of mid November 2021; the split over
regions and locations is invented, and so are the locations.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hospitals:
    """The locations of one region.

    Attributes:
        ic_beds: staffed IC beds in ordinary times.
        towns: a location stands in each; the first two report every 6 hours, the third every 12, others daily.
        shares: share of each location in the beds of the region.
    """

    ic_beds: int
    towns: tuple[str, ...]
    shares: tuple[float, ...]

    @property
    def ward_beds(self) -> int:
        """Staffed ward beds in ordinary times."""
        return self.ic_beds * 22


@dataclass(frozen=True, slots=True)
class Place:
    """One location: its region, its number there and its name."""

    region: str
    number: int
    name: str

    @property
    def id(self) -> str:
        """How the ids of its reports name it."""
        return f"{self.region}:{self.number}"


def places(region: str, most: int = 99) -> list[Place]:
    """Return the locations of a region, the largest first, at most that many."""
    towns = HOSPITALS[region].towns[:most]
    return [Place(region, number, location_name(town)) for number, town in enumerate(towns)]


def location_name(town: str) -> str:
    """Return the name of the made-up location in a town."""
    return f"Ziekenhuis {town} (simulatie)"


_THREE = (0.5, 0.3, 0.2)
_FOUR = (0.4, 0.25, 0.2, 0.15)

HOSPITALS: Mapping[str, Hospitals] = {
    "R01": Hospitals(110, ("Groningen", "Leeuwarden", "Assen", "Emmen"), _FOUR),
    "R02": Hospitals(50, ("Zwolle", "Deventer", "Apeldoorn"), _THREE),
    "R03": Hospitals(50, ("Enschede", "Almelo", "Winterswijk"), _THREE),
    "R04": Hospitals(105, ("Nijmegen", "Arnhem", "Doetinchem", "Tiel"), _FOUR),
    "R05": Hospitals(80, ("Maastricht", "Heerlen", "Venlo", "Roermond"), _FOUR),
    "R06": Hospitals(
        150,
        ("Tilburg", "Breda", "Eindhoven", "'s-Hertogenbosch", "Roosendaal", "Helmond"),
        (0.3, 0.2, 0.2, 0.15, 0.1, 0.05),
    ),
    "R07": Hospitals(160, ("Rotterdam", "Dordrecht", "Goes", "Schiedam"), _FOUR),
    "R08": Hospitals(105, ("Leiden", "Den Haag", "Delft", "Gouda"), _FOUR),
    "R09": Hospitals(70, ("Amsterdam-Zuidoost", "Almere", "Hilversum"), _THREE),
    "R10": Hospitals(66, ("Amsterdam-Zuid", "Alkmaar", "Haarlem"), _THREE),
    "R11": Hospitals(70, ("Utrecht", "Nieuwegein", "Amersfoort"), _THREE),
}
"""The locations of each region."""
