"""What cannot be accepted, with a reason; dates and moments that cannot be."""

from datetime import UTC, date, datetime, timedelta

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
CLOCK_SKEW_MAX = timedelta(days=1)


class RefusedError(ValueError):
    """A record that cannot be accepted.

    Attributes:
        reason: short code for counters and headers, such as `unknown-field`.
        detail: what is wrong, which field, and what to do next.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def check_moment(field: str, moment: datetime) -> None:
    """Refuse a moment outside the years in which anything can be reported."""
    if not EARLIEST <= moment < LATEST:
        raise RefusedError("impossible-time", f"`{field}` is {moment}; expected 2000...2100")


def check_date(field: str, day: date, received: datetime) -> None:
    """Refuse a day before those years, or after the one on which it was received."""
    if not EARLIEST.date() <= day <= (received + CLOCK_SKEW_MAX).date():
        raise RefusedError("impossible-time", f"`{field}` is {day}; expected 2000 up to `received_at`")
