"""Operating rooms, absence and forecasts from scratch, from a plain list of all reports that were accepted."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from deploy.scenarios.working_days import working_days
from tests.support.naive import day_of, differences, midnight, number_of, statements_of_days, what_stands


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _is_working_day(day: int) -> bool:
    return bool(working_days([date(1970, 1, 1) + timedelta(days=day)]))


def _fresh(today: int) -> range:
    """The days that stand: three, or more where none of those since was a working day."""
    first = today - 3
    while not any(_is_working_day(day) for day in range(first, today)):
        first -= 1
    return range(first, today + 2)


def operating_rooms(reports, at: int) -> dict:
    return _rooms_seen(reports, at)["told"]


def silences_of_rooms(reports, at: int) -> tuple[dict, set]:
    """What `differences` says of operating rooms, and the seconds at which somebody was given up."""
    seen = _rooms_seen(reports, at)
    today = day_of(datetime.fromtimestamp(at, UTC))
    days = {day_of(report.observed_at) for report in reports}
    ends = {midnight(day + after) for day in days if day < today - 14 for after in (15, 366)}
    return differences(seen["told"], seen["missed"], seen["given_up"]), ends


def _rooms_seen(reports, at: int) -> dict:
    """The figures by view."""
    today = day_of(datetime.fromtimestamp(at, UTC))
    newest = statements_of_days(
        reports, lambda report: [((), report)], ("rooms_in_use", "rooms_normal"), today, 371
    )
    fresh = today - _fresh(today).start
    places = {}
    for place, field, day in newest:
        if day <= today + 1:
            places.setdefault(place, {"rooms_in_use": {}, "rooms_normal": {}})[field][day] = newest[
                place, field, day
            ]
    seen = {
        view: [_rooms_of(**own, today=today, fresh=fresh, view=view) for own in places.values()]
        for view in ("told", "missed", "given_up")
    }
    # Who is missed in anything counts with what it told last, and is known of nothing.
    seen["told"] = [
        told if told == last else tuple(_unknown(part) for part in last)
        for told, last in zip(seen["told"], seen["missed"], strict=True)
    ]
    of = sum(any(parts) for parts in seen["missed"])
    return {view: _region(parts, of) for view, parts in seen.items()}


def _unknown(part):
    """The same statement, or pair of them, as one that adds nothing to the completeness."""
    if part is None:
        return None
    if isinstance(part[0], tuple):
        return tuple(_unknown(one) for one in part)
    return (*part[:4], 0)


def _region(parts, of: int) -> dict:
    figures = {}
    for index, name in enumerate(("or_rooms_in_use", "or_rooms_normal")):
        known = [part[index] for part in parts if part[index]]
        if known or of:
            figures[name, ()] = (
                sum(s[3] for s in known) if known else None,
                max((s[0] for s in known), default=0),
                sum(s[4] for s in known) / of if of else 0,
                len(known),
            )
    pairs = [part[2] for part in parts if part[2]]
    if pairs or of:
        normal = sum(usual[3] for _, usual in pairs)
        figures["or_reduction_ratio", ()] = (
            (normal - sum(used[3] for used, _ in pairs)) / normal if normal else None,
            max((used[0] for used, _ in pairs), default=0),
            sum(min(used[4], usual[4]) for used, usual in pairs) / of if of else 0,
            normal,
        )
    return figures


def _rooms_of(rooms_in_use, rooms_normal, today, fresh, view) -> tuple:
    """Rooms in use, usual rooms, and the pair of them that is held against each other, of one location in one view."""
    age = {"told": fresh, "missed": 14, "given_up": 371}[view]
    last = max(rooms_in_use, default=0)
    told = last >= today - max(age, fresh)
    used = rooms_in_use[last] if rooms_in_use and told else None
    usual = None
    if rooms_normal:
        newest = max(rooms_normal)
        alike = [day for day in rooms_normal if _is_working_day(day)] or rooms_normal
        if newest >= today - fresh:
            usual = rooms_normal[newest]
        elif view == "given_up" or max(alike) >= today - (365 if used else 14 if view == "missed" else -9):
            usual = rooms_normal[max(alike)]
    return used, usual, _pair(rooms_in_use, rooms_normal, today, fresh, view)


def _pair(rooms_in_use, rooms_normal, today, fresh, view):
    def usual_on(day, days):
        alike = [d for d in rooms_normal if _is_working_day(d) == _is_working_day(day) and d >= today - days]
        same = day in rooms_normal and day >= today - 14
        return rooms_normal[day if same else max(alike)] if alike else None

    standing = [day for day in rooms_in_use if day >= today - fresh]
    for day in sorted(standing, key=lambda day: (_is_working_day(day), day), reverse=True):
        if usual := usual_on(day, 365):
            return rooms_in_use[day], usual
    if view == "told":
        return None
    since, usual_days = (14, 365) if view == "missed" else (371, 371)
    for working in (True, False):
        days = [d for d in rooms_in_use if _is_working_day(d) == working and d >= today - since]
        if days and (usual := usual_on(max(days), usual_days)):
            return rooms_in_use[max(days)], usual
    return None


def absence(reports, at: int, stands: int = 20, missed: int = 90) -> dict:
    """`stands` and `missed` are as long as `missed` with those who are missed; both 371 with those given up as well."""
    today = day_of(datetime.fromtimestamp(at, UTC))
    newest = defaultdict(dict)

    def said_in(report) -> dict:
        return {
            row.sector: (row.rate, row.employees, -1.0 if row.long_rate is None else row.long_rate)
            for row in report.rows
        }

    stand = what_stands(reports, lambda report: number_of(report.week_start), said_in)
    for (location, monday, sector), (_, said, completeness, report) in stand.items():
        newest[location, sector][monday] = (_seconds(report.observed_at), *said, completeness)
    newest = {key: weeks for key, weeks in newest.items() if max(weeks) >= today - missed}
    figures = {}
    for sector in {sector for _, sector in newest} | ({"all"} if newest else set()):
        places = [weeks for (_, own), weeks in newest.items() if sector in (own, "all")]
        now = [weeks[max(weeks)] for weeks in places if max(weeks) >= today - stands]
        labels = (("sector", sector),)
        for name, index in (("absence_rate", 1), ("absence_long_rate", 3)):
            known = [week for week in now if week[index] >= 0]
            people = sum(week[2] for week in known)
            figures[name, labels] = (
                sum(week[index] * week[2] for week in known) / people if known else None,
                max((week[0] for week in known), default=0),
                sum(week[4] for week in known) / len(places),
                people,
            )
        figures["absence_employees", labels] = (
            sum(week[2] for week in now) if now else None,
            max((week[0] for week in now), default=0),
            sum(week[4] for week in now) / len(places),
            len(now),
        )
    return figures


def forecast(reports, at: int) -> dict:
    if not reports:
        return {}
    today = day_of(datetime.fromtimestamp(at, UTC))

    def newest_of(own):
        return max(
            own,
            key=lambda one: (
                day_of(one.observed_at), _seconds(one.observed_at), one.revision, _seconds(one.received_at),
                sorted((r.unit, r.day, r.covid_beds, -1 if r.planned_beds is None else r.planned_beds) for r in one.rows),
                one.completeness,
            ),
            default=None,
        )  # fmt: skip

    latest = newest_of(reports)
    earlier = newest_of([one for one in reports if today - 7 <= day_of(one.observed_at) < today])
    second, issued = _seconds(latest.observed_at), day_of(latest.observed_at)
    told = {("forecast_age_hours", ()): (max(0, (at - second) // 3600), second, 1, 1)}
    for unit in ("ic", "ward"):
        days = {issued + row.day - today: row for row in latest.rows if row.unit == unit}
        ahead = 0  # counted from the day on which it was issued
        while issued - today + ahead + 1 in days:
            ahead += 1
        told["forecast_days_ahead", (("unit", unit),)] = (ahead, second, latest.completeness, 1)
        for day in set(days) & set(range(1, 8)):
            labels = (("day", str(day)), ("unit", unit))
            told["forecast_beds", labels] = (days[day].covid_beds, second, latest.completeness, 1)
            if days[day].planned_beds is not None:
                told["forecast_planned_beds", labels] = (
                    days[day].planned_beds, second, latest.completeness, 1,
                )  # fmt: skip
        for row in earlier.rows if earlier else ():
            if row.unit == unit and day_of(earlier.observed_at) + row.day == today:
                told["forecast_expected_today", (("unit", unit),)] = (
                    row.covid_beds, _seconds(earlier.observed_at), earlier.completeness, 1,
                )  # fmt: skip
    return told
