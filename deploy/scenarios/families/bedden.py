"""`bedden`: beds at the limits of a region and just under them, and the steps of the national intensive care ladder."""

from collections.abc import Mapping
from datetime import date

from deploy.scenarios.beds import Census, census
from deploy.scenarios.course import NONE, Steps, level, steps
from deploy.scenarios.scenario import Scenario, Truth, due, stated
from streams.regions import NL, ROAZ_IDS
from streams.reports.occupancy import Unit

BEGIN, END = date(2021, 3, 1), date(2021, 3, 26)
FULL, AGAIN = date(2021, 3, 8), date(2021, 3, 22)


def _for_two_weeks(beds: int) -> Steps:
    return steps(2021, {"03-01": 50, "03-08": beds, "03-22": 50})


# Of a hundred beds each; IC and ward. A limit that is reached is exceeded.
OCCUPIED: Mapping[str, tuple[int, int]] = {
    "R01": (89, 91),
    "R02": (90, 92),
    "R03": (94, 97),
    "R04": (95, 98),
}

# Seven large regions share what makes the country's total; the four above have 368 IC beds occupied in these two weeks.
_OTHERS = sum(of_ic for of_ic, _ in OCCUPIED.values())
_COUNTRY = {
    "03-08": 1149,
    "03-09": 1150,
    "03-11": 1349,
    "03-12": 1350,
    "03-15": 1699,
    "03-16": 1700,
    # In two steps: a fall further than ever is suspect.
    "03-18": 1100,
    "03-19": 700,
}
LARGE = tuple(region for region in ROAZ_IDS if region not in OCCUPIED)


def _shared(region: str, beds: int) -> int:
    each, more = divmod(beds - _OTHERS, len(LARGE))
    return each + (LARGE.index(region) < more)


def _census(region: str) -> Mapping[Unit, Census]:
    if region in LARGE:
        ic = steps(2021, {"03-01": 50, **{on: _shared(region, beds) for on, beds in _COUNTRY.items()}})
        return {"ic": Census(NONE, ic, level(400)), "ward": Census(NONE, level(1500), level(3000))}
    of_ic, of_ward = OCCUPIED[region]
    return {
        "ic": Census(NONE, _for_two_weeks(of_ic), level(100)),
        "ward": Census(NONE, _for_two_weeks(of_ward), level(100)),
    }


BEDS: Mapping[str, Mapping[Unit, Census]] = {region: _census(region) for region in ROAZ_IDS}


_EXCEEDED: Mapping[str, tuple[str, ...]] = {
    "ic-occupancy-high": ("R02", "R03", "R04"),
    "ic-occupancy-critical": ("R04",),
    "ward-occupancy-high": ("R02", "R03", "R04"),
    "ward-occupancy-critical": ("R04",),
}

TRUTH: tuple[Truth, ...] = due(
    *(
        (region, norm, state, on)
        for norm, regions in _EXCEEDED.items()
        for region in regions
        for state, on in (("active", FULL), ("resolved", AGAIN))
    ),
    (NL, "ic-ladder-1150", "active", date(2021, 3, 9)),
    (NL, "ic-ladder-1350", "active", date(2021, 3, 12)),
    (NL, "ic-ladder-1700", "active", date(2021, 3, 16)),
    *((NL, f"ic-ladder-{beds}", "resolved", date(2021, 3, 19)) for beds in (1150, 1350, 1700)),
)

BEDDEN = Scenario(
    name="bedden",
    summary="bezette bedden op en net onder de grenzen, en de treden van de landelijke IC-ladder",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=stated(lambda chance: census(chance, BEDS, BEGIN, END)),
)
