"""Production from scratch, from a plain list of all reports that were accepted."""

from collections import defaultdict
from datetime import UTC, date, datetime

from tests.support.naive import day_of, midnight, number_of, what_stands

URGENCIES = ("U1", "U2", "U3", "U4", "U5")
MARCH_2020 = number_of(date(2020, 3, 2))


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _full(weeks, today: int) -> dict:
    return {m: one for m, one in weeks.items() if m + 7 <= today and day_of(one[0].observed_at) >= m + 6}


def production(reports, at: int, view: str = "told") -> dict:
    """Looked at with those who are `missed` or `given_up`, their last full week stands in for one that they did not tell."""
    today = day_of(datetime.fromtimestamp(at, UTC))
    told = {}
    by_kind = defaultdict(lambda: defaultdict(dict))

    def said_in(report) -> dict:
        return {
            kind: sorted(
                (
                    row.provider, row.specialism, row.treatment, row.urgency or "", row.ic_dependent, row.count,
                    -1 if row.reference is None else row.reference,
                    -1 if row.or_hours is None else row.or_hours,
                )
                for row in report.rows
                if row.kind == kind
            )
            for kind in {row.kind for row in report.rows}
        }  # fmt: skip

    stand = what_stands(reports, lambda report: number_of(report.week_start), said_in)
    for (location, monday, kind), (_, _, _, report) in stand.items():
        by_kind[kind][location][monday] = (report, [row for row in report.rows if row.kind == kind])
    missed = [
        (report, [row for row in rows if row.reference is not None])
        for weeks in by_kind["operatie"].values()
        for monday, (report, rows) in _full(weeks, today).items()
        if monday >= MARCH_2020
    ]
    missed = [(report, rows) for report, rows in missed if rows]
    if missed:
        told["operations_missed", ()] = (
            sum(row.reference - row.count for _, rows in missed for row in rows),
            max(_seconds(report.observed_at) for report, _ in missed),
            1,
            len(missed),
        )
    for kind, all_places in by_kind.items():
        places = [place for weeks in all_places.values() if (place := _place(weeks, today, view)) is not None]
        newest = max((last for _, _, last in places if last is not None), default=None)
        if newest is not None:
            told |= _of_week(kind, places, newest, view)
    return told


def _place(weeks, today: int, view: str):
    """Who provides care at a location, its full weeks, and the last of them that counts; None where nobody counts it."""
    full = _full(weeks, today)
    last = max(
        (monday for monday in full if monday >= today - (371 if view == "given_up" else 35)), default=None
    )
    young = [monday for monday in weeks if monday >= today - 35]
    if not young and last is None:
        return None
    named = {*young, last} - {None}
    return {row.provider for monday in named for row in weeks[monday][1]}, full, last


def _of_week(kind, places, week, view) -> dict:
    told = {}
    names = [names for names, _, _ in places]
    now_of = [full[last] if last == week or (last and view != "told") else None for _, full, last in places]
    before_of = [
        full.get(last - 7) if now is not None else None
        for now, (_, full, last) in zip(now_of, places, strict=True)
    ]

    def say(name, labels, known, places, value, observations=None):
        told[name, labels] = (
            value if known else None,
            max((_seconds(report.observed_at) for report, _ in known), default=0),
            sum(report.completeness for report, _ in known) / places,
            len(known) if observations is None else observations,
        )

    for provider in set().union(*names) | {"all"}:
        own = [now for own, now in zip(names, now_of, strict=True) if provider == "all" or provider in own]
        known = [
            (now[0], [row for row in now[1] if provider in ("all", row.provider)])
            for now in own
            if now is not None
        ]
        labels = (("kind", kind), ("provider", provider))
        say("production_week", labels, known, len(own), sum(row.count for _, rows in known for row in rows))
        based = [
            (report, [row for row in rows if row.reference is not None])
            for report, rows in known
            if not rows or any(row.reference is not None for row in rows)
        ]
        below = sum(row.reference for _, rows in based for row in rows)
        now_done = sum(row.count for _, rows in based for row in rows)
        say("production_reference_week", labels, based, len(own), below)
        say("production_ratio", labels, based, len(own), now_done / below if below else None, below)
        if kind != "operatie":
            continue
        for ic in ("all", "no", "yes"):
            for urgency in ("all", *URGENCIES, "unknown"):
                count = sum(
                    row.count
                    for _, rows in known
                    for row in rows
                    if urgency in ("all", row.urgency or "unknown") and (ic == "all" or (ic == "yes") == row.ic_dependent)
                )  # fmt: skip
                labels = (("ic", ic), ("provider", provider), ("urgency", urgency))
                say("operations_week", labels, known, len(own), count)
    if kind == "operatie":
        done = [now for now in now_of if now is not None]
        told["operations_monday_at", ()] = (
            midnight(week),
            max(_seconds(report.observed_at) for report, _ in done),
            1,
            len(done),
        )
        both = [pair for pair in zip(now_of, before_of, strict=True) if None not in pair]
        for urgency in ("all", *URGENCIES, "unknown"):
            rise = sum(
                sum(row.count for row in rows if urgency in ("all", row.urgency or "unknown")) * sign
                for pair in both
                for (_, rows), sign in zip(pair, (1, -1), strict=True)
            )
            labels = (("urgency", urgency),)
            say("operations_rise", labels, [now for now, _ in both], len(places), rise)
        for specialism in {row.specialism for _, rows in done for row in rows if row.specialism} | {"all"}:
            hours = [
                (report, own)
                for report, rows in done
                if (
                    own := [
                        r.or_hours
                        for r in rows
                        if specialism in ("all", r.specialism) and r.or_hours is not None
                    ]
                )
            ]
            labels = (("specialism", specialism),)
            say("operated_or_hours_week", labels, hours, len(places), sum(h for _, own in hours for h in own))
    return told
