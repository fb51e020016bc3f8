"""How the sources behave: when each was last heard, and how many old reports it sends at once.

Of sources that neither a registry nor the norms know, the first `WATCHED_MAX` are watched for silence; a flood of made-up
names must not become a flood of alerts.
"""

from collections.abc import Container, Iterator

import msgspec

from streams.calendar import day_start, local_day
from streams.reports import REPORT_TYPES, Report
from streams.status import Indicator


class FeedsState(msgspec.Struct):
    """Newest received second by source; what was old on arrival by source and local day of arrival.

    Old reports are held as a set of (location, observed day), so that repeats and corrections count once
    and their order does not matter. `others` are sources that are not watched, `once` the first moment of those watched
    that nobody knows: one that was heard only then makes room for one that was heard twice.
    """

    received: dict[str, int] = {}
    old: dict[str, dict[int, set[str]]] = {}
    others: dict[str, int] = {}
    once: dict[str, int] = {}


WATCHED_MAX = 10
"""Sources of one region and topic that nobody knows, and that are watched for silence."""

_OTHERS_MAX = 1000
_OTHERS_DAYS = 7


def first_heard(state: FeedsState, source: str, received: int, known: Container[str]) -> str:
    """Take note of a source that is not watched: from here on it is, if it is known or there is room.

    Returns:
        Who is not watched any more, to make room for it; empty without one.

    Args:
        state: what is known of the sources.
        source: its id.
        received: second at which it was heard.
        known: sources that are always watched.
    """
    if source in known:
        state.received[source] = received
        state.others.pop(source, None)
        return ""
    room = ""
    if len(state.once) >= WATCHED_MAX:
        again = received > state.others.get(source, received)
        room = next((one for one, at in state.once.items() if again and state.received.get(one) == at), "")
        if not room:
            if source in state.others or len(state.others) < _OTHERS_MAX:
                state.others[source] = max(received, state.others.get(source, 0))
            return ""
        state.others[room] = state.once.pop(room)
        state.old.pop(room, None)
        del state.received[room], state.others[source]
    state.received[source] = state.once[source] = received
    return room


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
        newest = max(state.others.values())
        yield Indicator(
            "unwatched_sources", {"topic": topic}, len(state.others), newest, 1.0, len(state.others)
        )
