"""`prognose`: forecasts that are missing, too short, or foretell more patients than a region has planned for."""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

from deploy.scenarios import duties, forecast, ordinary
from deploy.scenarios.beds import Census, census
from deploy.scenarios.coordination import agreements, phase
from deploy.scenarios.course import Figure, level, steps
from deploy.scenarios.dirt import Silence, silenced
from deploy.scenarios.forecast import Outlook
from deploy.scenarios.scenario import Scenario, Statement, Truth, due, local, stated
from streams.regions import ROAZ_IDS
from streams.reports.occupancy import Unit

BEGIN, END = date(2021, 11, 8), date(2021, 12, 5)
PHASE_2 = date(2021, 11, 15)

_SILENT = (
    Silence("R02", forecast.SOURCE, local(date(2021, 11, 10)), local(date(2021, 11, 12))),
    Silence("R02", forecast.SOURCE, local(date(2021, 11, 22)), local(date(2021, 11, 25))),
)

_OUTLOOK = ordinary.outlooks(ordinary.FEW)
OUTLOOKS: Mapping[str, Mapping[Unit, Outlook]] = {
    **_OUTLOOK,
    # Six days instead of seven: in phase 1, in phase 2 before the supplement of 18 November holds, and after it.
    "R03": {
        unit: Outlook(
            own.covid,
            own.planned,
            steps(2021, {"11-08": 6, "11-10": 7, "11-15": 6, "11-17": 7, "11-19": 6, "11-22": 7}),
        )
        for unit, own in _OUTLOOK["R03"].items()
    },
    # From 1 December one bed more is expected than planned; it shows a week before.
    "R04": {
        "ic": Outlook(steps(2021, {"11-08": 20, "12-01": 31, "12-05": 25}), level(30)),
        "ward": _OUTLOOK["R04"]["ward"],
    },
    # Exactly as many as planned.
    "R05": {
        "ic": Outlook(steps(2021, {"11-08": 20, "12-01": 30}), level(30)),
        "ward": _OUTLOOK["R05"]["ward"],
    },
    # Nothing planned: what is staffed and not taken by others is what there is, 52 beds.
    "R06": {"ic": Outlook(steps(2021, {"11-08": 37, "12-06": 53})), "ward": _OUTLOOK["R06"]["ward"]},
    "R07": {"ic": Outlook(steps(2021, {"11-08": 31, "12-06": 52})), "ward": _OUTLOOK["R07"]["ward"]},
    # For four days a quarter more patients come than were expected, and exactly a fifth more.
    "R08": {"ic": Outlook(level(28)), "ward": _OUTLOOK["R08"]["ward"]},
    "R09": {"ic": Outlook(level(10)), "ward": _OUTLOOK["R09"]["ward"]},
    # And a quarter fewer, and exactly a fifth fewer.
    "R01": {"ic": Outlook(level(20)), "ward": _OUTLOOK["R01"]["ward"]},
    "R10": {"ic": Outlook(level(20)), "ward": _OUTLOOK["R10"]["ward"]},
}


def _beds(patients: Figure) -> Mapping[Unit, Census]:
    return {"ic": Census(patients, level(28), level(80))}


# Of six regions: too few to judge whether they share evenly.
BEDS: Mapping[str, Mapping[Unit, Census]] = {
    "R06": _beds(level(37)),
    "R07": _beds(level(31)),
    "R08": _beds(steps(2021, {"11-08": 28, "11-09": 35, "11-13": 28})),
    "R09": _beds(steps(2021, {"11-08": 10, "11-09": 12, "11-13": 10})),
    "R01": _beds(steps(2021, {"11-08": 20, "11-09": 15, "11-13": 20})),
    "R10": _beds(steps(2021, {"11-08": 20, "11-09": 16, "11-13": 20})),
}


def _statements(chance: Random) -> Iterator[Statement]:
    yield phase(BEGIN, "1")
    yield phase(PHASE_2, "2B")
    yield from agreements(BEGIN, date(2022, 6, 1))
    yield from duties.plans(BEGIN, ROAZ_IDS)
    yield from ordinary.insight(BEGIN, END)
    yield from forecast.forecast(chance, OUTLOOKS, BEGIN, END)
    yield from census(chance, BEDS, BEGIN, END, moves=15)


_MISSING, _OVER, _SOON = "forecast-missing", "forecast-over-capacity", "forecast-overflow-soon"

TRUTH: tuple[Truth, ...] = (
    *(
        truth
        for unit in ("ic", "ward")
        for truth in due(
            ("R02", _MISSING, "active", date(2021, 11, 22)),
            ("R02", _MISSING, "resolved", date(2021, 11, 25)),
            ("R03", _MISSING, "active", date(2021, 11, 15)),
            ("R03", _MISSING, "resolved", date(2021, 11, 17)),
            ("R03", _MISSING, "reopened", date(2021, 11, 19)),
            ("R03", _MISSING, "resolved", date(2021, 11, 22)),
            scope=f"unit={unit}",
        )
    ),
    *due(
        ("R04", _OVER, "active", date(2021, 11, 24)),
        ("R04", _SOON, "active", date(2021, 11, 28)),
        ("R04", _OVER, "resolved", date(2021, 12, 4)),
        ("R04", _SOON, "resolved", date(2021, 12, 4)),
        ("R06", _OVER, "active", date(2021, 11, 29)),
        ("R08", "forecast-off", "active", date(2021, 11, 10)),
        ("R08", "forecast-off", "resolved", date(2021, 11, 15)),
        ("R01", "forecast-off-below", "active", date(2021, 11, 10)),
        ("R01", "forecast-off-below", "resolved", date(2021, 11, 15)),
        ("R06", _SOON, "active", date(2021, 12, 3)),
        scope="unit=ic",
    ),
    # A source that says nothing for a day and a half is silent, whatever the phase.
    *due(
        ("R02", "feed-silent", "active", date(2021, 11, 10)),
        ("R02", "feed-silent", "resolved", date(2021, 11, 12)),
        ("R02", "feed-silent", "active", date(2021, 11, 22)),
        ("R02", "feed-silent", "resolved", date(2021, 11, 25)),
        scope=f"source={forecast.SOURCE},topic=care.forecast",
    ),
)

PROGNOSE = Scenario(
    name="prognose",
    summary="prognoses die ontbreken, te kort zijn, of meer patiënten voorspellen dan er bedden zijn",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=stated(lambda chance: silenced(_statements(chance), *_SILENT)),
)
