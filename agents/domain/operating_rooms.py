"""`care.operating-rooms` becomes state: rooms in use against what is usual, by location and day.

Rooms in use are held against what is usual on such a day: as told for the same day, else as last told for another day
of the same kind, since fewer rooms run in a weekend and on a holiday.
"""

from collections.abc import Iterator
from math import fsum

import msgspec

from agents.domain.outcome import Outcome
from agents.domain.parts import Parts
from agents.domain.ring import (
    FRESH_DAYS,
    RING_DAYS,
    Days,
    Places,
    Ring,
    Slot,
    beats,
    day_of,
    expire,
    latest,
    ring,
)
from alerts.norms import Norms
from streams.calendar import DAY_OF_QUARTER, QUARTER, is_working_day, local_day
from streams.reports import OperatingRoomsReport
from streams.status import Indicator

_COLUMNS = 2
_IN_USE, _NORMAL = range(_COLUMNS)

_Pair = tuple[Slot, Slot]
"""Rooms in use and usual rooms that may be held against each other."""

_Part = tuple[tuple[Slot | None, Slot | None], _Pair | None]
"""What one location says now: rooms in use and usual rooms, and the newest pair of them."""


class OperatingRoomsState(msgspec.Struct, dict=True):
    """By location and day two columns: rooms in use, usual rooms."""

    places: Places = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[_Part] = Parts()


def fold(
    state: OperatingRoomsState, report: OperatingRoomsReport, observed: int, received: int, today: int
) -> Outcome:
    """Take a report into the state; `late` if it is about a day that the ring no longer holds."""
    day = DAY_OF_QUARTER[observed // QUARTER]
    if day < today - RING_DAYS:
        return "late"
    location = report.location
    stamps, values = day_of(state.places, location, day, _COLUMNS)
    stamp = (observed, report.revision, received, report.completeness)
    changed = False
    for column, value in ((_IN_USE, report.rooms_in_use), (_NORMAL, report.rooms_normal)):
        if value is not None:
            held = stamps[column]
            if held is None or beats(stamp, value, held, values[column]):
                stamps[column] = stamp
                values[column] = value
                changed = True
    if changed:
        state.parts.touched.add(location)
        return "applied"
    return "duplicate"


def advance(state: OperatingRoomsState, today: int) -> None:
    """Forget what is older than the ring."""
    state.parts.touched.update(expire(state.places, today))


def indicators(state: OperatingRoomsState, at: int, _norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield the rooms as known at second `at`; the reduction rests on as many usual rooms as its `observations`."""
    state.parts.renew(state.places, local_day(at), _part)
    parts = list(state.parts.by_location.values())
    if not parts:
        return
    for name, column in (("or_rooms_in_use", _IN_USE), ("or_rooms_normal", _NORMAL)):
        known = [slot for now, _ in parts if (slot := now[column]) is not None]
        value = sum(slot[3] for slot in known) if known else None
        observed = max((slot[0] for slot in known), default=0)
        yield Indicator(name, {}, value, observed, _share(known, len(parts)), len(known))
    pairs = [pair for _, pair in parts if pair is not None]
    in_use = sum(used[3] for used, _ in pairs)
    normal = sum(usual[3] for _, usual in pairs)
    reduction = round(1 - in_use / normal, 6) if normal else None
    observed = max((used[0] for used, _ in pairs), default=0)
    share = _share([used for used, _ in pairs], len(parts))
    yield Indicator("or_reduction_ratio", {}, reduction, observed, share, normal)


def _part(days: Days, today: int) -> _Part:
    in_use, normal = ring(days, _IN_USE), ring(days, _NORMAL)
    return (latest(in_use, today), latest(normal, today)), _pair(in_use, normal, today)


def _pair(in_use: Ring, normal: Ring, today: int) -> _Pair | None:
    for day in range(today + 1, today - FRESH_DAYS - 1, -1):
        used = in_use.get(day)
        if used is not None and (usual := _usual_on(normal, day)) is not None:
            return used, usual
    return None


def _usual_on(normal: Ring, day: int) -> Slot | None:
    if day in normal:
        return normal[day]
    working = is_working_day(day)
    alike = [told for told in normal if is_working_day(told) is working and told < day]
    return normal[max(alike)] if alike else None


def _share(known: list[Slot], places: int) -> float:
    return round(fsum(slot[4] for slot in known) / places, 4)
