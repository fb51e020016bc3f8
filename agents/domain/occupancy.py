"""Beds: what is occupied now and on average, against what is staffed; admissions of a week.

A location's total is its reading for `total`, else the sum of its labels; then covid and noncovid must both
be known to be complete. A missing reading is unknown, never 0.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from math import fsum

import msgspec

from agents.domain.ring import RING_DAYS, Ring, Slot, expire, latest, put, window
from alerts.norms import Norms
from streams.calendar import local_day, seconds
from streams.indicators import ALL
from streams.reports import OccupancyReport
from streams.status import Indicator

Key = tuple[str, str, str, str]
_FIELDS = ("occupied", "staffed", "admissions", "notified")
_TOTAL = "total"

FRESH_DAYS_WEEK = 7
"""A week of admissions may be that many days behind before it says nothing about now."""


class OccupancyState(msgspec.Struct):
    """Rings by (location, unit, label, field)."""

    rings: dict[Key, Ring] = {}


def is_late(report: OccupancyReport, today: int) -> bool:
    """Return whether the report is about a day that the ring no longer holds."""
    return local_day(seconds(report.observed_at)) < today - RING_DAYS


def fold(state: OccupancyState, report: OccupancyReport) -> bool:
    """Take a report into the state; return whether it changed anything."""
    observed, received = seconds(report.observed_at), seconds(report.received_at)
    day = local_day(observed)
    location, revision, completeness = report.location, report.revision, report.completeness
    rings = state.rings
    changed = False
    for reading in report.readings:
        for field in _FIELDS:
            value = getattr(reading, field)
            if value is not None:
                key = (location, reading.unit, reading.label, field)
                slot = (observed, revision, received, value, completeness)
                ring = rings.get(key)
                if ring is None:
                    rings[key] = {day: slot}
                    changed = True
                elif put(ring, day, slot):
                    changed = True
    return changed


def advance(state: OccupancyState, today: int) -> None:
    """Forget what is older than the ring."""
    expire(state.rings, today)


def indicators(state: OccupancyState, at: int, _norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield every bed indicator as known at second `at`."""
    today = local_day(at)
    for unit in ("ic", "ward"):
        occupied = _by_location(state, unit, "occupied")
        staffed = _by_location(state, unit, "staffed")
        if occupied:
            yield from _beds(occupied, unit, today)
        if staffed:
            yield from _staffed(occupied, staffed, unit, today)
        admitted, notified = _by_label(state, unit, "admissions"), _by_label(state, unit, "notified")
        for label in sorted(admitted.keys() | notified.keys()):
            yield from _admissions(admitted.get(label, []), notified.get(label, []), unit, label, today)


_ByLocation = dict[str, dict[str, Ring]]


def _by_location(state: OccupancyState, unit: str, field: str) -> _ByLocation:
    found: _ByLocation = defaultdict(dict)
    for (location, ring_unit, label, ring_field), ring in state.rings.items():
        if ring_unit == unit and ring_field == field:
            found[location][label] = ring
    return found


def _by_label(state: OccupancyState, unit: str, field: str) -> dict[str, list[Ring]]:
    found: dict[str, list[Ring]] = defaultdict(list)
    for (_, ring_unit, label, ring_field), ring in state.rings.items():
        if ring_unit == unit and ring_field == field:
            found[label].append(ring)
    return found


def _beds(locations: _ByLocation, unit: str, today: int) -> Iterator[Indicator]:
    labels = sorted({label for rings in locations.values() for label in rings if label != _TOTAL})
    for label in labels:
        rings = [rings[label] for rings in locations.values() if label in rings]
        yield _sum("beds_occupied", unit, label, [_now(ring, today) for ring in rings])
        yield _sum("beds_occupied_mean_7d", unit, label, [_mean(ring, today) for ring in rings])
    yield _sum("beds_occupied", unit, ALL, [_whole(rings, today, _now) for rings in locations.values()])
    yield _sum(
        "beds_occupied_mean_7d", unit, ALL, [_whole(rings, today, _mean) for rings in locations.values()]
    )


_Part = tuple[float, int, float]
"""Value, observed second and completeness of one location; observed 0 means unknown."""

_UNKNOWN: _Part = (0, 0, 0.0)


def _now(ring: Ring, today: int) -> _Part:
    slot = latest(ring, today)
    return _UNKNOWN if slot is None else (slot[3], slot[0], slot[4])


