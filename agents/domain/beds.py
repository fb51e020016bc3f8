"""Beds: what is occupied now and on average, against what is staffed; admissions of a week.

A location's total is its reading for `total`, else the sum of its labels; then covid and noncovid must both
be known to be complete. A missing reading is unknown, never 0.
"""

from collections.abc import Collection, Iterator, Mapping
from math import fsum
from typing import NamedTuple

from agents.domain.ring import FRESH_DAYS, Day, Days, Ring, Slot, ring, window
from streams.indicators import ALL
from streams.status import Indicator

_TOTAL = "total"

FRESH_DAYS_WEEK = 7
"""A week of admissions may be that many days behind before it says nothing about now."""

_Part = tuple[float, int, float]
"""Value, observed second and completeness of one location; observed 0 means unknown."""

_UNKNOWN: _Part = (0, 0, 0.0)


class UnitBeds(NamedTuple):
    """What one location says about one unit on a day.

    Attributes:
        labels: occupied beds now and on average, by label (no `total`).
        whole: both for all labels together; None if it never told of occupied beds.
        staffed: beds with staff; None if it never told of them.
        admitted: ring of admissions by label.
        notified: ring of notified admissions by label.
    """

    labels: dict[str, tuple[_Part, _Part]]
    whole: tuple[_Part, _Part] | None
    staffed: _Part | None
    admitted: Mapping[str, Ring]
    notified: Mapping[str, Ring]


UnitColumns = Mapping[str, Mapping[str, int]]
"""Column of each label, by field."""

LocationBeds = Mapping[str, UnitBeds]
"""What one location says, by unit."""


def beds_of(days: Days, columns: UnitColumns, told: Collection[int], today: int) -> UnitBeds:
    """Return what a location says of one unit on a day.

    Args:
        days: the location's days.
        columns: column of each field and label of the unit.
        told: columns of which anything is held.
        today: local day.
    """
    occupied = {label: column for label, column in columns["occupied"].items() if column in told}
    staffed = {label: column for label, column in columns["staffed"].items() if column in told}
    fresh = [days[day] for day in range(today + 1, today - FRESH_DAYS - 1, -1) if day in days]
    now = {label: _now(fresh, column) for label, column in occupied.items()}
    mean = _means(days, occupied, today)
    return UnitBeds(
        {label: (now[label], mean[label]) for label in now if label != _TOTAL},
        (_whole(now), _whole(mean)) if occupied else None,
        _beds_staffed({label: _now(fresh, column) for label, column in staffed.items()}) if staffed else None,
        {label: ring(days, column) for label, column in columns["admissions"].items() if column in told},
        {label: ring(days, column) for label, column in columns["notified"].items() if column in told},
    )


def bed_figures(locations: list[LocationBeds], today: int, admissions_min: float) -> Iterator[Indicator]:
    """Yield every bed indicator of a region.

    Args:
        locations: what each location says.
        today: local day.
        admissions_min: notifications are held against at least this many admissions a day, so that a quiet day with
            few of both is no flood, and is known to be none.
    """
    for unit in ("ic", "ward"):
        units = [beds[unit] for beds in locations if unit in beds]
        if any(beds.whole is not None for beds in units):
            yield from _occupied(units, unit)
        if any(beds.staffed is not None for beds in units):
            yield from _staffed(units, unit)
        for label in sorted({label for beds in units for label in (*beds.admitted, *beds.notified)}):
            admitted = [beds.admitted[label] for beds in units if label in beds.admitted]
            notified = [beds.notified[label] for beds in units if label in beds.notified]
            yield from _admissions(admitted, notified, unit, label, today, admissions_min)


def _now(fresh: list[Day], column: int) -> _Part:
    for stamps, values in fresh:
        stamp = stamps[column]
        if stamp is not None:
            return values[column], stamp[0], stamp[3]
    return _UNKNOWN


def _means(days: Days, columns: Mapping[str, int], today: int) -> dict[str, _Part]:
    """Return the mean of seven days of each label's column."""
    so_far = [days[day] for day in range(today - 7, today) if day in days]
    with_today = [days[day] for day in range(today - 6, today + 1) if day in days]
    told_today = days[today][0] if today in days else None
    # A daily feed tells of today in the afternoon; until then the seven days end yesterday.
    return {
        label: _mean(
            with_today if told_today is not None and told_today[column] is not None else so_far, column
        )
        for label, column in columns.items()
    }


