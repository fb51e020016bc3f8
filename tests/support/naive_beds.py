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


LABELS = ("covid", "noncovid", "unlabelled")


def occupancy(reports, at: int) -> dict:
    today = day_of(datetime.fromtimestamp(at, UTC))
    newest, held = (_statements(reports, _FIELDS, today, days) for days in (14, 371))
    told = {}
    for unit in ("ic", "ward"):
        own = _of_unit(newest, unit)
        told |= _beds(own, _units(_of_unit(held, unit), today, 14), unit, today)
        told |= _flows(own, unit, today)
    return told


def _statements(reports, fields, today, days):
    return statements_of_days(
        reports,
        lambda report: [((one.unit, one.label), one) for one in report.readings],
        fields,
        today,
        days,
    )


def _of_unit(newest, unit):
    return {(place, label, field, day): s for (place, u, label, field, day), s in newest.items() if u == unit}


def _units(own, today, age):
    """What each location says by label of its patients and of its beds with staff, told in so many days."""
    # Who goes on telling of its patients has not closed.
    open_still = {
        place for place, _, field, day in own if field == "occupied" and today - 14 <= day <= today + 1
    }
    return {
        place: tuple(
            {label: with_last(own, place, label, field, today, days) for label in (*LABELS, "total")}
            for field, days in (("occupied", age), ("staffed", 371 if place in open_still else age))
        )
        for place in {place for place, *_ in own}
    }


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
    mean = sum(s[3] for s in slots) / len(slots)
    return mean, max(s[0] for s in slots), sum(s[4] for s in slots) / 7, False


def _mean_or_last(own, place, label, field, today):
    """The mean, or what is carried forward where nothing was told for a week."""
    last = as_it_stands(own, place, label, field, today)
    return last and (_mean(own, place, label, field, today) or last)


def _newest(parts):
    """Total and labels, without the total where covid and noncovid are both newer."""
    total, both = parts.get("total"), [parts.get("covid"), parts.get("noncovid")]
    newer = total and all(both) and min(part[1] for part in both) > total[1]
    return {label: part for label, part in parts.items() if part and not (newer and label == "total")}


def _whole(parts):
    """All beds of a location: as told in total, else all labels together; (value, observed, completeness, carried)."""
    known = _newest(parts)
    if "total" in known or not known:
        return known.get("total")
    share = sum(known[label][2] for label in ("covid", "noncovid") if label in known) / 2
    carried = any(part[3] for part in known.values())
    return sum(part[0] for part in known.values()), max(part[1] for part in known.values()), share, carried


def _of_all(parts):
    """The same, but only where nothing is left out."""
    known = _newest(parts)
    return _whole(parts) if "total" in known or {"covid", "noncovid"} <= known.keys() else None


def _both(taken, beds):
    """(Patients, beds with staff, observed, completeness, carried) of the same kinds of one location."""
    patients, staffed = _of_all(taken), _of_all(beds)
    if patients and staffed:
        return (
            patients[0], staffed[0], patients[1], min(patients[2], staffed[2]), patients[3] or staffed[3],
        )  # fmt: skip
    labels = [label for label in ("covid", "noncovid", "unlabelled") if taken.get(label) and beds.get(label)]
    if not labels:
        return None
    return (
        sum(taken[label][0] for label in labels),
        sum(beds[label][0] for label in labels),
        max(taken[label][1] for label in labels),
        sum(min(taken[label][2], beds[label][2]) for label in labels if label != "unlabelled") / 2,
        any(taken[label][3] or beds[label][3] for label in labels),
    )


def _for_covid(taken, beds):
    """The same of patients without COVID and all beds; of nobody where only beds for COVID are told."""
    staffed, patients = _of_all(beds), _of_all(taken)
    if not staffed:
        covid = beds.get("covid")
        return covid and (0, *covid)
    others = [part for label in ("noncovid", "unlabelled") if (part := taken.get(label))]
    if patients and (covid := taken.get("covid")):
        left = max(0, patients[0] - covid[0])
        share, carried = min(patients[2], covid[2], staffed[2]), patients[3] or covid[3] or staffed[3]
        return left, staffed[0], max(patients[1], covid[1]), share, carried
    if taken.get("noncovid"):
        share = min(taken["noncovid"][2], staffed[2])
        carried = any(part[3] for part in (*others, staffed))
        return sum(part[0] for part in others), staffed[0], max(part[1] for part in others), share, carried
    return None


def _rooms(units, expected, unit) -> dict:
    """Free beds and those that patients without COVID leave: (taken, beds) of each location by label, as it is seen.

    As complete as with those who are missed (`expected`).
    """
    told = {}
    if not any(_whole(beds) for _, beds in expected or units):
        return told
    for name, how in (("beds_free", _both), ("beds_for_covid", _for_covid)):
        pairs = [found for taken, beds in units if (found := how(taken, beds))]
        shares = [1 if found[4] else found[3] for taken, beds in expected if (found := how(taken, beds))]
        of = sum(bool(_whole(taken)) or bool(_whole(beds)) for taken, beds in expected)
        told[name, (("unit", unit),)] = (
            sum(found[1] - found[0] for found in pairs) if pairs else None,
            max((found[2] for found in pairs), default=0),
            sum(shares) / of if of else 0,
            sum(found[1] for found in pairs),
        )
    return told


