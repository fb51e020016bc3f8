"""`care.operating-rooms`: rooms in use against what is usual."""

from streams.reports.report import Count, Report


class OperatingRoomsReport(Report, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Operating rooms of one location on the day of `observed_at`.

    Attributes:
        rooms_in_use: rooms that are run that day; null is unknown, never 0.
        rooms_normal: rooms that are run on such a day in ordinary times; stands until others are told, a year at most.
    """

    rooms_in_use: Count | None = None
    rooms_normal: Count | None = None

    def __post_init__(self) -> None:
        """Refuse a report that says nothing."""
        if self.rooms_in_use is None and self.rooms_normal is None:
            raise ValueError("one of `rooms_in_use` and `rooms_normal` must be said")
