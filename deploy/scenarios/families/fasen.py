"""`fasen`: phase changes asked and confirmed by whom they should be and by others, and phase 3 that threatens."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from deploy.scenarios import ordinary
from deploy.scenarios.beds import Census, census
from deploy.scenarios.coordination import phase
from deploy.scenarios.course import Figure, level, steps
from deploy.scenarios.scenario import Scenario, Statement, Truth, due, stated
from deploy.scenarios.spread import spread
from streams.regions import NL, ROAZ_IDS
from streams.reports.occupancy import Unit

BEGIN, END = date(2021, 11, 1), date(2021, 12, 17)

BUSY, MOST, QUIET = date(2021, 12, 1), date(2021, 12, 3), date(2021, 12, 9)
"""Five of eleven regions are full; so is a sixth; none is any more."""

_STAFFED = 100
# In two steps: a rise further than ever counts a day later.
_FULL, _ALMOST = ({"11-01": 70, "11-30": 82, "12-01": beds, "12-09": 76, "12-10": 70} for beds in (95, 94))
_SIXTH, _ROOM = {"11-01": 70, "12-02": 82, "12-03": 95, "12-09": 76, "12-10": 70}, {"11-01": 70}

FIVE, SIXTH, NEAR = ROAZ_IDS[:5], ROAZ_IDS[5], ROAZ_IDS[6]
"""At 0.95 and, for the last, at 0.94: that one is busy and does not count as full."""

# On day 7 nearly all 1,100 beds will be taken from 18 December on (550 by others), and more than all two days later.
_EXPECTED = steps(2021, {"11-01": 220, "12-18": 540, "12-20": 570})
FORETOLD = date(2021, 12, 13)

_IC, _WARD = spread(_EXPECTED, {}), spread(level(900), {})
COVID: ordinary.Beds = {region: {"ic": _IC[region], "ward": _WARD[region]} for region in ROAZ_IDS}


@dataclass(frozen=True)
class _Others:
    """What remains of the occupied beds without those with COVID."""

    occupied: Figure
    covid: Figure

    def at(self, moment: datetime) -> float:
        return round(self.occupied.at(moment)) - round(self.covid.at(moment))


def _beds(region: str, occupied: Mapping[str, float]) -> Mapping[Unit, Census]:
    covid = _IC[region]
    return {"ic": Census(covid, _Others(steps(2021, occupied), covid), level(_STAFFED))}


BEDS: Mapping[str, Mapping[Unit, Census]] = {
    **{region: _beds(region, _ROOM) for region in ROAZ_IDS[7:]},
    **{region: _beds(region, _FULL) for region in FIVE},
    SIXTH: _beds(SIXTH, _SIXTH),
    NEAR: _beds(NEAR, _ALMOST),
}


def _statements(chance: Random) -> Iterator[Statement]:
    yield from ordinary.duties_of_phase_two(chance, BEGIN, END, COVID)
    yield from census(chance, BEDS, BEGIN, END)
    yield phase(BEGIN, "1")
    # A step may be skipped: 2B is not obliged on the way to 2C.
    yield phase(date(2021, 11, 3), "2A")
    yield phase(date(2021, 11, 5), "2C")
    # A single provider cannot ask for 2D, and LNAZ cannot confirm it.
    yield phase(date(2021, 11, 8), "2D", requested_by="zorgaanbieder")
    yield phase(date(2021, 11, 10), "2C")
    yield phase(date(2021, 11, 12), "2D", confirmed_by="lnaz")
    yield phase(date(2021, 11, 15), "2D", requested_by="roaz-voorzitter")
    # Phase 3 is national only, and confirmed by the minister.
    yield phase(date(2021, 11, 17), "3", region="R03")
    yield phase(date(2021, 11, 19), "2D", region="R03")
    yield phase(date(2021, 11, 22), "3", confirmed_by="lnaz")
    yield phase(date(2021, 11, 24), "3")
    yield phase(date(2021, 11, 26), "2B")


_HIGH, _CRITICAL, _IRREGULAR = "ic-occupancy-high", "ic-occupancy-critical", "phase-change-irregular"

TRUTH: tuple[Truth, ...] = due(
    (NL, _IRREGULAR, "active", date(2021, 11, 8)),
    (NL, _IRREGULAR, "resolved", date(2021, 11, 10)),
    (NL, _IRREGULAR, "active", date(2021, 11, 12)),
    (NL, _IRREGULAR, "resolved", date(2021, 11, 15)),
    ("R03", _IRREGULAR, "active", date(2021, 11, 17)),
    ("R03", _IRREGULAR, "resolved", date(2021, 11, 19)),
    (NL, _IRREGULAR, "active", date(2021, 11, 22)),
    (NL, _IRREGULAR, "resolved", date(2021, 11, 24)),
    *((region, norm, "active", BUSY) for region in FIVE for norm in (_HIGH, _CRITICAL)),
    (NEAR, _HIGH, "active", BUSY),
    *((SIXTH, norm, "active", MOST) for norm in (_HIGH, _CRITICAL)),
    *((region, norm, "resolved", QUIET) for region in (*FIVE, SIXTH) for norm in (_HIGH, _CRITICAL)),
    (NEAR, _HIGH, "resolved", QUIET),
    (NL, "phase-3-risk-regions", "active", MOST),
    (NL, "phase-3-risk-regions", "resolved", QUIET),
    (NL, "phase-3-risk-forecast", "active", FORETOLD),
)

FASEN = Scenario(
    name="fasen",
    summary="fasewisselingen door de juiste en de verkeerde partij, en vijf en zes volle regio's: fase 3 dreigt",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=stated(_statements),
)
