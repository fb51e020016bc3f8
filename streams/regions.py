"""The ROAZ regions (acute care networks) that key every record, and `NL` for the country.

Populations are sums of safety regions (CBS, 1-1-2021). Two of them, VR06 and VR13, are split between networks with shares
that are not public: each network is said to have an even part of those, and may have another.
"""

from dataclasses import dataclass

from streams.safety_regions import SAFETY_REGIONS

NL = "NL"

UNPLACED = "NL-unplaced"
"""Pseudo-region: reports keyed `NL` about a part of the country that lies in no single network."""


@dataclass(frozen=True, slots=True)
class Region:
    """One ROAZ region.

    Attributes:
        id: key of its records, `R01`...`R11`, or `NL`.
        name: name of the network, Dutch.
        abbreviation: short name used on pages.
        trauma_centre: hospital that chairs the network.
        safety_regions: veiligheidsregio codes that lie wholly inside.
        population: inhabitants in 2021 of those, and of an even part of those that it shares with others.
    """

    id: str
    name: str
    abbreviation: str
    trauma_centre: str
    safety_regions: tuple[str, ...]
    population: int

    def population_between(self, least: float) -> tuple[float, float]:
        """Return the inhabitants at least and at most, where each network has at least such a part of what it shares."""
        low = high = float(self.population)
        for code, networks in SPLIT_SAFETY_REGIONS.items():
            if self.id in networks:
                people, parts = SAFETY_REGIONS[code].population, len(networks)
                low += people * (least - 1 / parts)
                high += people * (1 - least * (parts - 1) - 1 / parts)
        return low, high


_ROAZ = (
    Region("R01", "Acute Zorgnetwerk Noord-Nederland", "AZNN", "UMCG (Groningen)", ("VR01", "VR02", "VR03"), 1_733_032),
    Region("R02", "Netwerk Acute Zorg regio Zwolle", "NAZrZ", "Isala (Zwolle)", ("VR04",), 811_885),
    Region("R03", "Acute Zorg Euregio", "AZE", "Medisch Spectrum Twente (Enschede)", ("VR05",), 908_806),
    Region("R04", "Acute Zorgregio Oost", "AZO", "Radboudumc (Nijmegen)", ("VR07", "VR08"), 1_542_407),
    Region("R05", "Netwerk Acute Zorg Limburg", "NAZL", "Maastricht UMC+", ("VR23", "VR24"), 1_115_895),
    Region("R06", "Netwerk Acute Zorg Brabant", "NAZB", "Elisabeth-TweeSteden Ziekenhuis (Tilburg)", ("VR20", "VR21", "VR22"), 2_573_853),
    Region("R07", "Traumacentrum Zuidwest-Nederland", "ZWN", "Erasmus MC (Rotterdam)", ("VR17", "VR18", "VR19"), 2_175_517),
    Region("R08", "Netwerk Acute Zorg West", "NAZW", "LUMC (Leiden)", ("VR15", "VR16"), 1_936_035),
    Region("R09", "SpoedZorgNet", "SZN", "Amsterdam UMC, locatie AMC", ("VR14", "VR25"), 1_222_971),
    Region("R10", "Netwerk Acute Zorg Noordwest", "NAZNW", "Amsterdam UMC, locatie VUmc", ("VR10", "VR11", "VR12"), 2_093_199),
    Region("R11", "Netwerk Acute Zorg Midden-Nederland", "NAZMN", "UMC Utrecht", ("VR09",), 1_361_093),
)  # fmt: skip

COUNTRY = Region(NL, "Nederland", "NL", "", (), 17_474_693)

REGIONS: dict[str, Region] = {region.id: region for region in (*_ROAZ, COUNTRY)}
"""Every region by id, `NL` last."""

ROAZ_IDS: tuple[str, ...] = tuple(region.id for region in _ROAZ)
"""The ids of the networks, without the country."""


def network_named(text: str) -> str | None:
    """Return the network with this id, abbreviation or name, whatever its case, or None.

    >>> network_named("azm") or network_named("zwn")
    'R07'
    """
    wanted = text.strip().casefold()
    for region in _ROAZ:
        if wanted in (region.id.casefold(), region.abbreviation.casefold(), region.name.casefold()):
            return region.id
    return None


SPLIT_SAFETY_REGIONS: dict[str, tuple[str, ...]] = {
    "VR06": ("R02", "R03", "R04"),
    "VR13": ("R09", "R10"),
}
"""Safety regions that lie in more than one network; the shares are not public."""


def region_of_safety_region(code: str) -> str | None:
    """Return the network that holds the whole safety region, or None where it is split.

    Raises:
        KeyError: there is no safety region with this code.
    """
    if code in SPLIT_SAFETY_REGIONS:
        return None
    return _NETWORK_OF[code]


_NETWORK_OF = {code: region.id for region in _ROAZ for code in region.safety_regions}
