"""`care.occupancy` becomes state: beds by location and day. What they say is in `beds`."""

from collections.abc import Iterator
from functools import partial
from typing import get_args

import msgspec

from agents.domain.beds.bed_figures import bed_figures
from agents.domain.beds.beds import LocationBeds, beds_of, last_beds
from agents.domain.beds.columns import Columns
from agents.domain.statements.outcome import Outcome
from agents.domain.statements.parts import Parts
from agents.domain.statements.ring import RING_DAYS, Days, Places, Ring, Stamp, beats, day_of, expire, rings
from alerts.norms import Norms
from streams.calendar import DAY_OF_QUARTER, QUARTER, local_day
from streams.reports import OccupancyReport
from streams.reports.occupancy import Label, Unit
from streams.status import Indicator

_FIELDS = ("occupied", "staffed", "admissions", "notified")
_SERIES = tuple(
    (unit, label, field) for unit in get_args(Unit) for label in get_args(Label) for field in _FIELDS
)
_COLUMNS = len(_SERIES)
_FIRST_COLUMN = {
    unit: {label: _SERIES.index((unit, label, _FIELDS[0])) for label in get_args(Label)}
    for unit in get_args(Unit)
}
_UNIT_COLUMNS = {
    unit: {
        field: {label: _SERIES.index((unit, label, field)) for label in get_args(Label)} for field in _FIELDS
    }
    for unit in get_args(Unit)
}
_UNIT_SPAN = {
    unit: slice(number * _COLUMNS // len(get_args(Unit)), (number + 1) * _COLUMNS // len(get_args(Unit)))
    for number, unit in enumerate(get_args(Unit))
}
"""Where all columns of a unit lie."""
_BED_COLUMNS = tuple(
    number for number, (_, _, field) in enumerate(_SERIES) if field in {"occupied", "staffed"}
)
"""Beds, of which is held what was told last."""


class OccupancyState(msgspec.Struct, dict=True):
    """By location and day a column for each unit, label and field."""

    places: Places = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[LocationBeds] = Parts()

    @property
    def rings(self) -> dict[tuple[str, str, str, str], Ring]:
        """Every ring by location, unit, label and field: the state as one compares it, made anew."""
        return {
            (location, *_SERIES[column]): ring
            for location, days in self.places.items()
            for column, ring in rings(days)
        }


def fold(  # noqa: C901, PLR0912, PLR0915 - one loop without calls, see below
    state: OccupancyState, report: OccupancyReport, observed: int, received: int, today: int
) -> Outcome:
    """Take a report into the state; `late` if it is about a day that the ring no longer holds."""
    day = DAY_OF_QUARTER[observed // QUARTER]
    if day < today - RING_DAYS:
        return "late"
    location = report.location
    try:
        stamps, values = state.places[location][day]
    except KeyError:
        stamps, values = day_of(state.places, location, day, _COLUMNS)
    stamp = (observed, report.revision, received, report.completeness)
    first_column = _FIRST_COLUMN
    # A stamp that this report is newer than; often the one of the report before, for every figure.
    older: Stamp | None = None
    changed = False
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
    if changed:
        state.parts.touched.add(location)
        return "applied"
    return "duplicate"


def advance(state: OccupancyState, today: int) -> None:
    """Forget what is older than the ring, but for the newest beds of each location."""
    state.parts.touched.update(expire(state.places, today, _BED_COLUMNS))


def indicators(state: OccupancyState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield every bed indicator as known at second `at`."""
    today = local_day(at)
    part = partial(_part, missed=norms.parameter("beds-missed"))
    state.parts.renew(state.places, today, part, last_beds)
    return bed_figures(list(state.parts.by_location.values()), today, norms.parameter("flood-admissions-min"))


def _part(days: Days, today: int, missed: float) -> LocationBeds:
    told = Columns(days, today, missed)
    return {
        unit: beds_of(told, columns, today, missed)
        for unit, columns in _UNIT_COLUMNS.items()
        if any(told.held[_UNIT_SPAN[unit]])
    }
