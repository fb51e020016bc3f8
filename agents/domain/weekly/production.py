"""`care.production` becomes state: what each location did, kind by kind and week by week, regular and catch-up together.

A report that names a kind states all of that kind that the location did in the week: the newest one replaces, and a
class that it does not name was not done. What the weeks say is in `deliveries` and `delivery_figures`.

A location that falls silent did neither more nor less: while it is missed, figures are told with its last full week as
well (`agents.domain.figures.silence`).
"""

from collections.abc import Iterator
from functools import partial

import msgspec

from agents.domain.statements.outcome import Outcome
from agents.domain.statements.parts import Parts
from agents.domain.statements.silent import Last
from agents.domain.statements.weeks import Spans, kept_full_weeks
from agents.domain.weekly.deliveries import Kinds, LocationDeliveries, Row, missed_in, part_of
from agents.domain.weekly.delivery_figures import delivery_figures, silent_deliveries
from agents.domain.weekly.tally import Tally
from alerts.norms import Norms
from streams.calendar import day_number, local_day
from streams.reports import ProductionReport
from streams.reports.production import ProductionRow
from streams.status import Indicator

KEPT_DAYS = 35
"""Weeks that began up to this many days ago are held; older reports are late. How long the newest full one stands, and
a location is missed that did not tell it, is a parameter (`production-missed`).
"""

HELD_DAYS = 371
"""The last full week of a location, and the one before it, are held this long: to know what it told when it is missed
or was given up.
"""


class Place(msgspec.Struct, array_like=True):
    """One location: its weeks by kind, and the operations missed in weeks that are no longer held."""

    kinds: Kinds = {}
    missed: Tally = (0, 0, 0)


class ProductionState(msgspec.Struct, dict=True):
    """What was done, by location."""

    places: dict[str, Place] = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[LocationDeliveries] = Parts()


def fold(
    state: ProductionState, report: ProductionReport, observed: int, received: int, today: int
) -> Outcome:
    """Take a report into the state; `late` if the week is no longer held."""
    monday = day_number(report.week_start)
    if today and monday < today - KEPT_DAYS:
        return "late"
    by_kind: dict[str, list[Row]] = {}
    for row in report.rows:
        by_kind.setdefault(row.kind, []).append(_row(row))
    place = state.places.get(report.location)
    if place is None:
        place = state.places[report.location] = Place()
    changed = False
    for kind, rows in by_kind.items():
        new = (observed, report.revision, received, tuple(sorted(rows)), report.completeness)
        weeks = place.kinds.setdefault(kind, {})
        held = weeks.get(monday)
        if held is None or new > held:
            weeks[monday] = new
            changed = True
    if changed:
        state.parts.touched.add(report.location)
        return "applied"
    return "duplicate"


def _row(row: ProductionRow) -> Row:
    return (
        row.provider,
        row.specialism,
        row.treatment,
        row.urgency or "",
        row.ic_dependent,
        row.count,
        -1 if row.reference is None else row.reference,
        -1.0 if row.or_hours is None else row.or_hours,
    )


def advance(state: ProductionState, today: int) -> None:
    """Forget weeks that are too old, but for the last full ones of each kind; what was missed in them stays."""
    for location, place in list(state.places.items()):
        for kind, weeks in list(place.kinds.items()):
            kept = kept_full_weeks(weeks, today, KEPT_DAYS, HELD_DAYS, 7)
            aged = {monday: week for monday, week in weeks.items() if monday not in kept}
            if not aged:
                continue
            state.parts.touched.add(location)
            place.missed = missed_in(kind, aged, place.missed)
            for monday in aged:
                del weeks[monday]
            if not weeks:
                del place.kinds[kind]
        if not place.kinds and not place.missed[1]:
            del state.places[location]


def indicators(state: ProductionState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield every production indicator as known at second `at`."""
    today = local_day(at)
    stands = norms.parameter("production-missed")
    spans = Spans(today, stands, stands)
    state.parts.renew(state.places, today, partial(_part, stands=stands))
    yield from delivery_figures(list(state.parts.by_location.values()), spans)


def silent(state: ProductionState, at: int, norms: Norms) -> dict[str, Last]:
    """Return who did not tell the newest full week of a kind, with when they told of their last one."""
    stands = norms.parameter("production-missed")
    return silent_deliveries(state.parts.by_location, Spans(local_day(at), stands, stands))


def _part(place: Place, today: int, stands: float) -> LocationDeliveries:
    return part_of(place.kinds, place.missed, Spans(today, stands, stands))
