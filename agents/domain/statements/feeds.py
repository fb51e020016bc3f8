"""How the sources behave: when each was last heard, and how many old reports it sends at once."""

from collections.abc import Iterator

import msgspec

from streams.calendar import local_day
from streams.reports import REPORT_TYPES, Report
from streams.status import Indicator


class FeedsState(msgspec.Struct):
    """Newest received second by source; what was old on arrival by source and local day of arrival.

    Old reports are held as a set of (location, observed day), so that repeats and corrections count once
    and their order does not matter.
    """

    received: dict[str, int] = {}
    old: dict[str, dict[int, set[str]]] = {}


def old_seconds(topic: str) -> int:
    """Return how long after its event a report of a topic may come before it is old on arrival, seconds."""
    return REPORT_TYPES[topic].declared.cadence.old_days * 86_400


def note_old(state: FeedsState, report: Report, observed: int, received: int) -> None:
    """Take note of a report that was old when it came."""
    days = state.old.setdefault(report.source, {})
    days.setdefault(local_day(received), set()).add(f"{report.location}|{local_day(observed)}")


def advance(state: FeedsState, today: int) -> None:
    """Forget old reports that arrived before yesterday."""
    for source, days in list(state.old.items()):
        kept = {day: subjects for day, subjects in days.items() if day >= today - 1}
        if kept:
            state.old[source] = kept
        else:
            del state.old[source]


def indicators(state: FeedsState, topic: str, at: int) -> Iterator[Indicator]:
    """Yield when each source was last heard, and how many old reports it sent today or yesterday."""
    today = local_day(at)
    for source, received in sorted(state.received.items()):
        labels = {"source": source, "topic": topic}
        yield Indicator("feed_received_at", labels, received, received)
        days = state.old.get(source, {})
        count = max(len(days.get(today, ())), len(days.get(today - 1, ())))
        yield Indicator("backdated_reports", labels, count, received)
