"""`care.production`: what each location did, kind by kind and week by week, regular and catch-up together.

A report that names a kind states all of that kind that the location did in the week: the newest one replaces, and a
class that it does not name was not done. What the weeks say is in `deliveries` and `delivery_figures`.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, MutableMapping
from functools import partial

import msgspec
from typing_extensions import override

from agents.domain.statements.parts import Located
from agents.domain.statements.stale import Last
from agents.domain.statements.standing import Standing
from agents.domain.statements.weekly import Weekly, Weeks, before
from agents.domain.weekly.deliveries import LocationDeliveries, Row, Week, missed_in, part_of
from agents.domain.weekly.delivery_figures import delivery_figures, newest_weeks, stale_deliveries
from agents.domain.weekly.tally import NOTHING_MISSED, Tally
from alerts.norms import Norms
from streams.calendar import local_day
from streams.reports import ProductionReport
from streams.reports.production import ProductionRow
from streams.status import Indicator


class Place(msgspec.Struct, array_like=True):
    """One location: its weeks by kind, and the operations missed in weeks that are no longer held."""

    kinds: dict[str, Weeks[Week]] = {}
    missed: Tally = NOTHING_MISSED


class ProductionState(Located[Place, LocationDeliveries]):
    """What was done, by location."""


class Production(Weekly[ProductionState, ProductionReport, Place, str, Week]):
    """The fold of `care.production`."""

    state = ProductionState
    name = "production"
    is_whole = True
    only_full = True
    flows = True
    behind = 7

    @override
    def statements(
        self, report: ProductionReport, observed: int, received: int
    ) -> Iterator[tuple[str, Week]]:
        """Yield the week of each kind."""
        by_kind: dict[str, list[Row]] = defaultdict(list)
        for row in report.rows:
            by_kind[row.kind].append(_row(row))
        for kind, rows in by_kind.items():
            done = tuple(sorted(rows))
            yield (
                kind,
                Week(observed, report.revision, received, done, report.completeness, report.source),
            )

    @override
    def series(self, place: Place) -> MutableMapping[str, Weeks[Week]]:
        """Return the weeks of a location, by kind."""
        return place.kinds

    @override
    def counts(self, subject: str, week: Week) -> Iterator[tuple[Hashable, int]]:
        """Yield what was done of each class."""
        done = Counter[Hashable]()
        for row in week.rows:
            done[row.provider, row.specialism, row.treatment, row.urgency, row.ic_dependent] += row.done
        yield from done.items()

    @override
    def empty_place(self) -> Place:
        """Return a location of which nothing was reported."""
        return Place()

    @override
    def is_empty(self, place: Place) -> bool:
        """Return whether nothing is held of a location any more."""
        return not place.kinds and not place.missed.weeks

    @override
    def forgotten(self, place: Place, subject: str, weeks: Mapping[int, Week]) -> None:
        """Keep what was missed in weeks that are forgotten."""
        place.missed = missed_in(subject, weeks, place.missed)

    @override
    def indicators(self, state: ProductionState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
        """Yield every production indicator as known at second `at`."""
        standing = _standing(at, norms)
        state.parts.renew(state.places, standing.today, partial(_part, standing=standing))
        yield from delivery_figures(_counting(state, standing), standing)

    @override
    def stale(self, state: ProductionState, at: int, norms: Norms) -> Mapping[str, Last]:
        """Return who did not report the newest full week of a kind, with when they reported their last one."""
        standing = _standing(at, norms)
        return stale_deliveries(_counting(state, standing), standing)


def _counting(state: ProductionState, standing: Standing) -> Mapping[str, LocationDeliveries]:
    """Return what each location says; of one that ended no later week is missed."""
    parts = state.parts.by_location
    gone = state.parts.ended.keys() & parts.keys()
    if not gone:
        return parts
    for name in gone:
        place, until = state.places[name], state.parts.ended[name]
        kinds = {kind: before(weeks, until) for kind, weeks in place.kinds.items()}
        own = Place({kind: weeks for kind, weeks in kinds.items() if weeks}, place.missed)
        parts = {**parts, name: _part(own, standing.today, standing)}
    newest = newest_weeks(parts.values(), standing)
    return {name: part.up_to(newest) if name in gone else part for name, part in parts.items()}


def _standing(at: int, norms: Norms) -> Standing:
    stands = norms.parameter("production-missed")
    return Standing(local_day(at), stands, stands)


def _part(place: Place, _today: int, standing: Standing) -> LocationDeliveries:
    return part_of(place.kinds, place.missed, standing)


def _row(row: ProductionRow) -> Row:
    return Row(
        row.provider,
        row.specialism,
        row.treatment,
        row.urgency or "",
        row.ic_dependent,
        row.count,
        -1 if row.reference is None else row.reference,
        -1.0 if row.or_hours is None else row.or_hours,
    )
