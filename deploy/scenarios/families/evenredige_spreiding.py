"""`evenredige-spreiding`: COVID patients by inhabitants, a third and more beside it, for a day and for longer."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from deploy.scenarios import ordinary
from deploy.scenarios.beds import Census, census
from deploy.scenarios.coordination import phase
from deploy.scenarios.course import Figure, level, steps
from deploy.scenarios.scenario import Scenario, Statement, Truth, due, stated
from deploy.scenarios.spread import spread
from streams.regions import ROAZ_IDS
from streams.reports.occupancy import Unit

BEGIN, END = date(2021, 11, 1), date(2021, 12, 3)
PHASE_2 = date(2021, 11, 8)
EARLY, CALM = date(2021, 11, 10), date(2021, 11, 15)
MORE, AGAIN = date(2021, 11, 22), date(2021, 11, 29)

_COVID, _STAFFED = 800, 400

DEVIATIONS: Mapping[str, Figure] = {
    # Well beyond the band in phase 1, in phase 2 for some days, and then for a week.
    "R05": steps(2021, {"11-01": 0.5, "11-05": 0.0, "11-10": 0.5, "11-15": 0.0, "11-22": 0.5, "11-29": 0.0}),
    "R08": steps(
        2021, {"11-01": -0.3, "11-05": 0.0, "11-10": -0.3, "11-15": 0.0, "11-22": -0.3, "11-29": 0.0}
    ),
    # Within the band: of some eighty patients chance explains a fifth.
    "R01": steps(2021, {"11-01": 0.0, "11-22": 0.15, "11-29": 0.0}),
    # Beyond it for one day: hours of transport, no pattern.
    "R06": steps(2021, {"11-01": 0.0, "11-24": 0.3, "11-25": 0.0}),
}


_FEWER_ON_WARDS = {"R07": steps(2021, {"11-01": 0.0, "11-22": -0.15, "11-29": 0.0})}

_IC, _WARD = spread(level(_COVID), DEVIATIONS), spread(level(4 * _COVID), _FEWER_ON_WARDS)

COVID: ordinary.Beds = {region: {"ic": _IC[region], "ward": _WARD[region]} for region in ROAZ_IDS}

BEDS: Mapping[str, Mapping[Unit, Census]] = {
    region: {
        "ic": Census(own["ic"], level(10), level(_STAFFED)),
        "ward": Census(own["ward"], level(500), level(5 * _STAFFED)),
    }
    for region, own in COVID.items()
}


def _statements(chance: Random) -> Iterator[Statement]:
    yield phase(BEGIN, "1")
    yield phase(PHASE_2, "2B")
    yield from ordinary.duties_of_phase_two(chance, BEGIN, END, COVID)
    yield from census(chance, BEDS, BEGIN, END)


_HELD = timedelta(days=2)

TRUTH: tuple[Truth, ...] = due(
    ("R05", "fair-share-above-ic", "active", EARLY + _HELD),
    ("R05", "fair-share-above-ic", "resolved", CALM + _HELD),
    ("R08", "fair-share-below-ic", "active", EARLY + _HELD),
    ("R08", "fair-share-below-ic", "resolved", CALM + _HELD),
    ("R05", "fair-share-above-ic", "active", MORE + _HELD),
    ("R05", "fair-share-above-ic", "resolved", AGAIN + _HELD),
    ("R07", "fair-share-below-ward", "active", MORE + _HELD),
    ("R07", "fair-share-below-ward", "resolved", AGAIN + _HELD),
    ("R08", "fair-share-below-ic", "active", MORE + _HELD),
    ("R08", "fair-share-below-ic", "resolved", AGAIN + _HELD),
)

EVENREDIGE_SPREIDING = Scenario(
    name="evenredige-spreiding",
    summary="COVID-patiënten naar inwoners, en een week lang ver buiten het evenredige deel",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=stated(_statements),
)
