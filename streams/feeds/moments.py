"""When a daily figure holds and when it became known, in Dutch local time."""

from datetime import UTC, date, datetime, time, timedelta

from streams.calendar import AMSTERDAM


def local_moment(on: date, at: time = time(), *, days_later: int = 0) -> datetime:
    """Return local time `at` on a date, or some days later, as a moment in UTC.

    A day with a clock change stays one day: its midnight and its afternoon keep their local time.
    """
    moment = datetime.combine(on + timedelta(days=days_later), at, AMSTERDAM)
    return moment.astimezone(UTC)