def _beds(own, expected, unit, today) -> dict:
    told = {}
    occupied = {(place, label) for (place, label, field, _) in own if field == "occupied"}
    now = {}
    for name, how in (("beds_occupied", as_it_stands), ("beds_occupied_mean_7d", _mean_or_last)):
        for label in {label for _, label in occupied} - {"total"}:
            places = [place for place, other in occupied if other == label]
            parts = [how(own, place, label, "occupied", today) for place in places]
            told[name, (("label", label), ("unit", unit))] = added(parts)
        every = {
            place: {label: how(own, place, label, "occupied", today) for label in (*LABELS, "total")}
            for place in {place for place, _ in occupied}
        }
        now = now or every
        if occupied:
            told[name, (("label", "all"), ("unit", unit))] = added(
                [_whole(parts) for parts in every.values()]
            )
    beds = {place: told for place, (_, told) in expected.items() if any(told.values())}
    units = [(now.get(place, {}), beds.get(place, {})) for place in now.keys() | beds.keys()]
    if beds:
        told["beds_staffed", (("unit", unit),)] = added([_whole(parts) for parts in beds.values()])
        pairs = [pair for one in units if (pair := _both(*one))]
        told["occupancy_ratio", (("unit", unit),)] = (
            sum(pair[0] for pair in pairs) / (sum(pair[1] for pair in pairs) or 1) if pairs else None,
            max((pair[2] for pair in pairs), default=0),
            sum(pair[3] for pair in pairs) / len(units),
            len(pairs),
        )
    return told | _rooms(units, list(expected.values()), unit)


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
            inside = {
                key: s for key, s in slots.items() if last - span < key[1] <= last and last >= today - 7
            }
            window = list(inside.values())
            told["admissions_7d" if span == 7 else "notified_day", labels] = (
                sum(s[3] for s in window) if window else None,
                max((s[0] for s in window), default=0),
                sum(s[4] for s in window) / (span * len(places)),
                len(window),
            )
            week, day = (window, day) if span == 7 else (week, window)
            if span == 7:
                usual = sum(_mean_of_known([s for (own, _), s in inside.items() if own == p]) for p in places)
        if day and week:
            count, observed, share, _ = told["notified_day", labels]
            ratio = count / max(usual, 6)
            told["notified_per_admission", labels] = (ratio, observed, share, count)
    return told


def _mean_of_known(days):
    return sum(s[3] for s in days) / len(days) if days else 0


def silences(reports, at: int) -> tuple[dict, set]:
    """What `differences` says of the beds, and the seconds at which somebody was given up."""
    today = day_of(datetime.fromtimestamp(at, UTC))
    newest = _statements(reports, _FIELDS[:2], today, 371)
    views = {age: {} for age in (14, 371)}
    for unit in ("ic", "ward"):
        own = _of_unit(newest, unit)
        for age, figures in views.items():
            figures |= _beds_with_silent(own, unit, today, age)  # noqa: PLW2901
    told = {key: figure for key, figure in occupancy(reports, at).items() if key[0] in _BEDS}
    ends = {midnight(day + 15) for *_, day in newest if day < today - 14}
    return differences(told, views[14], views[371]), ends


_BEDS = (
    "beds_occupied", "beds_occupied_mean_7d", "beds_staffed", "occupancy_ratio", "beds_free", "beds_for_covid",
)  # fmt: skip


def _beds_with_silent(own, unit, today, age) -> dict:
    """The figures with what each location told last of its beds in so many days."""
    units = _units(own, today, age)
    told = {}
    means = {
        place: {
            label: _mean(own, place, label, "occupied", today) or taken[label] for label in (*LABELS, "total")
        }
        for place, (taken, _) in units.items()
    }
    held = {(label, field) for _, label, field, day in own if today - age <= day <= today + 1}
    for name, every in (
        ("beds_occupied", {place: taken for place, (taken, _) in units.items()}),
        ("beds_occupied_mean_7d", means),
    ):
        for label in {label for label, field in held if field == "occupied" and label != "total"}:
            told[name, (("label", label), ("unit", unit))] = added([parts[label] for parts in every.values()])
        if any(field == "occupied" for _, field in held):
            told[name, (("label", "all"), ("unit", unit))] = added(
                [_whole(parts) for parts in every.values()]
            )
    if any(_whole(beds) for _, beds in units.values()):
        told["beds_staffed", (("unit", unit),)] = added([_whole(beds) for _, beds in units.values()])
        pairs = [pair for one in units.values() if (pair := _both(*one))]
        ratio = sum(pair[0] for pair in pairs) / (sum(pair[1] for pair in pairs) or 1) if pairs else None
        told["occupancy_ratio", (("unit", unit),)] = (ratio, 0, 1, len(pairs))
        told |= _rooms(list(units.values()), [], unit)
    return told
