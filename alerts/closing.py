"""Closings: what was known at the end of each day, kept for the week and for the month.

Reports and the monthly monitor look back. The status log is kept by size and holds days; so when a topic passes into a
new Dutch day, all that it had told of a region by then is written down. That needs no state of its own, and a tick that
is read again gives the same closing again.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from alerts.judged import JudgeState
from streams.calendar import date_of, local_day
from streams.regions import NL
from streams.status import Closing, StatusEntry

WEEKS_KEPT = 14
"""Weeks that stay; months stay for ever."""


def closings(state: JudgeState, entry: StatusEntry) -> Iterator[tuple[str, Closing | None]]:
    """Yield the closings that a status entry causes, with their keys, before the judge takes the entry.

    None in place of a closing says that its week is no longer kept.
    """
    day = local_day(entry.at)
    for name in (entry.region, *entry.also):
        region = state.regions.get(name)
        before = 0 if region is None else region.passed.get(entry.topic, 0)
        # The country's own reports are told as part of its totals.
        if region is None or not before or local_day(before) >= day or (name == NL and entry.stage == "fold"):
            continue
        figures = [
            found
            for _, series in sorted(region.known.get(entry.topic, {}).items())
            for _, found in sorted(series.items())
        ]
        on = date_of(local_day(before))
        periods = [week_of(on)]
        if month_of(on) != month_of(date_of(day)):
            periods.append(month_of(on))
        if figures:
            for period in periods:
                yield f"{name}/{entry.topic}/{period}", Closing(name, entry.topic, period, before, figures)
            yield f"{name}/{entry.topic}/{week_of(on - timedelta(weeks=WEEKS_KEPT))}", None


def week_of(on: date) -> str:
    """Return the ISO week of a date, such as `2021-W47`."""
    year, week, _ = on.isocalendar()
    return f"{year}-W{week:02}"


def month_of(on: date) -> str:
    """Return the month of a date, such as `2021-11`."""
    return on.isoformat()[:7]
