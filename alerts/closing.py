"""Closings: what was known at the end of each day, kept for the week and for the month.

Reports and the monthly monitor look back. The status log is kept by size and holds days; so when a topic passes into a
new Dutch day, all that it had told of a region by then is written down: on the last day of a week and of a month, and on
other days if it changed. That needs no state that must survive, and a tick that is read again gives the same closing.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from alerts.judged import Judged, JudgeState
from streams.calendar import date_of, local_day
from streams.moments import second_of
from streams.regions import NL
from streams.status import Closing, StatusEntry

WEEKS_KEPT = 14
"""Weeks that stay; months stay for ever."""


class Closer:
    """Writes closings, and leaves out those of days on which a topic changed nothing in a region.

    What changed is kept in memory only: a new worker takes it that everything did, and writes some closings again.
    """

    def __init__(self) -> None:
        self._unchanged: set[tuple[str, str]] = set()
        self._begun: dict[tuple[str, int], tuple[int, int]] = {}
        """Day of the newest tick of each topic and partition, and the first tick of that day."""

    def closings(self, state: JudgeState, entry: StatusEntry) -> Iterator[tuple[str, Closing | None]]:
        """Yield the closings that a status entry causes, with their keys, before the judge takes the entry.

        None in place of a closing says that its week is no longer kept.
        """
        topic, day = entry.topic, local_day(entry.at)
        begun = self._begun.get((topic, entry.partition))
        # By far the most come later on the day: every region of the partition closed at its first tick.
        if begun is None or begun[0] != day or entry.at <= begun[1]:
            self._begun[topic, entry.partition] = (day, entry.at)
            for name in (entry.region, *entry.also):
                region = state.regions.get(name)
                before = 0 if region is None else second_of(region.passed.get(topic, 0))
                # The country's own reports are told as part of its totals.
                if region is None or not before or (name == NL and entry.stage == "fold"):
                    continue
                if local_day(before) < day:
                    yield from self._closed(region, name, topic, before, date_of(day))
        if entry.indicators:
            self._unchanged.discard((entry.region, topic))

    def _closed(
        self, region: Judged, name: str, topic: str, before: int, today: date
    ) -> Iterator[tuple[str, Closing | None]]:
        on = date_of(local_day(before))
        periods = [
            period
            for period, now in ((week_of(on), week_of(today)), (month_of(on), month_of(today)))
            if period != now
        ]
        if (name, topic) not in self._unchanged and week_of(on) not in periods:
            periods.append(week_of(on))
        self._unchanged.add((name, topic))
        figures = [
            found
            for _, series in sorted(region.known.get(topic, {}).items())
            for _, found in sorted(series.items())
        ]
        if not figures:
            return
        for period in periods:
            yield f"{name}/{topic}/{period}", Closing(name, topic, period, before, figures)
        if week_of(on) != week_of(today):
            yield f"{name}/{topic}/{week_of(on - timedelta(weeks=WEEKS_KEPT))}", None


def week_of(on: date) -> str:
    """Return the ISO week of a date, such as `2021-W47`."""
    year, week, _ = on.isocalendar()
    return f"{year}-W{week:02}"


def month_of(on: date) -> str:
    """Return the month of a date, such as `2021-11`."""
    return on.isoformat()[:7]
