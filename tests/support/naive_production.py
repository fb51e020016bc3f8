"""Production from scratch, from a plain list of all reports that were accepted."""

from collections import defaultdict
from datetime import UTC, date, datetime

from tests.support.naive import day_of, midnight, number_of

URGENCIES = ("U1", "U2", "U3", "U4", "U5")
MARCH_2020 = number_of(date(2020, 3, 2))


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _full(weeks, today: int) -> dict:
    return {m: one for m, one in weeks.items() if m + 7 <= today and day_of(one[0].observed_at) >= m + 6}


def production(reports, at: int) -> dict:
    today = day_of(datetime.fromtimestamp(at, UTC))
    told = {}
    by_kind = defaultdict(lambda: defaultdict(dict))
    for report in reports:
        monday = number_of(report.week_start)
        for kind in {row.kind for row in report.rows}:
            rows = [row for row in report.rows if row.kind == kind]
            rank = (
                _seconds(report.observed_at), report.revision, _seconds(report.received_at),
                sorted(
                    (
                        row.provider, row.specialism, row.treatment, row.urgency or "", row.ic_dependent, row.count,
                        -1 if row.reference is None else row.reference,
                        -1 if row.or_hours is None else row.or_hours,
                    )
                    for row in rows
                ),
                report.completeness,
            )  # fmt: skip
            weeks = by_kind[kind][report.location]
            if monday not in weeks or rank > weeks[monday][2]:
                weeks[monday] = (report, rows, rank)
    missed = [
        (report, [row for row in rows if row.reference is not None])
        for weeks in by_kind["operatie"].values()
        for monday, (report, rows, _) in _full(weeks, today).items()
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
        held = [{m: w for m, w in weeks.items() if m >= today - 35} for weeks in all_places.values()]
        held = [weeks for weeks in held if weeks]
        full = [_full(weeks, today) for weeks in held]
        mondays = {monday for weeks in full for monday in weeks}
        if mondays:
            told |= _of_week(kind, held, full, max(mondays))
    return told


def _of_week(kind, held, full, week) -> dict:
    told = {}

    def say(name, labels, known, places, value, observations=None):
        told[name, labels] = (
            value if known else None,
            max((_seconds(report.observed_at) for report, _ in known), default=0),
            sum(report.completeness for report, _ in known) / places,
            len(known) if observations is None else observations,
        )

    names = [{row.provider for _, rows, _ in weeks.values() for row in rows} for weeks in held]
    for provider in set().union(*names) | {"all"}:
        own = [now for own, now in zip(names, full, strict=True) if provider == "all" or provider in own]
        known = [
            (now[week][0], [row for row in now[week][1] if provider in ("all", row.provider)])
            for now in own
            if week in now
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
        told["operations_monday_at", ()] = (
            midnight(week),
            max(_seconds(now[week][0].observed_at) for now in full if week in now),
            1,
            sum(week in now for now in full),
        )
        both = [(now[week], now[week - 7]) for now in full if week in now and week - 7 in now]
        for urgency in ("all", *URGENCIES, "unknown"):
            rise = sum(
                sum(row.count for row in rows if urgency in ("all", row.urgency or "unknown")) * sign
                for pair in both
                for (_, rows, _), sign in zip(pair, (1, -1), strict=True)
            )
            labels = (("urgency", urgency),)
            say("operations_rise", labels, [now[:2] for now, _ in both], len(full), rise)
        done = [now[week] for now in full if week in now]
        for specialism in {row.specialism for _, rows, _ in done for row in rows if row.specialism} | {"all"}:
            hours = [
                (report, own)
                for report, rows, _ in done
                if (
                    own := [
                        r.or_hours
                        for r in rows
                        if specialism in ("all", r.specialism) and r.or_hours is not None
                    ]
                )
            ]
            labels = (("specialism", specialism),)
            say("operated_or_hours_week", labels, hours, len(full), sum(h for _, own in hours for h in own))
    return told
