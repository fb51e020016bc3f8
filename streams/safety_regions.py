"""The safety regions (veiligheidsregio's), the parts that networks are made of: names, and inhabitants (CBS, 1-1-2021)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SafetyRegion:
    """One safety region: its code, name (Dutch) and inhabitants in 2021."""

    code: str
    name: str
    population: int


_EVERY = (
    SafetyRegion("VR01", "Groningen", 586_813),
    SafetyRegion("VR02", "Fryslân", 651_459),
    SafetyRegion("VR03", "Drenthe", 494_760),
    SafetyRegion("VR04", "IJsselland", 534_778),
    SafetyRegion("VR05", "Twente", 631_700),
    SafetyRegion("VR06", "Noord- en Oost-Gelderland", 831_319),
    SafetyRegion("VR07", "Gelderland-Midden", 701_322),
    SafetyRegion("VR08", "Gelderland-Zuid", 563_979),
    SafetyRegion("VR09", "Utrecht", 1_361_093),
    SafetyRegion("VR10", "Noord-Holland Noord", 665_816),
    SafetyRegion("VR11", "Zaanstreek-Waterland", 339_925),
    SafetyRegion("VR12", "Kennemerland", 551_800),
    SafetyRegion("VR13", "Amsterdam-Amstelland", 1_071_316),
    SafetyRegion("VR14", "Gooi en Vechtstreek", 259_049),
    SafetyRegion("VR15", "Haaglanden", 1_121_614),
    SafetyRegion("VR16", "Hollands Midden", 814_421),
    SafetyRegion("VR17", "Rotterdam-Rijnmond", 1_329_136),
    SafetyRegion("VR18", "Zuid-Holland Zuid", 461_002),
    SafetyRegion("VR19", "Zeeland", 385_379),
    SafetyRegion("VR20", "Midden- en West-Brabant", 1_129_951),
    SafetyRegion("VR21", "Brabant-Noord", 659_533),
    SafetyRegion("VR22", "Brabant-Zuidoost", 784_369),
    SafetyRegion("VR23", "Limburg-Noord", 521_683),
    SafetyRegion("VR24", "Zuid-Limburg", 594_212),
    SafetyRegion("VR25", "Flevoland", 428_264),
)

SAFETY_REGIONS: dict[str, SafetyRegion] = {one.code: one for one in _EVERY}
"""Every safety region by code."""
