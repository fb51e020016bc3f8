"""`fasen`: phase changes asked and confirmed by whom they should be and by others, and phase 3 that threatens."""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

from streams.recording import Record
from streams.regions import ROAZ_IDS
from streams.reports.occupancy import Unit
from streams.scenarios import ordinary
from streams.scenarios.beds import Census, census
from streams.scenarios.coordination import phase
from streams.scenarios.course import level, steps
from streams.scenarios.scenario import Scenario, Statement, Truth, due, recorded

BEGIN, END = date(2021, 11, 1), date(2021, 12, 12)

_STAFFED = 100


def _full(occupied: Mapping[str, float]) -> Mapping[Unit, Census]:
    return {"ic": Census(level(5), steps(2021, occupied), level(_STAFFED))}


# Besides five with COVID.
_BUSY = {"11-01": 65, "12-01": 90, "12-09": 65}
_JUST_NOT = {"11-01": 65, "12-01": 84, "12-09": 65}
_SIXTH = {"11-01": 65, "12-03": 90, "12-09": 65}
"""The sixth of eleven regions follows two days later: more than half of them."""

BEDS: Mapping[str, Mapping[Unit, Census]] = {
    region: _full(_BUSY if number < 5 else _SIXTH if number == 5 else _JUST_NOT)
    for number, region in enumerate(ROAZ_IDS)
}


def _statements(chance: Random) -> Iterator[Statement]:
    yield from ordinary.duties_of_phase_two(chance, BEGIN, END)
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


TRUTH: tuple[Truth, ...] = due()

FASEN = Scenario(
    name="fasen",
    summary="fasewisselingen door de juiste en de verkeerde partij, en vijf en zes volle regio's: fase 3 dreigt",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=_records,
)
