"""Every figure from scratch, from a plain list of all reports that were accepted.

Written from the definitions, not from the folds: no state, no rings, no increments. Slow and short on purpose.
One file a topic beside this one; each of their functions returns {(indicator, labels): (value, observed second, completeness, observations)} at a moment.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
OLD_AFTER_DAYS = {
    "care.waiting-times": 21, "care.referrals": 21, "care.workstock": 21, "care.production": 21, "care.absence": 21,
    "care.coordination": 400,
}  # fmt: skip


def day_of(moment: datetime) -> int:
    return (moment.astimezone(ZONE).date() - date(1970, 1, 1)).days


def midnight(day: int) -> int:
    begin = datetime.combine(date(1970, 1, 1) + timedelta(days=day), time(), ZONE)
    return int(begin.timestamp())


def number_of(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def is_late(report, today: int) -> bool:
    """Whether a report is about a time that is no longer looked at on local day `today`."""
    if hasattr(report, "peildatum"):
        return number_of(report.peildatum) < today - 248
    if hasattr(report, "week_start"):
        days = {"WorkstockReport": 62, "AbsenceReport": 34}.get(type(report).__name__, 35)
        return number_of(report.week_start) < today - days
    days = {"ForecastReport": 7}.get(type(report).__name__, 14)
    if hasattr(report, "event"):
        if hasattr(report.event, "week_start"):
            return number_of(report.event.week_start) < today - 35
        days = {"Transfer": 14, "Notice": 400, "WebsiteChecked": 92}.get(type(report.event).__name__, 800)
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


def what_stands(reports, slot_of, said_in) -> dict:
    """What stands of each (location, slot, subject), as (received second, what is said, completeness, report).

    A revision replaces the whole report of its source about the same location, slot and second: what it leaves out is
    withdrawn, and then nothing stands of that slot. `said_in` gives by subject what a report says.
    """
    together = {}
    for report in reports:
        second = int(report.observed_at.timestamp())
        together.setdefault((report.location, slot_of(report), second, report.source), []).append(report)
    found = {}
    # The latest second counts, and of one second the source whose id comes first: these come last, and put away the others.
    by_source = sorted(together.items(), key=lambda one: one[0][3], reverse=True)
    for (location, slot, _, _), own in sorted(by_source, key=lambda one: one[0][2]):
        revision = max(report.revision for report in own)
        for subject in {subject for report in own for subject in said_in(report)}:
            told = [
                (int(one.received_at.timestamp()), said_in(one)[subject], one.completeness, one)
                for one in own
                if one.revision == revision and subject in said_in(one)
            ]
            found[location, slot, subject] = max(told, key=lambda one: one[:3]) if told else None
    return {key: told for key, told in found.items() if told is not None}


def statements_of_days(reports, rows_of, fields, today: int, days: int = 14) -> dict:
    """What stands of each (location, *row, field, day) of the last so many days."""

    def said_in(report) -> dict:
        return {
            (*row, field): getattr(reading, field)
            for row, reading in rows_of(report)
            for field in fields
            if getattr(reading, field) is not None
        }

    of_days = [report for report in reports if day_of(report.observed_at) >= today - days]
    stand = what_stands(of_days, lambda report: day_of(report.observed_at), said_in)
    return {
        (location, *subject, day): (
            int(report.observed_at.timestamp()), report.revision, received, value, completeness,
        )
        for (location, day, subject), (received, value, completeness, report) in stand.items()
    }  # fmt: skip


def as_it_stands(own, place, label, field, today):
    """As it stands, or is carried forward: of tomorrow, today or at most fourteen days ago; see `with_last`."""
    return with_last(own, place, label, field, today, 14)


def with_last(own, place, label, field, today, age: int):
    """(value, observed, completeness, whether carried forward) as it was told last at most `age` days ago.

    It stands for three days; what is carried forward adds nothing to the completeness.
    """
    days = [day for (p, la, f, day) in own if (p, la, f) == (place, label, field) and day <= today + 1]
    if not days or max(days) < today - age:
        return None
    slot = own[place, label, field, max(days)]
    carried = max(days) < today - 3
    return slot[3], slot[0], 0 if carried else slot[4], carried


def differences(told: dict, missed: dict, given_up: dict) -> dict:
    """By name and labels the (value, observations) with the missed and with those given up, where they make a difference."""
    nobody = (None, 0, 0, 0)

    def seen(figures, key, otherwise):
        value, _, _, observations = figures.get(key, otherwise)
        return (None if value is None else round(value, 6), observations)

    found = {}
    for key in told.keys() | missed.keys() | given_up.keys():
        own = told.get(key, nobody)
        with_missed = missed.get(key, own)
        every = given_up.get(key, with_missed)
        if not (seen(told, key, nobody) == seen(missed, key, own) == seen(given_up, key, with_missed)):
            found[key] = ((with_missed[0], with_missed[3]), (every[0], every[3]))
    return found


def added(parts) -> tuple:
    known = [part for part in parts if part is not None]
    value = sum(part[0] for part in known) if known else None
    return (
        value,
        max((part[1] for part in known), default=0),
        sum(part[2] for part in known) / len(parts),
        len(known),
    )
