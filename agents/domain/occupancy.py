"""`care.occupancy` becomes state: beds by location and day. What they say is in `beds`.
"""

from collections.abc import Iterator
from typing import get_args

import msgspec

from agents.domain.beds import LocationBeds, bed_figures, beds_of
from agents.domain.outcome import Outcome
from agents.domain.parts import Parts
from agents.domain.ring import RING_DAYS, Days, Places, Ring, expire, rings, slots_of
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


class OccupancyState(msgspec.Struct, dict=True):
    """By location and day a column for each unit, label and field."""

    places: Places = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[LocationBeds] = Parts()


def fold(
    state: OccupancyState, report: OccupancyReport, observed: int, received: int, today: int
) -> Outcome:
    """Take a report into the state; `late` if it is about a day that the ring no longer holds."""
    day = DAY_OF_QUARTER[observed // QUARTER]
    if day < today - RING_DAYS:
        return "late"
    location, revision, completeness = report.location, report.revision, report.completeness
    slots = slots_of(state.places, location, day, _COLUMNS)
    changed = False
    # Four times the same and no inner loop: this runs for every reading there is.
    for reading in report.readings:
        column = _FIRST_COLUMN[reading.unit][reading.label]
        value = reading.occupied
        if value is not None:
            slot = (observed, revision, received, value, completeness)
            held = slots[column]
            if held is None or slot > held:
                slots[column] = slot
                changed = True
        value = reading.staffed
        if value is not None:
            slot = (observed, revision, received, value, completeness)
            held = slots[column + 1]
            if held is None or slot > held:
                slots[column + 1] = slot
                changed = True
        value = reading.admissions
        if value is not None:
            slot = (observed, revision, received, value, completeness)
            held = slots[column + 2]
            if held is None or slot > held:
                slots[column + 2] = slot
                changed = True
        value = reading.notified
        if value is not None:
            slot = (observed, revision, received, value, completeness)
            held = slots[column + 3]
            if held is None or slot > held:
                slots[column + 3] = slot
                changed = True
    if changed:
        state.parts.touched.add(location)
        return "applied"
    return "duplicate"


def advance(state: OccupancyState, today: int) -> None:
    """Forget what is older than the ring."""
    state.parts.touched.update(expire(state.places, today))


def indicators(state: OccupancyState, at: int, _norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield every bed indicator as known at second `at`."""
    today = local_day(at)
    state.parts.renew(state.places, today, _part)
    return bed_figures(list(state.parts.by_location.values()), today)


def _part(days: Days, today: int) -> LocationBeds:
    by_unit: dict[str, dict[str, dict[str, Ring]]] = {}
    for column, ring in rings(days):
        unit, label, field = _SERIES[column]
        by_unit.setdefault(unit, {}).setdefault(field, {})[label] = ring
    return {unit: beds_of(by_field, today) for unit, by_field in by_unit.items()}
