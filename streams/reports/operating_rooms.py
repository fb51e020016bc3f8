"""`care.operating-rooms`: rooms in use against what is usual."""

from typing import ClassVar

from streams.reports.declaration import DAILY, EVERY, Declaration
from streams.reports.report import Count, Report

ROOMS = (300, 3_000)
"""Some 700 operating rooms in the country; the largest hospitals have a few dozen."""


class OperatingRoomsReport(Report, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Operating rooms of one location on the day of `observed_at`.

    Attributes:
        rooms_in_use: rooms that are run that day; null is unknown, never 0.
        rooms_normal: rooms that are run on such a day in ordinary times; stands until others are told, a year at most.
    """

    declared: ClassVar[Declaration] = Declaration(
        topic="care.operating-rooms",
        carries="operating rooms per location: in use and usual",
        called="Operatiekamers",
        cadence=DAILY,
        stands="rooms-stand",
        day="observed_at",
        labels={},
        rows="",
        limits={EVERY: {"rooms_in_use": ROOMS, "rooms_normal": ROOMS}},
        days={
            "rooms-kept": (8, 62),
            "rooms-held": (62, 742),
            "rooms-stand": (1, 7),  # at least; longer where no working day has passed since
            "rooms-missed": (3, 185),
            "rooms-usual-stand": (14, 371),  # the usual number, while rooms in use are reported
        },
        doubtful=lambda report: report.rooms_in_use is None and report.rooms_normal is None,
    )

    rooms_in_use: Count | None = None
    rooms_normal: Count | None = None

    def __post_init__(self) -> None:
        """Refuse a report that says nothing."""
        if self.rooms_in_use is None and self.rooms_normal is None:
            raise ValueError("one of `rooms_in_use` and `rooms_normal` must be said")
