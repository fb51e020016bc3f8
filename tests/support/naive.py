"""Every figure from scratch, from a plain list of all reports that were accepted.

Written from the definitions, not from the folds: no state, no rings, no increments. Slow and short on purpose.
Each function returns {(indicator, labels): (value, observed second, completeness, observations)} at a moment.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
EPOCH = date(1970, 1, 1).toordinal()
MAXIMUM = {
    "polikliniek": 28, "diagnostiek": 28, "dagbehandeling": 42, "klinisch": 49, "behandeling": 49, "ggz-aanmelding": 28,
}  # fmt: skip
HOSPITAL = ("polikliniek", "diagnostiek", "dagbehandeling", "klinisch", "behandeling")
WITHIN = {"polikliniek": 21, "diagnostiek": 21, "dagbehandeling": 28, "klinisch": 35}
OLD_AFTER_DAYS = {
    "care.waiting-times": 21, "care.referrals": 21, "care.workstock": 21, "care.production": 21, "care.absence": 21,
    "care.coordination": 400,
}  # fmt: skip


def day_of(moment: datetime) -> int:
    return (moment.astimezone(ZONE).date() - date(1970, 1, 1)).days


def number_of(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def is_late(report, today: int) -> bool:
    """Whether a report is about a time that is no longer looked at on local day `today`."""
    if hasattr(report, "peildatum"):
        return number_of(report.peildatum) < today - 45
    if hasattr(report, "week_start"):
        days = {"WorkstockReport": 62, "AbsenceReport": 34}.get(type(report).__name__, 35)
        return number_of(report.week_start) < today - days
    days = {"ForecastReport": 7}.get(type(report).__name__, 14)
    if hasattr(report, "event"):
        if hasattr(report.event, "week_start"):
            return number_of(report.event.week_start) < today - 35
        days = {"Transfer": 14, "Notice": 400, "WebsiteChecked": 45}.get(type(report.event).__name__, 800)
    return day_of(report.observed_at) < today - days


def feeds(topic: str, reports, today: int) -> dict:
    """When each source was last heard, and how many old (location, day) it sent on its worst of two days."""
    told = {}
    for source in {report.source for report in reports}:
        own = [report for report in reports if report.source == source]
        heard = max(int(report.received_at.timestamp()) for report in own)
        limit = OLD_AFTER_DAYS.get(topic, 3) * 86_400
        old = {
            (day_of(one.received_at), one.location, day_of(one.observed_at))
            for one in own
            if (one.received_at - one.observed_at).total_seconds() > limit
        }
        worst = max(sum(day == on for on, _, _ in old) for day in (today, today - 1))
        labels = (("source", source), ("topic", topic))
        told["feed_received_at", labels] = (heard, heard, 1, 1)
        told["backdated_reports", labels] = (worst, heard, 1, 1)
    return told


def statements_of_days(reports, rows_of, fields, today: int) -> dict:
    """The newest statement of each (location, *row, field, day) of the last 14 days."""
    newest = {}
    for report in reports:
        day = day_of(report.observed_at)
        if day < today - 14:
            continue
        for row, reading in rows_of(report):
            for field in fields:
                value = getattr(reading, field)
                if value is not None:
                    told = (
                        int(report.observed_at.timestamp()), report.revision,
                        int(report.received_at.timestamp()), value, report.completeness,
                    )  # fmt: skip
                    key = (report.location, *row, field, day)
                    newest[key] = max(newest.get(key, told), told)
    return newest


def occupancy(reports, at: int) -> dict:
    today = day_of(datetime.fromtimestamp(at, UTC))
    newest = statements_of_days(
        reports,
        lambda report: [((one.unit, one.label), one) for one in report.readings],
        ("occupied", "staffed", "admissions", "notified"),
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


def _now(own, place, label, field, today):
    """(value, observed, completeness) as it stands: of tomorrow, today or at most three days ago."""
    days = [day for (p, la, f, day) in own if (p, la, f) == (place, label, field) and day <= today + 1]
    if not days or max(days) < today - 3:
        return None
    slot = own[place, label, field, max(days)]
    return slot[3], slot[0], slot[4]


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


def _add(parts) -> tuple:
    known = [part for part in parts if part is not None]
    value = sum(part[0] for part in known) if known else None
    return (
        value,
        max((part[1] for part in known), default=0),
        sum(part[2] for part in known) / len(parts),
        len(known),
    )


def _beds(own, unit, today) -> dict:
    told = {}
    occupied = {(place, label) for (place, label, field, _) in own if field == "occupied"}
    staffed = {(place, label) for (place, label, field, _) in own if field == "staffed"}
    for name, how in (("beds_occupied", _now), ("beds_occupied_mean_7d", _mean)):
        for label in {label for _, label in occupied} - {"total"}:
            places = [place for place, other in occupied if other == label]
            parts = [how(own, place, label, "occupied", today) for place in places]
            told[name, (("label", label), ("unit", unit))] = _add(parts)
        if occupied:
            parts = [_whole(own, place, today, how) for place in {place for place, _ in occupied}]
            told[name, (("label", "all"), ("unit", unit))] = _add(parts)
    if not staffed:
        return told
    capacity = {}
    for place in {place for place, _ in staffed}:
        labels = [label for p, label in staffed if p == place]
        if "total" in labels:
            capacity[place] = _now(own, place, "total", "staffed", today)
        else:
            value, observed, share, known = _add(
                [_now(own, place, label, "staffed", today) for label in labels]
            )
            capacity[place] = (value, observed, share) if known else None
    told["beds_staffed", (("unit", unit),)] = _add(list(capacity.values()))
    taken = {place: _whole(own, place, today, _now) for place in {place for place, _ in occupied}}
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


def follow_up(reports, at: int) -> dict:
    today = day_of(datetime.fromtimestamp(at, UTC))
    own = statements_of_days(
        reports,
        lambda report: [((one.sector,), one) for one in report.rows],
        ("waiting_in_hospital", "free_places"),
        today,
    )
    pairs = {
        (sector, place): [
            _now(own, place, sector, field, today) for field in ("waiting_in_hospital", "free_places")
        ]
        for (place, sector, _, _) in own
    }
    told = {}
    for sector in {sector for sector, _ in pairs} | ({"all"} if pairs else set()):
        mine = [pair for (other, _), pair in pairs.items() if sector in {other, "all"}]
        labels = (("sector", sector),)
        told["followup_waiting", labels] = _add([waiting for waiting, _ in mine])
        told["followup_free_places", labels] = _add([free for _, free in mine])
        both = [(waiting, free) for waiting, free in mine if waiting and free]
        wait = sum(waiting[0] for waiting, _ in both)
        room = sum(free[0] for _, free in both)
        ratio = (wait / (wait + room) if wait + room else 0.0) if both else None
        observed = max((max(waiting[1], free[1]) for waiting, free in both), default=0)
        told["followup_strain_ratio", labels] = (
            ratio, observed, sum(waiting[2] for waiting, _ in both) / len(mine), wait,
        )  # fmt: skip
    return told


def waiting_times(reports, at: int) -> dict:
    told = {}
    for labels, both in _standing_waits(reports, day_of(datetime.fromtimestamp(at, UTC))).items():
        rows = [row for row, _ in both]
        days = sorted(row[4] for row in rows if row[3] == "known")
        observed = max(row[0] for row in rows) * 86_400
        share = sum(row[5] for row in rows if row[3] != "unknown") / len(rows)
        access = labels[0][1]
        figures = _wait_figures(access, days)
        if len(labels) == 3:
            kept = ("waits", "waits_over_treeknorm", "wait_days_median")
            figures = {f"treatment_{name}": figures[name] for name in kept if name in figures}
        else:
            figures["waits_closed"] = sum(row[3] == "closed" for row in rows)
            if access in MAXIMUM:
                over = [row[4] > MAXIMUM[access] and before[4] > MAXIMUM[access] for row, before in both]
                figures["waits_prolonged"] = sum(over)
            if access == "behandeling":
                figures["waits_undecidable"] = sum(42 < day <= 49 for day in days)
        told |= {(name, labels): (value, observed, share, len(days)) for name, value in figures.items()}
    return told | _supplies(reports, at)


def _standing_waits(reports, today: int) -> dict:
    """By labels the rows that stand, each with the one of the supply before (a wait of -1 without)."""
    told_of = defaultdict(list)
    for report in reports:
        for row in report.rows:
            told = (
                number_of(report.peildatum), report.revision, int(report.received_at.timestamp()),
                row.status, -1.0 if row.days is None else row.days, report.completeness, report.source,
            )  # fmt: skip
            told_of[report.location, row.access, row.specialism, row.treatment].append(told)
    groups = defaultdict(list)
    for (_, access, specialism, treatment), rows in told_of.items():
        row = max(rows)
        if row[0] < today - 45:
            continue
        earlier = [one for one in rows if _supply(one[0]) < _supply(row[0]) and row[0] - one[0] <= 45]
        before = max(earlier, default=(0, 0, 0, "unknown", -1.0))
        for name in (specialism, "all"):
            groups[("access", access), ("specialism", name)].append((row, before))
        if treatment:
            labels = (("access", access), ("specialism", specialism), ("treatment", treatment))
            groups[labels].append((row, before))
    return groups


def _supply(day: int) -> int:
    """The Tuesday of an even ISO week at or before a day."""
    return next(
        on
        for on in range(day, day - 30, -1)
        if date.fromordinal(on + EPOCH).isocalendar().week % 2 == 0
        and date.fromordinal(on + EPOCH).isocalendar().weekday == 2
    )


def _supplies(reports, at: int) -> dict:
    today = day_of(datetime.fromtimestamp(at, UTC))
    supplied = {}
    for report in reports:
        if any(row.access in HOSPITAL for row in report.rows):
            peil = number_of(report.peildatum)
            supplied[report.location] = max(supplied.get(report.location, peil), peil)
    known = [peil for peil in supplied.values() if peil >= today - 90]
    due = _supply(today)
    if datetime.combine(date.fromordinal(due + EPOCH), time(23, 59), ZONE).timestamp() > at:
        due = _supply(due - 1)
    if not known or date.fromordinal(due + EPOCH) < date(2021, 8, 10):
        return {}
    missing = sum(peil < due for peil in known)
    return {("supply_missing_locations", ()): (missing, max(known) * 86_400, 1, len(known))}


def _wait_figures(access: str, days: list[float]) -> dict:
    half = len(days) // 2
    figures = {"waits": len(days), "wait_days_median": None, "wait_days_max": days[-1] if days else None}
    if days:
        figures["wait_days_median"] = days[half] if len(days) % 2 else (days[half - 1] + days[half]) / 2
    if access in MAXIMUM:
        over = sum(day > MAXIMUM[access] for day in days)
        figures["waits_over_treeknorm"] = over
        figures["waits_over_treeknorm_ratio"] = over / len(days) if days else None
    if access in WITHIN:
        within = sum(day <= WITHIN[access] for day in days)
        figures["waits_within_target"] = within
        figures["waits_within_target_ratio"] = within / len(days) if days else None
    return figures


def referrals(reports, at: int) -> dict:
    today = day_of(datetime.fromtimestamp(at, UTC))
    told = newest_referrals(reports)
    figures = _referrals_missed(told, today)
    young = {
        key: {monday: week for monday, week in weeks.items() if monday >= today - 35}
        for key, weeks in told.items()
    }
    return figures | _referrals_of_the_newest_week({key: w for key, w in young.items() if w}, today)


def _is_full(monday: int, observed: datetime, today: int) -> bool:
    """A week is full once it is over and was told of on its Sunday or later."""
    return monday + 7 <= today and day_of(observed) >= monday + 6


def _referrals_missed(told, today: int) -> dict:
    missed = defaultdict(list)
    for (_, specialism, target), weeks in told.items():
        for monday, week in weeks.items():
            if _is_full(monday, week[0], today) and monday >= number_of(date(2020, 3, 2)):
                for s in (specialism, "all"):
                    for t in (target, "all"):
                        missed[("specialism", s), ("target", t)].append(week)
    return {
        ("referrals_missed", labels): (
            sum(week[4] - week[3] for week in weeks),
            int(max(week[0] for week in weeks).timestamp()),
            1,
            len(weeks),
        )
        for labels, weeks in missed.items()
    }


def newest_referrals(reports) -> dict:
    newest = defaultdict(dict)
    for report in reports:
        monday = number_of(report.week_start)
        for row in report.rows:
            told = (
                report.observed_at, report.revision, int(report.received_at.timestamp()),
                row.count, row.expected, report.completeness,
            )  # fmt: skip
            weeks = newest[report.location, row.specialism, row.target]
            weeks[monday] = max(weeks.get(monday, told), told)
    return newest


def _referrals_of_the_newest_week(newest, today: int) -> dict:
    full = {
        monday
        for weeks in newest.values()
        for monday, told in weeks.items()
        if _is_full(monday, told[0], today)
    }
    if not full:
        return {}
    week = max(full)
    groups = defaultdict(list)
    for (_, specialism, target), weeks in newest.items():
        told = weeks.get(week)
        final = told if told is not None and day_of(told[0]) >= week + 6 else None
        for s in (specialism, "all"):
            for t in (target, "all"):
                groups[("specialism", s), ("target", t)].append(final)
    figures = {}
    for labels, weeks in groups.items():
        known = [told for told in weeks if told is not None]
        count, expected = sum(told[3] for told in known), sum(told[4] for told in known)
        observed = max((int(told[0].timestamp()) for told in known), default=0)
        share = sum(told[5] for told in known) / len(weeks)
        some = bool(known)
        figures["referrals_week", labels] = (count if some else None, observed, share, len(known))
        figures["referrals_expected_week", labels] = (expected if some else None, observed, share, len(known))
        figures["referrals_ratio", labels] = (
            count / expected if expected else None,
            observed,
            share,
            expected,
        )
    return figures
