"""Ordinary weeks in the chain outside beds and waits: tables in which nothing is too much.

A scenario takes them for its regions and says apart what is otherwise. Sizes follow from the IC beds of a region.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from deploy.scenarios import absence, duties, forecast, operating_rooms, production, workstock
from deploy.scenarios.absence import Absences
from deploy.scenarios.coordination import agreements, phase
from deploy.scenarios.course import Figure, level
from deploy.scenarios.forecast import Outlook
from deploy.scenarios.hospitals import HOSPITALS
from deploy.scenarios.operating_rooms import Rooms
from deploy.scenarios.production import Output
from deploy.scenarios.scenario import Statement, days
from deploy.scenarios.spread import spread
from deploy.scenarios.workstock import Stock
from streams.regions import ROAZ_IDS
from streams.reports.occupancy import Unit
from streams.reports.production import ProductionKind, Provider
from streams.reports.workstock import Urgency

_ROOMS_PER_IC_BED = 0.6
_IN_USE = 0.96
_DONE = 0.98


def rooms(regions: Iterable[str] = HOSPITALS) -> dict[str, Rooms]:
    """Return operating rooms of which a few in a hundred are closed."""
    found = {}
    for region in regions:
        normal = round(HOSPITALS[region].ic_beds * _ROOMS_PER_IC_BED)
        found[region] = Rooms(normal, level(round(normal * _IN_USE)))
    return found


def stocks(regions: Iterable[str] = HOSPITALS) -> dict[str, tuple[Stock, ...]]:
    """Return a werkvoorraad in which nobody is past a limit."""
    return {region: _stocks(HOSPITALS[region].ic_beds) for region in regions}


def _stocks(size: int) -> tuple[Stock, ...]:
    return (
        Stock("U2", level(size)),
        Stock("U3", level(4 * size)),
        Stock("U3", level(size), ic_dependent=True, specialism="cardiochirurgie", hours_each=4.0),
        Stock("U4", level(8 * size), specialism="orthopedie", hours_each=1.5),
        Stock("U5", level(6 * size), specialism="oogheelkunde", hours_each=0.75),
    )


def outputs(regions: Iterable[str] = HOSPITALS) -> dict[str, tuple[Output, ...]]:
    """Return a production just under that of 2019."""
    return {region: _outputs(HOSPITALS[region].ic_beds) for region in regions}


def _outputs(size: int) -> tuple[Output, ...]:
    return (
        _visits("polikliniek", 150 * size),
        _visits("polikliniek", 20 * size, "zbc"),
        _visits("opname", 12 * size),
        _visits("digitaal", 25 * size),
        _visits("oncologische-diagnose", 2 * size),
        _visits("vervolgtraject", size),
        _operations("U1", 0.5 * size, "chirurgie", 2.0),
        _operations("U2", size, "chirurgie", 2.0),
        _operations("U3", 1.5 * size, "chirurgie", 2.0),
        _operations("U3", 0.4 * size, "cardiochirurgie", 4.0, ic_dependent=True),
        _operations("U4", 2 * size, "orthopedie", 1.5),
        _operations("U5", 2 * size, "oogheelkunde", 0.75),
        _operations("U4", 0.5 * size, "orthopedie", 1.5, provider="zbc"),
    )


def _visits(kind: ProductionKind, reference: int, provider: Provider = "hospital") -> Output:
    return Output(kind, level(round(reference * _DONE)), reference, provider)


def _operations(
    urgency: Urgency,
    reference: float,
    specialism: str,
    hours: float,
    *,
    ic_dependent: bool = False,
    provider: Provider = "hospital",
) -> Output:
    return Output(
        "operatie",
        level(round(reference * _DONE)),
        round(reference),
        provider,
        urgency,
        ic_dependent=ic_dependent,
        specialism=specialism,
        hours_each=hours,
    )


def outlooks(covid: Mapping[str, Mapping[Unit, Figure]]) -> dict[str, dict[Unit, Outlook]]:
    """Return forecasts of these COVID beds, for each of which the region plans more than enough."""
    return {
        region: {unit: Outlook(figure, _Ample(figure)) for unit, figure in units.items()}
        for region, units in covid.items()
    }


@dataclass(frozen=True)
class _Ample:
    """A quarter more than another figure, and two beds."""

    figure: Figure

    def at(self, moment: datetime) -> float:
        return 1.25 * self.figure.at(moment) + 2


def chain(
    chance: Random,
    begin: date,
    end: date,
    *,
    rooms: Mapping[str, Rooms],
    stocks: Mapping[str, Sequence[Stock]],
    outputs: Mapping[str, Sequence[Output]],
    absences: Absences,
    outlooks: Mapping[str, Mapping[Unit, Outlook]],
) -> Iterator[Statement]:
    """Yield the reports of operating rooms, werkvoorraad, production, absence, forecasts and duties."""
    regions = tuple(rooms)
    yield from operating_rooms.operating_rooms(chance, rooms, begin, end)
    yield from workstock.workstock(chance, stocks, begin, end)
    yield from production.production(chance, outputs, begin, end)
    yield from absence.absence(chance, absences, regions, begin, end)
    yield from forecast.forecast(chance, outlooks, begin, end)
    yield from duties.plans(begin, regions)
    yield from duties.websites(regions, begin, end)
    yield from duties.mediation(regions, begin, end)
    yield from duties.reports_due(begin, end)


Beds = Mapping[str, Mapping[Unit, Figure]]
"""COVID beds by region and unit."""

_FEW_IC, _FEW_WARD = spread(level(160), {}), spread(level(520), {})
FEW: Beds = {region: {"ic": _FEW_IC[region], "ward": _FEW_WARD[region]} for region in ROAZ_IDS}
"""A few patients in every region, by its inhabitants."""


def duties_of_phase_two(chance: Random, begin: date, end: date, covid: Beds = FEW) -> Iterator[Statement]:
    """Yield what the frameworks ask of every region in phase 2, all of it done.

    Agreements that hold, plans inhaalzorg, insight by LCPS every day, and a forecast of seven days that comes true.
    """
    yield from duties.plans(begin, ROAZ_IDS)
    yield from agreements(begin, end + timedelta(days=100))
    yield from insight(begin, end)
    yield from forecast.forecast(chance, outlooks(covid), begin, end)


def in_phase_two(chance: Random, begin: date, end: date) -> Iterator[Statement]:
    """Yield that phase 2B is in force from the day before on, with all that it asks of every region."""
    yield phase(begin - timedelta(days=1), "2B")
    yield from duties_of_phase_two(chance, begin - timedelta(days=1), end)


def insight(begin: date, end: date) -> Iterator[Statement]:
    """Yield the daily insight that LCPS gives in the spread of patients and free capacity."""
    yield from duties.published("lcps-inzicht", days(begin, end), hour=9)
