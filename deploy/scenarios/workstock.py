"""Werkvoorraad: every Monday each location tells who waits for an operation, by specialism and urgency."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from deploy.scenarios.course import NONE, Figure, apportion
from deploy.scenarios.hospitals import HOSPITALS, Place, places
from deploy.scenarios.scenario import Statement, local, mondays
from streams.reports import WorkstockReport, WorkstockRow
from streams.reports.workstock import Urgency
from streams.topics import WORKSTOCK

SOURCE = "sim-werkvoorraad"


@dataclass(frozen=True)
class Stock:
    """One specialism and urgency class of one region, all locations together.

    Attributes:
        urgency: FMS class.
        patients: people in the stock.
        overdue: of them, past the limit from the indication.
        postponed: of them, past the limit from the postponement.
        reviewed: of those past a limit, with a review of the risk; None as all are.
        over_treeknorm: expected to wait longer than the Treeknorm.
        informed: of those, told so; None as all are.
        ic_dependent: needs an intensive care bed afterwards.
        specialism: medical specialism.
        hours_each: operating-room hours a patient takes.
    """

    urgency: Urgency
    patients: Figure
    overdue: Figure = NONE
    postponed: Figure = NONE
    reviewed: Figure | None = None
    over_treeknorm: Figure = NONE
    informed: Figure | None = None
    ic_dependent: bool = False
    specialism: str = "chirurgie"
    hours_each: float = 2.0


def workstock(
    chance: Random, stocks: Mapping[str, Sequence[Stock]], begin: date, end: date
) -> Iterator[Statement]:
    """Yield the reports of every region in the table on the Mondays between two days."""
    for region, own in stocks.items():
        for monday in mondays(begin, end):
            observed = local(monday, 8)
            for place in places(region):
                yield (
                    WORKSTOCK,
                    WorkstockReport(
                        id=f"{SOURCE}:{place.id}:{monday:%Y%m%d}:0",
                        source=SOURCE,
                        region=region,
                        location=place.name,
                        observed_at=observed,
                        received_at=observed + timedelta(seconds=chance.randint(600, 7200)),
                        week_start=monday,
                        rows=[_row(stock, place, observed) for stock in own],
                    ),
                )


def _row(stock: Stock, place: Place, at: datetime) -> WorkstockRow:
    shares = HOSPITALS[place.region].shares

    def of_place(figure: Figure) -> int:
        # Those past a limit and all the others are divided apart, so that no part is larger than its whole.
        return apportion(round(figure.at(at)), shares)[place.number]

    overdue, postponed, over = (
        of_place(figure) for figure in (stock.overdue, stock.postponed, stock.over_treeknorm)
    )
    late = max(overdue, postponed)
    patients = max(of_place(stock.patients), late, over)
    return WorkstockRow(
        specialism=stock.specialism,
        urgency=stock.urgency,
        ic_dependent=stock.ic_dependent,
        patients=patients,
        or_hours=patients * stock.hours_each,
        overdue=overdue,
        overdue_postponed=postponed,
        reviewed=late if stock.reviewed is None else of_place(stock.reviewed),
        over_treeknorm=over,
        informed=over if stock.informed is None else of_place(stock.informed),
    )
