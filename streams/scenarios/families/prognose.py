"""`prognose`: forecasts that are missing, too short, or foretell more patients than a region has planned for."""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

from streams.recording import Record
from streams.reports.occupancy import Unit
from streams.scenarios import forecast, ordinary
from streams.scenarios.beds import Census, census
from streams.scenarios.coordination import agreements, phase
from streams.scenarios.course import level, steps
from streams.scenarios.dirt import Silence, silenced
from streams.scenarios.forecast import Outlook
from streams.scenarios.scenario import Scenario, Statement, Truth, due, local, recorded

BEGIN, END = date(2021, 11, 8), date(2021, 12, 5)
PHASE_2 = date(2021, 11, 15)

_SILENT = (
    Silence("R02", forecast.SOURCE, local(date(2021, 11, 10)), local(date(2021, 11, 12))),
    Silence("R02", forecast.SOURCE, local(date(2021, 11, 22)), local(date(2021, 11, 25))),
)

_OUTLOOK = ordinary.outlooks(ordinary.FEW)
OUTLOOKS: Mapping[str, Mapping[Unit, Outlook]] = {
    **_OUTLOOK,
    # Six days instead of seven, in phase 1 already.
    "R03": {
        unit: Outlook(own.covid, own.planned, steps(2021, {"11-08": 6, "11-10": 7, "11-19": 6, "11-22": 7}))
        for unit, own in _OUTLOOK["R03"].items()
    },
    # From 1 December one bed more is expected than planned; it shows a week before.
    "R04": {
        "ic": Outlook(steps(2021, {"11-08": 20, "12-01": 31}), level(30)),
        "ward": _OUTLOOK["R04"]["ward"],
    },
    # Exactly as many as planned.
    "R05": {
        "ic": Outlook(steps(2021, {"11-08": 20, "12-01": 30}), level(30)),
        "ward": _OUTLOOK["R05"]["ward"],
    },
    # Nothing planned: what is staffed and not taken by others is what there is.
    "R06": {"ic": Outlook(steps(2021, {"11-08": 20, "11-30": 26}))},
    "R07": {"ic": Outlook(steps(2021, {"11-08": 20, "11-30": 25}))},
}

BEDS: Mapping[str, Mapping[Unit, Census]] = {
    "R06": {"ic": Census(level(20), level(35), level(60))},
    "R07": {"ic": Census(level(20), level(35), level(60))},
}


def _statements(chance: Random) -> Iterator[Statement]:
    yield phase(BEGIN, "1")
    yield phase(PHASE_2, "2B")
    yield from agreements(BEGIN, date(2022, 6, 1))
    yield from ordinary.insight(BEGIN, END)
    yield from forecast.forecast(chance, OUTLOOKS, BEGIN, END)
    yield from census(chance, BEDS, BEGIN, END)


def _records(chance: Random) -> list[Record]:
    statements = list(_statements(chance))
    for silence in _SILENT:
        statements = silenced(statements, silence)
    return recorded(chance, statements)


TRUTH: tuple[Truth, ...] = due()

PROGNOSE = Scenario(
    name="prognose",
    summary="prognoses die ontbreken, te kort zijn, of meer patiënten voorspellen dan er bedden zijn",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=_records,
)
