"""Who is stale, by name: the locations that are carried forward in the figures of a topic, and those that have expired.

A location is stale on what it reported before and reports no more: all of it, or a part, as of its intensive care. For how
long it is carried forward is the matter of each topic (`alerts/norms.toml`); here it becomes a count with names. Where
nobody is stale there is no figure at all.
"""

from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest
from typing import NamedTuple, Protocol

from agents.domain.statements.standing import Views
from streams.evidence import View
from streams.indicators import GIVEN_UP, SILENT, UNKNOWN_SOURCES
from streams.silent import SILENT_NAMED, Silent
from streams.status import Indicator


class Statement(Protocol):
    """What was reported of one subject; `observed` is the second that it is about."""

    @property
    def observed(self) -> int: ...  # noqa: D102


class Last(NamedTuple):
    """When a stale location was last seen.

    Attributes:
        at: event time, seconds.
        expired: whether nothing of it is carried forward any more.
        partly: whether it goes on reporting something else.
    """

    at: int
    expired: bool
    partly: bool


def last_of(seen: Iterable[tuple[View, int]]) -> Last | None:
    """Return when a location was last seen of what it is stale on; None where it is not stale.

    Args:
        seen: for each thing that it reports, the view in which that first counts, and when it was last seen, seconds.
    """
    at: dict[View, int] = {}
    for view, moment in seen:
        if moment >= at.get(view, 0):
            at[view] = moment
    carried = at.get("carried")
    if carried is not None:
        return Last(carried, expired=False, partly="reported" in at)
    expired = at.get("expired")
    return None if expired is None else Last(expired, expired=True, partly="reported" in at)


def last_of_views(reported: Iterable[Views[Statement]]) -> Last | None:
    """Return when a location was last seen of what it is stale on, by the views of each thing that it reports."""
    firsts = (first for views in reported if (first := views.first()) is not None)
    return last_of((view, statement.observed) for view, statement in firsts)


def expired_of(stale: Mapping[str, Last]) -> frozenset[str]:
    """Return those of which nothing is carried forward any more."""
    return frozenset(name for name, last in stale.items() if last.expired)


def stale_figures(topic: str, stale: Mapping[str, Last]) -> Iterator[Indicator]:
    """Yield how many locations are stale on a topic, with the names of those last seen longest ago, then by name."""
    for name, expired in ((SILENT, False), (GIVEN_UP, True)):
        own = [
            Silent(location, last.at, last.partly)
            for location, last in stale.items()
            if last.expired is expired
        ]
        if own:
            yield named(name, topic, own, len(own))


def stale_in_country(kind: Indicator, parts: Iterable[Indicator]) -> Indicator:
    """Return the same of the country from each region's, nobody being stale twice; null where nobody is."""
    known = [part for part in parts if part.value is not None]
    if not known:
        return Indicator(kind.name, kind.labels, None, kind.observed_at, 1.0, 0)
    count = int(sum(part.value or 0 for part in known))
    own = [one for part in known for one in part.silent]
    if kind.name == UNKNOWN_SOURCES:  # one source may speak of many regions
        latest = {one.location: one for one in sorted(own, key=_longest_first)}
        count, own = count - len(own) + len(latest), list(latest.values())
    return named(kind.name, kind.labels["topic"], own, count, max(part.observed_at for part in known))


def named(name: str, topic: str, own: list[Silent], count: int, observed: int = 0) -> Indicator:
    """Return a count of locations with the names of the first of them."""
    named = tuple(nsmallest(SILENT_NAMED, own, key=_longest_first))
    newest = observed or max(one.told_at for one in own)
    return Indicator(name, {"topic": topic}, count, newest, 1.0, count, silent=named)


def _longest_first(one: Silent) -> tuple[int, str]:
    return one.told_at, one.location
