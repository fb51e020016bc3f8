"""How the sources behave: when each was last heard, and how many old reports it sends at once.

Of sources that neither a registry nor the norms know, few are watched for silence, and only those that report on more than one
day: a flood of made-up names must not become a flood of series and alerts.
"""

from collections.abc import Container, Iterator, Mapping

import msgspec

from agents.domain.statements.stale import named
from streams.calendar import day_start, local_day
from streams.indicators import UNKNOWN_SOURCES
from streams.reports import REPORT_TYPES, Report
from streams.silent import Silent
from streams.status import Indicator


class FeedsState(msgspec.Struct):
    """Newest received second by source; what was old on arrival by source and local day of arrival.

    Old reports are held as a set of (location, observed day), so that repeats and corrections count once
    and their order does not matter. `others` are sources that are not watched or were refused as unknown, `once` when those
    watched that nobody knows began to be.
    """

    received: dict[str, int] = {}
    old: dict[str, dict[int, set[str]]] = {}
    others: dict[str, int] = {}
    once: dict[str, int] = {}


WATCHED_MAX = 1
"""Sources that nobody knows and that are watched for silence in one partition of a topic: with ten topics, ten in all."""

_OTHERS_MAX = 1000
_OTHERS_DAYS = 7


def first_heard(state: FeedsState, source: str, received: int, day: int, known: Container[str]) -> None:
    """Take note of a source that is not watched: from here on it is, if it is known.

    Args:
        state: what is known of the sources.
        source: its id.
        received: second at which it was heard.
        day: local day of the last tick, 0 before the first.
        known: sources that are always watched.
    """
    if source in known:
        state.received[source] = received
        state.others.pop(source, None)
    elif source not in state.others:
        note_unknown(state, source, _by_the_ticks(received, day))


def watch(state: FeedsState, heard: Mapping[str, int], day: int, watched: set[str]) -> None:
    """Watch those that nobody knows and that are heard on another day than before, while there is room.

    Args:
        state: what is known of the sources.
        heard: when each was last heard, seconds.
        day: local day of the last tick, 0 before the first.
        watched: those that nobody knows and that are watched in the partition; who is from now on is added.
    """
    for source in sorted(state.others.keys() & heard.keys()):
        before, received = state.others[source], heard[source]
        if received <= before:
            continue
        if local_day(before) < day and (source in watched or len(watched) < WATCHED_MAX):
            del state.others[source]
            state.received[source] = state.once[source] = received
            watched.add(source)
        else:
            state.others[source] = _by_the_ticks(received, day)


def _by_the_ticks(received: int, day: int) -> int:
    """Return when a source was heard, not before the day of the last tick: what it says itself is no evidence of another day."""
    return max(received, day_start(day)) if day else received


def note_unknown(state: FeedsState, source: str, received: int) -> None:
    """Take note that a source was heard that nobody knows."""
    if source in state.others or len(state.others) < _OTHERS_MAX:
        state.others[source] = max(received, state.others.get(source, 0))


def old_seconds(topic: str) -> int:
    """Return how long after its event a report of a topic may come before it is old on arrival, seconds."""
    return REPORT_TYPES[topic].declared.cadence.old_days * 86_400


def note_old(state: FeedsState, report: Report, observed: int, received: int) -> None:
    """Take note of a report that was old when it came."""
    if report.source not in state.received:
        return
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
    first = day_start(today - _OTHERS_DAYS)
    for source in [one for one, received in state.others.items() if received < first]:
        del state.others[source]


def indicators(state: FeedsState, topic: str, at: int) -> Iterator[Indicator]:
    """Yield when each source was last heard, and how many old reports it sent today or yesterday."""
    today = local_day(at)
    for source, received in sorted(state.received.items()):
        labels = {"source": source, "topic": topic}
        yield Indicator("feed_received_at", labels, received, received)
        days = state.old.get(source, {})
        count = max(len(days.get(today, ())), len(days.get(today - 1, ())))
        yield Indicator("backdated_reports", labels, count, received)
    if state.others:
        unknown = [Silent(source, received) for source, received in state.others.items()]
        yield named(UNKNOWN_SOURCES, topic, unknown, len(unknown))
