"""Beds and their flows from scratch: see `naive`."""

from datetime import UTC, datetime

from tests.support.naive import (
    added,
    as_it_stands,
    day_of,
    differences,
    midnight,
    statements_of_days,
    with_last,
)

_FIELDS = ("occupied", "staffed", "admissions", "notified")


def occupancy(reports, at: int) -> dict:
    today = day_of(datetime.fromtimestamp(at, UTC))
    newest = statements_of_days(
        reports,
        lambda report: [((one.unit, one.label), one) for one in report.readings],
        _FIELDS,
        today,
    )
    told = {}
    for unit in ("ic", "ward"):
        own = {
            (place, label, field, day): s for (place, u, label, field, day), s in newest.items() if u == unit
        }
        told |= _beds(own, unit, today)
        told |= _flows(own, unit, today)
    return told


def _mean(own, place, label, field, today):
    """The mean of the seven days that end today, or yesterday while today is not told."""
    last = today if (place, label, field, today) in own else today - 1
    slots = [
        own[place, label, field, day]
        for day in range(last - 6, last + 1)
        if (place, label, field, day) in own
    ]
    if not slots:
        return None
    return sum(s[3] for s in slots) / len(slots), max(s[0] for s in slots), sum(s[4] for s in slots) / 7


def _whole(own, place, today, how):
    """All beds of a location: as told in total, else all labels together."""
    total = how(own, place, "total", "occupied", today)
    if total is not None:
        return total
    parts = {
        label: how(own, place, label, "occupied", today)
        for (p, label, f, _) in own
        if p == place and f == "occupied" and label != "total"
    }
    known = [part for part in parts.values() if part is not None]
    if not known:
        return None
    share = sum(parts[label][2] for label in ("covid", "noncovid") if parts.get(label)) / 2
    return sum(part[0] for part in known), max(part[1] for part in known), share


def _beds(own, unit, today) -> dict:
    told = {}
    occupied = {(place, label) for (place, label, field, _) in own if field == "occupied"}
    staffed = {(place, label) for (place, label, field, _) in own if field == "staffed"}
    for name, how in (("beds_occupied", as_it_stands), ("beds_occupied_mean_7d", _mean)):
        for label in {label for _, label in occupied} - {"total"}:
            places = [place for place, other in occupied if other == label]
            parts = [how(own, place, label, "occupied", today) for place in places]
            told[name, (("label", label), ("unit", unit))] = added(parts)
        if occupied:
            parts = [_whole(own, place, today, how) for place in {place for place, _ in occupied}]
            told[name, (("label", "all"), ("unit", unit))] = added(parts)
    if not staffed:
        return told
    capacity = {}
    for place in {place for place, _ in staffed}:
        labels = [label for p, label in staffed if p == place]
        if "total" in labels:
            capacity[place] = as_it_stands(own, place, "total", "staffed", today)
        else:
            value, observed, share, known = added(
                [as_it_stands(own, place, label, "staffed", today) for label in labels]
            )
            capacity[place] = (value, observed, share) if known else None
    told["beds_staffed", (("unit", unit),)] = added(list(capacity.values()))
    taken = {place: _whole(own, place, today, as_it_stands) for place in {place for place, _ in occupied}}
    both = [p for p, part in taken.items() if part and capacity.get(p) and capacity[p][0] > 0]
    ratio = sum(taken[p][0] for p in both) / sum(capacity[p][0] for p in both) if both else None
    told["occupancy_ratio", (("unit", unit),)] = (
        ratio,
        max((taken[p][1] for p in both), default=0),
        sum(taken[p][2] for p in both) / len(taken.keys() | capacity.keys()),
        len(both),
    )
    return told


def _flows(own, unit, today) -> dict:
    told = {}
    for label in {label for (_, label, field, _) in own if field in {"admissions", "notified"}}:
        labels = (("label", label), ("unit", unit))
        week, day = [], []
        for field in ("admissions", "notified"):
            slots = {(place, on): s for (place, la, f, on), s in own.items() if (la, f) == (label, field)}
            if not slots:
                continue
            places = {place for place, _ in slots}
            last = min(max(on for _, on in slots), today)
            span = 7 if field == "admissions" else 1
            window = [s for (_, on), s in slots.items() if last - span < on <= last and last >= today - 7]
            told["admissions_7d" if span == 7 else "notified_day", labels] = (
                sum(s[3] for s in window) if window else None,
                max((s[0] for s in window), default=0),
                sum(s[4] for s in window) / (span * len(places)),
                len(window),
            )
            week, day = (window, day) if span == 7 else (week, window)
        if day and week:
            count, observed, share, _ = told["notified_day", labels]
            ratio = count / max(sum(s[3] for s in week) / 7, 6)
            told["notified_per_admission", labels] = (ratio, observed, share, count)
    return told