def _mean(ring: Ring, today: int) -> _Part:
    # A daily feed tells of today in the afternoon; until then the seven days end yesterday.
    slots = window(ring, today if today in ring else today - 1)
    if not slots:
        return _UNKNOWN
    value = fsum(slot[3] for slot in slots) / len(slots)
    return value, max(slot[0] for slot in slots), fsum(slot[4] for slot in slots) / 7


def _whole(labels: dict[str, Ring], today: int, take: Callable[[Ring, int], _Part]) -> _Part:
    total = take(labels[_TOTAL], today) if _TOTAL in labels else _UNKNOWN
    if total[1]:
        return total
    parts = {label: take(ring, today) for label, ring in labels.items() if label != _TOTAL}
    known = [part for part in parts.values() if part[1]]
    if not known:
        return _UNKNOWN
    needed = [parts.get(label, _UNKNOWN)[2] for label in ("covid", "noncovid")]
    return fsum(part[0] for part in known), max(part[1] for part in known), fsum(needed) / 2


def _sum(name: str, unit: str, label: str, parts: list[_Part]) -> Indicator:
    known = [part for part in parts if part[1]]
    value = fsum(part[0] for part in known)
    return Indicator(
        name,
        {"unit": unit, "label": label},
        (round(value, 4) if name.endswith("_7d") else int(value)) if known else None,
        max((part[1] for part in known), default=0),
        round(fsum(part[2] for part in parts) / len(parts), 4),
        len(known),
    )


def _staffed(occupied: _ByLocation, staffed: _ByLocation, unit: str, today: int) -> Iterator[Indicator]:
    beds = {location: _beds_staffed(labels, today) for location, labels in staffed.items()}
    known = {location: part for location, part in beds.items() if part[1]}
    yield Indicator(
        "beds_staffed",
        {"unit": unit},
        int(fsum(part[0] for part in known.values())) if known else None,
        max((part[1] for part in known.values()), default=0),
        round(fsum(part[2] for part in beds.values()) / len(beds), 4),
        len(known),
    )
    taken = {location: _whole(labels, today, _now) for location, labels in occupied.items()}
    both = [location for location, part in taken.items() if part[1] and known.get(location, _UNKNOWN)[0]]
    capacity = fsum(known[location][0] for location in both)
    yield Indicator(
        "occupancy_ratio",
        {"unit": unit},
        round(fsum(taken[location][0] for location in both) / capacity, 6) if both else None,
        max((taken[location][1] for location in both), default=0),
        round(fsum(taken[location][2] for location in both) / len(taken.keys() | beds.keys()), 4),
        len(both),
    )


def _beds_staffed(labels: dict[str, Ring], today: int) -> _Part:
    if _TOTAL in labels:
        return _now(labels[_TOTAL], today)
    parts = [_now(ring, today) for ring in labels.values()]
    known = [part for part in parts if part[1]]
    if not known:
        return _UNKNOWN
    return fsum(p[0] for p in known), max(p[1] for p in known), fsum(p[2] for p in parts) / len(parts)


def _admissions(
    admitted: list[Ring], notified: list[Ring], unit: str, label: str, today: int
) -> Iterator[Indicator]:
    labels = {"unit": unit, "label": label}
    week: list[Slot] = []
    if admitted:
        last = min(max(max(ring) for ring in admitted), today)
        week = (
            [slot for ring in admitted for slot in window(ring, last)]
            if last >= today - FRESH_DAYS_WEEK
            else []
        )
        share = fsum(slot[4] for slot in week) / (7 * len(admitted))
        total = sum(slot[3] for slot in week)
        yield Indicator(
            "admissions_7d", labels, total if week else None,
            max((slot[0] for slot in week), default=0), round(share, 4), len(week),
        )  # fmt: skip
    if notified:
        last = min(max(max(ring) for ring in notified), today)
        day = [ring[last] for ring in notified if last in ring] if last >= today - FRESH_DAYS_WEEK else []
        count = sum(slot[3] for slot in day)
        observed = max((slot[0] for slot in day), default=0)
        share = round(fsum(slot[4] for slot in day) / len(notified), 4)
        yield Indicator("notified_day", labels, count if day else None, observed, share, len(day))
        if week or not day:
            mean = fsum(slot[3] for slot in week) / 7
            ratio = round(count / max(mean, 1.0), 4) if day else None
            yield Indicator("notified_per_admission", labels, ratio, observed, share, count)