def _mean(week: list[Day], column: int) -> _Part:
    count = moment = 0
    shares = []
    for stamps, values in week:
        stamp = stamps[column]
        if stamp is not None:
            count += values[column]
            moment = max(moment, stamp[0])
            shares.append(stamp[3])
    return (count / len(shares), moment, fsum(shares) / 7) if shares else _UNKNOWN


def _whole(labels: dict[str, _Part]) -> _Part:
    total = labels.get(_TOTAL, _UNKNOWN)
    if total[1]:
        return total
    known = [part for label, part in labels.items() if part[1] and label != _TOTAL]
    if not known:
        return _UNKNOWN
    needed = [labels.get(label, _UNKNOWN)[2] for label in ("covid", "noncovid")]
    return fsum([part[0] for part in known]), max([part[1] for part in known]), fsum(needed) / 2


def _beds_staffed(labels: dict[str, _Part]) -> _Part:
    if _TOTAL in labels:
        return labels[_TOTAL]
    known = [part for part in labels.values() if part[1]]
    if not known:
        return _UNKNOWN
    shares = fsum(part[2] for part in labels.values())
    return fsum(p[0] for p in known), max(p[1] for p in known), shares / len(labels)


def _occupied(units: list[UnitBeds], unit: str) -> Iterator[Indicator]:
    for label in sorted({label for beds in units for label in beds.labels}):
        both = [beds.labels[label] for beds in units if label in beds.labels]
        yield _sum("beds_occupied", unit, label, [now for now, _ in both])
        yield _sum("beds_occupied_mean_7d", unit, label, [mean for _, mean in both])
    whole = [beds.whole for beds in units if beds.whole is not None]
    yield _sum("beds_occupied", unit, ALL, [now for now, _ in whole])
    yield _sum("beds_occupied_mean_7d", unit, ALL, [mean for _, mean in whole])


def _sum(name: str, unit: str, label: str, parts: list[_Part]) -> Indicator:
    known = [part for part in parts if part[1]]
    labels = {"unit": unit, "label": label}
    if not known:
        return Indicator(name, labels, None, 0, 0.0, 0)
    values, moments, shares = zip(*known, strict=True)  # of thousands of locations: nothing is faster
    value = fsum(values)
    return Indicator(
        name,
        labels,
        round(value, 4) if name.endswith("_7d") else int(value),
        max(moments),
        round(fsum(shares) / len(parts), 4),
        len(known),
    )


def _staffed(units: list[UnitBeds], unit: str) -> Iterator[Indicator]:
    staffed = [beds.staffed for beds in units if beds.staffed is not None]
    known = [part for part in staffed if part[1]]
    yield Indicator(
        "beds_staffed",
        {"unit": unit},
        int(fsum(part[0] for part in known)) if known else None,
        max((part[1] for part in known), default=0),
        round(fsum(part[2] for part in staffed) / len(staffed), 4),
        len(known),
    )
    told = [beds for beds in units if beds.whole is not None or beds.staffed is not None]
    both = [
        (beds.whole[0], beds.staffed)
        for beds in told
        if beds.whole is not None and beds.whole[0][1] and beds.staffed is not None
        if beds.staffed[1] and beds.staffed[0]
    ]
    capacity = fsum(beds[0] for _, beds in both)
    yield Indicator(
        "occupancy_ratio",
        {"unit": unit},
        round(fsum(taken[0] for taken, _ in both) / capacity, 6) if both else None,
        max((taken[1] for taken, _ in both), default=0),
        round(fsum(taken[2] for taken, _ in both) / len(told), 4),
        len(both),
    )


def _admissions(
    admitted: list[Ring], notified: list[Ring], unit: str, label: str, today: int, admissions_min: float
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
            ratio = round(count / max(mean, admissions_min), 4) if day else None
            yield Indicator("notified_per_admission", labels, ratio, observed, share, count)