def silences(reports, at: int) -> tuple[dict, set]:
    """What `differences` says of the beds, and the seconds at which somebody was given up."""
    today = day_of(datetime.fromtimestamp(at, UTC))
    newest = statements_of_days(
        reports,
        lambda report: [((one.unit, one.label), one) for one in report.readings],
        _FIELDS[:2],
        today,
        371,
    )
    views = {age: {} for age in (14, 371)}
    for unit in ("ic", "ward"):
        own = {
            (place, label, field, day): s for (place, u, label, field, day), s in newest.items() if u == unit
        }
        for age, figures in views.items():
            figures |= _beds_with_silent(own, unit, today, age)  # noqa: PLW2901
    told = {key: figure for key, figure in occupancy(reports, at).items() if key[0] in _BEDS}
    ends = {midnight(day + 15) for *_, day in newest if day < today - 14}
    return differences(told, views[14], views[371]), ends


_BEDS = ("beds_occupied", "beds_occupied_mean_7d", "beds_staffed", "occupancy_ratio")


def _beds_with_silent(own, unit, today, age) -> dict:  # noqa: C901 - one figure after the other
    """The figures with what each location told last of its beds in so many days."""

    def last(place, label, field="occupied"):
        return with_last(own, place, label, field, today, age)

    def mean(place, label):
        return _mean(own, place, label, "occupied", today) or last(place, label)

    def whole(place, how, stands):
        total, parts = (
            how(place, "total"),
            [how(place, label) for label in ("covid", "noncovid", "unlabelled")],
        )
        newer = all(parts[:2]) and min(part[1] for part in parts[:2]) > (total[1] if total else 0)
        if total and (stands(own, place, "total", "occupied", today) or not newer):
            return total
        known = [part for part in parts if part]
        return (sum(part[0] for part in known), max(part[1] for part in known), 1) if known else None

    # Who goes on telling of its patients has not closed.
    open_still = {
        place for place, _, field, day in own if field == "occupied" and today - 14 <= day <= today + 1
    }

    def last_staffed(place, label):
        return with_last(own, place, label, "staffed", today, 371 if place in open_still else age)

    def staffed(place):
        total = last_staffed(place, "total")
        parts = [last_staffed(place, label) for label in ("covid", "noncovid", "unlabelled")]
        known = [part for part in parts if part]
        newer = all(parts[:2]) and min(part[1] for part in parts[:2]) > (total[1] if total else 0)
        if total and (as_it_stands(own, place, "total", "staffed", today) or not newer):
            return total
        return (sum(part[0] for part in known), max(part[1] for part in known), 1) if known else None

    def whole_mean(place):
        return whole(place, mean, _mean)

    def whole_now(place):
        return whole(place, last, as_it_stands)

    told = {}
    places = {place for place, *_ in own}
    held = {(place, label, field) for place, label, field, day in own if today - age <= day <= today + 1}
    for name, how, of_all in (
        ("beds_occupied", last, whole_now),
        ("beds_occupied_mean_7d", mean, whole_mean),
    ):
        for label in {label for _, label, field in held if field == "occupied" and label != "total"}:
            told[name, (("label", label), ("unit", unit))] = added([how(place, label) for place in places])
        if any(field == "occupied" for *_, field in held):
            told[name, (("label", "all"), ("unit", unit))] = added([of_all(place) for place in places])
    if any(staffed(place) for place in places):
        told["beds_staffed", (("unit", unit),)] = added([staffed(place) for place in places])
        pairs = [(whole_now(place), staffed(place)) for place in places]
        both = [(taken[0], beds[0]) for taken, beds in pairs if taken and beds and beds[0]]
        ratio = sum(taken for taken, _ in both) / sum(beds for _, beds in both) if both else None
        told["occupancy_ratio", (("unit", unit),)] = (ratio, 0, 1, len(both))
    return told
