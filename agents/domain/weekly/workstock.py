"""`care.workstock`: the werkvoorraad of each location, week by week.

A report states a location's whole stock of a week: the newest one replaces, and a class that it does not name holds
nobody. What the weeks say is in `stock`.
"""

from collections.abc import Hashable, Iterator, MutableMapping

from typing_extensions import override

from agents.domain.statements.parts import Located
from agents.domain.statements.standing import Standing, Views
from agents.domain.statements.weekly import Weekly, Weeks
from agents.domain.weekly.stock import BEHIND_DAYS, LocationStock, Row, Week, stock_of
from agents.domain.weekly.stock_figures import locations_figures, stock_figures
from alerts.norms import Norms
from streams.calendar import local_day
from streams.reports import WorkstockReport
from streams.status import Indicator

_WHOLE = ""
"""The one subject: a report states all of the stock."""


class WorkstockState(Located[Weeks[Week], dict[str, Views[LocationStock]]]):
    """Weeks by location."""


class Workstock(Weekly[WorkstockState, WorkstockReport, Weeks[Week], str, Week]):
    """The fold of `care.workstock`."""

    state = WorkstockState
    name = "workstock"
    is_whole = True
    behind = BEHIND_DAYS

    @override
    def statements(self, report: WorkstockReport, observed: int, received: int) -> Iterator[tuple[str, Week]]:
        """Yield the week."""
        rows = sorted(
            Row(
                row.specialism,
                row.urgency,
                row.ic_dependent,
                _known(row.patients),
                -1.0 if row.or_hours is None else row.or_hours,
                _known(row.overdue),
                _known(row.overdue_postponed),
                _known(row.reviewed),
                _known(row.over_treeknorm),
                _known(row.informed),
            )
            for row in report.rows
        )
        stock = tuple(rows)
        yield _WHOLE, Week(observed, report.revision, received, stock, report.completeness, report.source)

    @override
    def series(self, place: Weeks[Week]) -> MutableMapping[str, Weeks[Week]]:
        """Return the weeks of a location."""
        return {_WHOLE: place}

    @override
    def counts(self, subject: str, week: Week) -> Iterator[tuple[Hashable, int]]:
        """Yield the patients of each class."""
        for row in week.rows:
            if row.patients >= 0:
                yield (row.specialism, row.urgency, row.ic_dependent), row.patients

    @override
    def is_empty(self, place: Weeks[Week]) -> bool:
        """Return whether nothing is held of a location any more."""
        return not place

    @override
    def indicators(self, state: WorkstockState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
        """Yield every werkvoorraad indicator as known at second `at`."""
        self.newest(state, at, norms, stock_of)
        every = {name: part[_WHOLE] for name, part in state.parts.by_location.items()}
        yield from stock_figures(every)
        owed = Standing(local_day(at), norms.parameter("workstock-stands"), norms.parameter("workstock-owed"))
        yield from locations_figures([stock for views in every.values() if (stock := views.expired)], owed)


def _known(count: int | None) -> int:
    return -1 if count is None else count
