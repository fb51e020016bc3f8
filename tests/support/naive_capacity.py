"""Operating rooms, absence and forecasts from scratch, from a plain list of all reports that were accepted."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from streams.calendar import holidays
from tests.support.naive import day_of, differences, midnight, number_of, statements_of_days


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _is_working_day(day: int) -> bool:
    on = date(1970, 1, 1) + timedelta(days=day)
    return on.isoweekday() <= 5 and on not in holidays(on.year)


def _fresh(today: int) -> range:
    """The days that stand: three, or more where none of those since was a working day."""
    first = today - 3
    while not any(_is_working_day(day) for day in range(first, today)):
        first -= 1
    return range(first, today + 2)


def operating_rooms(reports, at: int) -> dict:
    today = day_of(datetime.fromtimestamp(at, UTC))
    newest = statements_of_days(
        reports, lambda report: [((), report)], ("rooms_in_use", "rooms_normal"), today
    )
    places = {place for place, _, _ in newest}
    fresh = _fresh(today)
    told = {}
    for name, field in (("or_rooms_in_use", "rooms_in_use"), ("or_rooms_normal", "rooms_normal")):
        known = []
        for place in places:
            days = [day for p, f, day in newest if (p, f) == (place, field) and day in fresh]
            known += [newest[place, field, max(days)]] if days else []
        if places:
            told[name, ()] = (
                sum(s[3] for s in known) if known else None,
                max((s[0] for s in known), default=0),
                sum(s[4] for s in known) / len(places),
                len(known),
            )
    pairs = list(_pairs(newest, fresh).values())
    if places:
        normal = sum(usual[3] for _, usual in pairs)
        told["or_reduction_ratio", ()] = (
            (normal - sum(used[3] for used, _ in pairs)) / normal if normal else None,
            max((used[0] for used, _ in pairs), default=0),
            sum(used[4] for used, _ in pairs) / len(places),
            normal,
        )
    return told


def _pairs(newest: dict, fresh: range) -> dict:
    """Rooms in use and usual rooms of each place that has both: of its newest working day, else of its newest day."""
    pairs = {}
    for place in {place for place, _, _ in newest}:
        days = [day for p, f, day in newest if (p, f) == (place, "rooms_in_use") and day in fresh]
        for day in sorted(days, key=lambda day: (_is_working_day(day), day), reverse=True):
            usual = [d for p, f, d in newest if (p, f) == (place, "rooms_normal") and d < day]
            alike = [d for d in usual if _is_working_day(d) == _is_working_day(day)]
            best = day if (place, "rooms_normal", day) in newest else max(alike, default=None)
            if best is not None:
                pairs[place] = newest[place, "rooms_in_use", day], newest[place, "rooms_normal", best]
                break
    return pairs


def silences_of_rooms(reports, at: int) -> tuple[dict, set]:
    """What `differences` says of operating rooms, and the seconds at which somebody was given up."""
    today = day_of(datetime.fromtimestamp(at, UTC))
    newest = statements_of_days(
        reports, lambda report: [((), report)], ("rooms_in_use", "rooms_normal"), today, 371
    )
    stands = today - _fresh(today).start

    def days(place, field, working=None):
        own = [day for p, f, day in newest if (p, f) == (place, field) and day <= today + 1]
        return [day for day in own if working is None or _is_working_day(day) is working]

    def last(place, field, age):
        own = days(place, field)
        return newest[place, field, max(own)] if own and max(own) >= today - age else None

    def pair(place, age):
        if max(days(place, "rooms_in_use"), default=0) < today - age:
            return None
        for working in (True, False):
            used, usual = (days(place, field, working) for field in ("rooms_in_use", "rooms_normal"))
            if used and usual:
                return newest[place, "rooms_in_use", max(used)][3], newest[place, "rooms_normal", max(usual)][
                    3
                ]
        return None

    told = operating_rooms(reports, at)
    places = {place for place, _, _ in newest}
    held = {key: slot for key, slot in newest.items() if key[2] >= today - 14}
    now = {place: (used[3], usual[3]) for place, (used, usual) in _pairs(held, _fresh(today)).items()}
    views = {}
    for age in (14, 371):
        views[age] = figures = {}
        if not any(day >= today - age for *_, day in newest):
            continue
        for name, field in (("or_rooms_in_use", "rooms_in_use"), ("or_rooms_normal", "rooms_normal")):
            known = [slot[3] for place in places if (slot := last(place, field, max(age, stands)))]
            figures[name, ()] = (sum(known) if known else None, 0, 1, len(known))
        pairs = [found for place in places if (found := now.get(place) or pair(place, age))]
        normal = sum(usual for _, usual in pairs)
        ratio = 1 - sum(used for used, _ in pairs) / normal if normal else None
        figures["or_reduction_ratio", ()] = (ratio, 0, 1, normal)
    return differences(told, views[14], views[371]), {
        midnight(day + 15) for *_, day in newest if day < today - 14
    }


def absence(reports, at: int, stands: int = 20, missed: int = 90) -> dict:
    """`stands` and `missed` are as long as `missed` with those who are missed; both 371 with those given up as well."""
    today = day_of(datetime.fromtimestamp(at, UTC))
    newest = defaultdict(dict)
    for report in reports:
        monday = number_of(report.week_start)
        for row in report.rows:
            said = (
                _seconds(report.observed_at), report.revision, _seconds(report.received_at), row.rate,
                row.employees, -1.0 if row.long_rate is None else row.long_rate, report.completeness,
            )  # fmt: skip
            weeks = newest[report.location, row.sector]
            weeks[monday] = max(weeks.get(monday, said), said)
    newest = {key: weeks for key, weeks in newest.items() if max(weeks) >= today - missed}
    figures = {}
    for sector in {sector for _, sector in newest} | ({"all"} if newest else set()):
        places = [weeks for (_, own), weeks in newest.items() if sector in (own, "all")]
        now = [weeks[max(weeks)] for weeks in places if max(weeks) >= today - stands]
        labels = (("sector", sector),)
        for name, index in (("absence_rate", 3), ("absence_long_rate", 5)):
            known = [week for week in now if week[index] >= 0]
            people = sum(week[4] for week in known)
            figures[name, labels] = (
                sum(week[index] * week[4] for week in known) / people if known else None,
                max((week[0] for week in known), default=0),
                sum(week[6] for week in known) / len(places),
                people,
            )
        figures["absence_employees", labels] = (
            sum(week[4] for week in now) if now else None,
            max((week[0] for week in now), default=0),
            sum(week[6] for week in now) / len(places),
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
