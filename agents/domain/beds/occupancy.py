"""`care.occupancy` becomes state: beds by location and day. What they say is in `beds`."""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from typing_extensions import override

from agents.domain.beds import suspects as patients
from agents.domain.beds.bed_figures import bed_figures
from agents.domain.beds.beds import LocationBeds, last_beds
from agents.domain.beds.believed import Believed
from agents.domain.beds.reported import columns_of, without
from agents.domain.beds.series import (
    ASKED,
    BED_COLUMNS,
    COLUMNS,
    FIRST_COLUMN,
    SERIES,
    UNIT_COLUMNS,
    together,
)
from agents.domain.plausible.limits import limits_of
from agents.domain.statements.folding import Folding
from agents.domain.statements.outcome import Outcome
from agents.domain.statements.parts import Located
from agents.domain.statements.revisions import revised_on, settle
from agents.domain.statements.ring import (
    Days,
    HeldOfDay,
    Ring,
    Stamp,
    beats,
    day_of,
    expire,
    rings,
)
from agents.domain.statements.stale import Last, expired_of
from agents.domain.statements.standing import Standing
from alerts.norms import Norms
from streams.calendar import DAY_OF_QUARTER, QUARTER, local_day
from streams.control import SuspectConfirm
from streams.reports import OccupancyReport
from streams.status import Indicator
from streams.suspects import SuspectFigure

_MARKS_MAX = 8
"""Where a location reported more often in a tick, all of it is looked at again: that costs no more."""
_NO_STAMP = Stamp(0, 0, 0, 0.0)


class OccupancyState(Located[Days, LocationBeds]):
    """By location and day a column for each unit, label and field.

    Attributes:
        changed: stamps that reports of this tick left, by location, each with its day: what a tick looks at again.
    """

    @override
    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        super().__post_init__()
        self.changed: dict[str, list[tuple[int, Stamp]]] = {}

    @property
    def rings(self) -> dict[tuple[str, str, str, str], Ring]:
        """Every ring by location, unit, label and field: the state as one compares it, made anew."""
        return {
            (location, *SERIES[column]): ring
            for location, days in self.places.items()
            for column, ring in rings(days)
        }


