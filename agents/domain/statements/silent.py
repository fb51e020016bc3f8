"""Who fell silent, by name: those who are missed in the figures of a topic, and those who were given up.

A location is silent on what it told before and tells no more: all of it, or a part, as of its intensive care. What is
missed and for how long is the matter of each fold; here it becomes a count with names. Where nobody is silent there
is no figure at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest
from typing import NamedTuple

from agents.domain.statements.ring import Slot
from streams.indicators import GIVEN_UP, SILENT
from streams.silent import SILENT_NAMED, Silent
from streams.status import Indicator, View

_VIEWS: tuple[View, ...] = ("told", "missed", "given_up")


class Last(NamedTuple):
    """When somebody who is silent told last.

    Attributes:
        at: event time, seconds.
        given_up: whether nothing of it is missed any more.
        partly: whether it goes on telling of something else.
    """

    at: int
    given_up: bool
    partly: bool


def last_of(told: Iterable[tuple[View, int]]) -> Last | None:
    """Return when a location told last of what it is silent on; None where it is not silent.

    Args:
        told: for each thing that it tells of, in which view that first counts, and when it was told last, seconds.
    """
    at: dict[View, int] = {}
    for view, moment in told:
        if moment >= at.get(view, 0):
            at[view] = moment
    missed = at.get("missed")
    if missed is not None:
        return Last(missed, given_up=False, partly="told" in at)
    given_up = at.get("given_up")
    return None if given_up is None else Last(given_up, given_up=True, partly="told" in at)


def last_of_slots(seen: Iterable[Sequence[Slot | None]]) -> Last | None:
    """Return the same from the slots of each thing: as told, with those missed, with those given up."""
    firsts = (
        next(((view, slot[0]) for view, slot in zip(_VIEWS, slots, strict=True) if slot is not None), None)
        for slots in seen
    )
    return last_of(first for first in firsts if first is not None)


def silent_figures(topic: str, silent: Mapping[str, Last]) -> Iterator[Indicator]:
    """Yield how many locations are silent on a topic, with the names of those who are so longest, then by name."""
    for name, gone in ((SILENT, False), (GIVEN_UP, True)):
        own = [
            Silent(location, last.at, last.partly)
            for location, last in silent.items()
            if last.given_up is gone
        ]
        if own:
            yield _counted(name, topic, own, len(own))


def silent_in_country(kind: Indicator, parts: Iterable[Indicator]) -> Indicator:
    """Return the same of the country from what each region says, nobody being silent twice; null where nobody is."""
    known = [part for part in parts if part.value is not None]
    if not known:
        return Indicator(kind.name, kind.labels, None, kind.observed_at, 1.0, 0)
    count = int(sum(part.value or 0 for part in known))
    own = [one for part in known for one in part.silent]
    return _counted(kind.name, kind.labels["topic"], own, count, max(part.observed_at for part in known))


def _counted(name: str, topic: str, own: list[Silent], count: int, observed: int = 0) -> Indicator:
    named = tuple(nsmallest(SILENT_NAMED, own, key=_longest_first))
    newest = observed or max(one.told_at for one in own)
    return Indicator(name, {"topic": topic}, count, newest, 1.0, count, silent=named)


def _longest_first(one: Silent) -> tuple[int, str]:
    return one.told_at, one.location
