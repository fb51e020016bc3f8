"""`fasen`: phase changes asked and confirmed by whom they should be and by others, and phase 3 that threatens."""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

from streams.recording import Record
from streams.regions import NL, ROAZ_IDS
from streams.reports.occupancy import Unit
from streams.scenarios import ordinary
from streams.scenarios.beds import Census, census
from streams.scenarios.coordination import phase
from streams.scenarios.course import level, steps
from streams.scenarios.scenario import Scenario, Statement, Truth, due, recorded

BEGIN, END = date(2021, 11, 1), date(2021, 12, 17)

_STAFFED = 100


def _full(occupied: Mapping[str, float]) -> Mapping[Unit, Census]:
    return {"ic": Census(level(5), steps(2021, occupied), level(_STAFFED))}


BUSY, MOST, QUIET = date(2021, 12, 1), date(2021, 12, 3), date(2021, 12, 9)
"""Five of eleven regions are full; so is a sixth; none is any more."""

# Besides five beds with COVID.
_FULL, _ALMOST, _ROOM = (
    {"11-01": 65, "12-01": 90, "12-09": 65},
    {"11-01": 65, "12-01": 89, "12-09": 65},
    {"11-01": 65},
)
_SIXTH = {"11-01": 65, "12-03": 90, "12-09": 65}

FIVE, SIXTH, NEAR = ROAZ_IDS[:5], ROAZ_IDS[5], ROAZ_IDS[6]
"""At 0.95 and, for the last, at 0.94: that one is busy and does not count as full."""

BEDS: Mapping[str, Mapping[Unit, Census]] = {
    **{region: _full(_ROOM) for region in ROAZ_IDS[7:]},
    **{region: _full(_FULL) for region in FIVE},
    SIXTH: _full(_SIXTH),
    NEAR: _full(_ALMOST),
}

# On day 7 all beds will be taken from 18 December on: 35 with COVID and 65 others of 100. Two days later, more.
COVID: ordinary.Beds = {
    region: {"ic": steps(2021, {"11-01": 5, "12-18": 35, "12-20": 40})} for region in ROAZ_IDS
}
FORETOLD = date(2021, 12, 13)


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


def _records(chance: Random) -> list[Record]:
    return recorded(chance, _statements(chance))


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
    records=_records,
)
