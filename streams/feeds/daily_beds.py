"""The beds of a location on one day, as a daily feed states them; the same day stated again is its next revision.

A source that states several things of a day apart has no revisions: one would replace all of them.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta

from streams.feeds.feed import checked_record
from streams.feeds.moments import local_moment
from streams.recording import Record
from streams.reports import BedReading, OccupancyReport
from streams.topics import OCCUPANCY

KNOWN_AT = time(15)
"""LCPS, NICE, RIVM and the dashboard publish at about 15:00 local time; how many days later, each feed says itself."""


class DailyBeds:
    """Makes the records of one file.

    Args:
        days_later: how many days after the day itself its figures are published.
    """

    def __init__(self, days_later: int) -> None:
        self._days_later = days_later
        self._stated: Counter[str] = Counter()

    def usually_known(self, on: date) -> datetime:
        """Return when the figures of a day are known where the file does not say it."""
        return local_moment(on, KNOWN_AT, days_later=self._days_later)

    def record(
        self,
        source: str,
        region: str,
        location: str,
        on: date,
        readings: list[BedReading],
        about: str = "",
        published: datetime | None = None,
        **completeness: float,
    ) -> Record:
        """Return the record of a local day.

        Args:
            source: feed that states it.
            region: ROAZ region or `NL`.
            location: whom it is about.
            on: the day.
            readings: what was counted.
            about: tells several statements of a source about one day apart.
            published: when this statement was published, where the file says it of several about one day.
            completeness: `completeness=SHARE`; a feed that does not know it leaves it out of the report.

        Raises:
            RowError: a worker would refuse it; then the day counts as not stated.
        """
        statement = ":".join(part for part in (source, location, about, on.isoformat()) if part)
        again = self._stated[statement]
        received = published or self.usually_known(on)
        if about:
            # A revision would withdraw what the source states beside it: it comes a second later instead.
            revision, received = 0, received + timedelta(seconds=again)
        else:
            revision = again
        report = OccupancyReport(
            id=f"{statement}:{again}",
            source=source,
            region=region,
            location=location,
            observed_at=local_moment(on),
            received_at=received,
            revision=revision,
            readings=readings,
            **completeness,
        )
        record = checked_record(OCCUPANCY, report)
        self._stated[statement] += 1
        return record
