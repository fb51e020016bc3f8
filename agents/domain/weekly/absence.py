"""`care.absence`: sickness absence by location, sector and week, weighed by employees."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import msgspec
from typing_extensions import override

from agents.domain.figures.in_views import InViews
from agents.domain.figures.sums import Addend, Fraction, Labels, ratio, total
from agents.domain.statements.parts import Located
from agents.domain.statements.standing import Views
from agents.domain.statements.weekly import Weekly, newest_of
from alerts.norms import Norms
from streams.indicators import ALL
from streams.reports import AbsenceReport
from streams.status import Indicator
from streams.where import Place, Where, where_of


class Week(NamedTuple):
    """One sector of one location in one week; a long rate of -1 is unknown."""

    observed: int
    revision: int
    received: int
    rate: float
    employees: int
    long_rate: float
    completeness: float
    source: str = ""


Sectors = dict[str, dict[int, Week]]
_Newest = dict[str, Views[Week]]
_Held = tuple[str, Views[Week]]


class AbsenceState(Located[Sectors, _Newest]):
    """Weeks by location and sector."""


class Absence(Weekly[AbsenceState, AbsenceReport, Sectors, str, Week]):
    """The fold of `care.absence`."""

    state = AbsenceState
    name = "absence"

    @override
    def statements(self, report: AbsenceReport, observed: int, received: int) -> Iterator[tuple[str, Week]]:
        """Yield the week of each sector."""
        for row in report.rows:
            long_rate = -1.0 if row.long_rate is None else row.long_rate
            week = Week(
                observed,
                report.revision,
                received,
                row.rate,
                row.employees,
                long_rate,
                report.completeness,
                report.source,
            )
            yield row.sector, week

    @override
    def counts(self, subject: str, week: Week) -> Iterator[tuple[Hashable, int]]:
        """Yield the employees."""
        yield subject, week.employees

    @override
    def indicators(self, state: AbsenceState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
        """Yield the absence of each sector, and of all."""
        held: dict[str, list[_Held]] = defaultdict(list)
        self.newest(state, at, norms, newest_of)
        for location, part in state.parts.by_location.items():
            for sector, views in part.items():
                held[sector].append((location, views))
                held[ALL].append((location, views))
        for sector, every in sorted(held.items()):
            for found in InViews([views for _, views in every]).figures(
                partial(_figures, {"sector": sector})
            ):
                if found.name == "absence_rate":
                    yield msgspec.structs.replace(found, where=_where(every))
                else:
                    yield found


def _figures(labels: Labels, weeks: Sequence[Week], expected: Sequence[Week]) -> Iterator[Indicator]:
    places = len(expected)
    rates = [_rate(week, week.rate) for week in weeks]
    long_rates = [_rate(week, week.long_rate) for week in weeks if week.long_rate >= 0]
    employees = [Addend(week.employees, week.observed, week.completeness) for week in weeks]
    yield ratio("absence_rate", labels, rates, places, digits=4)
    yield ratio("absence_long_rate", labels, long_rates, places, digits=4)
    yield total("absence_employees", labels, employees, places)


def _where(held: Iterable[_Held]) -> Where | None:
    """Return at which locations the largest part of the employees is ill."""
    ill: dict[str, float] = defaultdict(float)
    employed: dict[str, int] = defaultdict(int)
    for location, views in held:
        if (week := views.reported) is not None:
            ill[location] += week.rate * week.employees / 100
            employed[location] += week.employees
    places = [Place(name, round(part), employed[name]) for name, part in ill.items()]
    return where_of(places, is_reason=lambda one: one.part > 0)


def _rate(week: Week, rate: float) -> Fraction:
    return Fraction(rate * week.employees, week.employees, week.observed, week.completeness)