class Occupancy(Folding[OccupancyState, OccupancyReport]):
    """The fold of `care.occupancy`."""

    state = OccupancyState
    units = tuple(UNIT_COLUMNS)

    @override
    def fold(  # noqa: C901, PLR0912, PLR0915 - one loop without calls, see below
        self,
        state: OccupancyState,
        report: OccupancyReport,
        observed: int,
        received: int,
        today: int,
        norms: Norms,
    ) -> Outcome:
        """Take a report into the state; `late` if it is about a day that the ring no longer holds."""
        day = DAY_OF_QUARTER[observed // QUARTER]
        if day < today and day < today - norms.retentions["beds"].kept:
            return "late"
        location = report.location
        try:
            stamps, values = state.places[location][day]
        except KeyError:
            stamps, values = day_of(state.places, location, day, COLUMNS)
        revision = report.revision
        stamp: Any = (observed, revision, received, report.completeness, report.source)
        changed = False
        unlike = state.unlike
        if revision or observed in unlike or location in unlike:
            report, changed = _settled(state, report, observed, day)
        first_column = FIRST_COLUMN
        # A stamp that this report is newer than; often the one of the report before, for every figure.
        older: Stamp | None = None
        # Four times the same and no inner loop: this runs for every figure there is.
        for reading in report.readings:
            column = first_column[reading.unit][reading.label]
            value = reading.occupied
            if value is not None:
                held = stamps[column]
                if held is older or held is None or observed > held[0]:
                    older = held
                    stamps[column] = stamp
                    values[column] = value
                    changed = True
                elif beats(stamp, value, held, values[column]):
                    stamps[column] = stamp
                    values[column] = value
                    changed = True
            column += 1
            value = reading.staffed
            if value is not None:
                held = stamps[column]
                if held is older or held is None or observed > held[0]:
                    older = held
                    stamps[column] = stamp
                    values[column] = value
                    changed = True
                elif beats(stamp, value, held, values[column]):
                    stamps[column] = stamp
                    values[column] = value
                    changed = True
            column += 1
            value = reading.admissions
            if value is not None:
                held = stamps[column]
                if held is older or held is None or observed > held[0]:
                    older = held
                    stamps[column] = stamp
                    values[column] = value
                    changed = True
                elif beats(stamp, value, held, values[column]):
                    stamps[column] = stamp
                    values[column] = value
                    changed = True
            column += 1
            value = reading.notified
            if value is not None:
                held = stamps[column]
                if held is older or held is None or observed > held[0]:
                    older = held
                    stamps[column] = stamp
                    values[column] = value
                    changed = True
                elif beats(stamp, value, held, values[column]):
                    stamps[column] = stamp
                    values[column] = value
                    changed = True
        if not changed:
            return "duplicate"
        state.parts.touched.add(location)
        marks = state.changed.get(location)
        if marks is None:
            state.changed[location] = [(day, stamp)]
        elif len(marks) < _MARKS_MAX:
            marks.append((day, stamp))
        return "applied"

    @override
    def displace(
        self,
        state: OccupancyState,
        report: OccupancyReport,
        observed: int,
        worse: Collection[str],
        seconds: int,
    ) -> None:
        """Hold no more what worse sources state of the same columns on the same day."""
        day = state.places.get(report.location, {}).get(DAY_OF_QUARTER[observed // QUARTER])
        if day is not None:
            held = HeldOfDay(day)
            held.empty(held.of_others(columns_of(report), observed, worse, seconds))

    @override
    def advance(self, state: OccupancyState, today: int, norms: Norms) -> None:
        """Forget what is older than the ring, but for the newest beds of each location."""
        keep = norms.retentions["beds"]
        first = today - keep.kept
        patients.remember(state, first, norms)
        state.parts.touched.update(expire(state.places, today, keep, BED_COLUMNS))
        patients.forget_pasts(state)
        state.forget_revised(first)

    @override
    def indicators(self, state: OccupancyState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
        """Yield every bed indicator as known at second `at`."""
        today, held = local_day(at), norms.retentions["beds"].held
        standing = Standing(today, norms.parameter("beds-stand"), norms.parameter("beds-missed"))
        limits, first = limits_of(norms), today - standing.carried

        def anew(own: patients.HeldBeds, _today: int, *, missed: bool = False) -> LocationBeds:
            believed = Believed(own.days, own.pasts, ASKED, today, limits, first, own.told)
            return LocationBeds(own.days, UNIT_COLUMNS, standing, held, missed=missed, believed=believed)

        def again(location: str, own: patients.HeldBeds, before: LocationBeds) -> LocationBeds | None:
            marks = state.changed.get(location, ())
            touched = _touched(own.days, marks) if all(day == today for day, _ in marks) else ()
            if touched and before.look_again(own.days, UNIT_COLUMNS, touched, standing, held):
                return before
            return None

        patients.look_at_doubted(state)
        state.parts.renew(
            patients.EveryHeld(state), today, anew, last_beds, again, partial(anew, missed=True)
        )
        state.changed.clear()
        locations = {name: part.units for name, part in state.parts.by_location.items()}
        admissions_min = norms.parameter("flood-admissions-min")
        return bed_figures(locations, today, norms.parameter("admissions-stand"), admissions_min)

    @override
    def stale(self, state: OccupancyState, at: int, norms: Norms) -> Mapping[str, Last]:
        """Return who is stale, as each location shows it by itself."""
        return state.parts.stale

    @override
    def gone(self, state: OccupancyState, at: int, norms: Norms) -> Collection[str]:
        """Return who has expired: the carried forward are counted still."""
        return expired_of(state.parts.stale)

    @override
    def units_told(self, state: OccupancyState, location: str) -> Collection[str]:
        """Return the units of which a location reports beds or patients, or is carried forward."""
        units = state.parts.by_location[location].units
        return [name for name, unit in units.items() if unit.beds.reported is not None]

    @override
    def suspects(self, state: OccupancyState) -> Iterator[tuple[SuspectFigure, int]]:
        """Yield the patients that are suspect."""
        return patients.suspect_patients(state)

    @override
    def confirm(self, state: OccupancyState, confirmed: SuspectConfirm) -> bool:
        """Let patients count that somebody confirmed; return False where they are not what is held."""
        return patients.confirm_patients(state, confirmed)

    @override
    def measure(self, state: OccupancyState, location: str) -> Mapping[Hashable, int] | None:
        """Return the newest patients and beds with staff of each unit, all labels together."""
        days = state.places.get(location)
        return None if days is None else together(days)


def _settled(
    state: OccupancyState, report: OccupancyReport, observed: int, day: int
) -> tuple[OccupancyReport, bool]:
    """Take note of a report where revisions are known of its location, and hold no more what it withdraws.

    Returns:
        What counts of it, and whether it withdraws anything that is held.
    """
    location, revision = report.location, report.revision
    revised = revised_on(state.revised, location, day, observed, revision)
    if revised is None:
        return report, False
    named = columns_of(report)
    held = HeldOfDay(state.places[location][day])
    settled = settle(revised, (observed, report.source), revision, named, held)
    if settled.noted:
        state.note_revised(location, observed, revised)
    if settled.emptied:
        held.empty(settled.emptied)
        # No stamp says which columns hold nothing any more: all of the location is looked at again.
        state.changed[location] = [(day, _NO_STAMP)] * _MARKS_MAX
    return without(report, settled.hidden) if settled.hidden else report, bool(settled.emptied)


def _touched(days: Days, marks: Sequence[tuple[int, Stamp]]) -> set[int]:
    """Return the columns that these stamps were left in; none where there were too many reports to tell them apart."""
    if len(marks) >= _MARKS_MAX:
        return set()
    return {
        column
        for day, stamp in marks
        if day in days
        for column, held in enumerate(days[day][0])
        if held is stamp
    }
