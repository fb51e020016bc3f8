"""One region as one topic tells it: the one entrance to the folds, `fold(state, report)`.

Reports change the state; `status` says at a tick which indicators are other than they were said to be at the
tick before. What was said is part of the state, so a replay from a snapshot says the same again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from agents.domain import coordination, feeds, follow_up, occupancy, referrals, waiting_times
from alerts.norms import Norms
from streams.calendar import local_day
from streams.indicators import indicator_key
from streams.regions import NL
from streams.reports import Report
from streams.status import Indicator
from streams.topics import COORDINATION, FOLLOW_UP, OCCUPANCY, REFERRALS, WAITING_TIMES

UNPLACED = "NL-unplaced"
"""Pseudo-region: reports keyed `NL` about a part of the country that lies in no single network."""

Outcome = Literal["applied", "duplicate", "late"]


@dataclass(frozen=True, slots=True)
class Folding:
    """The functions of one topic's fold; `timed` if its indicators change without a report or a new day."""

    state: type[msgspec.Struct]
    is_late: Callable[[Any, int], bool]
    fold: Callable[[Any, Any], bool]
    advance: Callable[[Any, int], None]
    indicators: Callable[[Any, int, Norms, str], Iterator[Indicator]]
    timed: bool = False


FOLDINGS: dict[str, Folding] = {
    OCCUPANCY: Folding(
        occupancy.OccupancyState, occupancy.is_late, occupancy.fold, occupancy.advance, occupancy.indicators
    ),
    WAITING_TIMES: Folding(
        waiting_times.WaitingTimesState,
        waiting_times.is_late,
        waiting_times.fold,
        waiting_times.advance,
        waiting_times.indicators,
    ),
    REFERRALS: Folding(
        referrals.ReferralsState, referrals.is_late, referrals.fold, referrals.advance, referrals.indicators
    ),
    FOLLOW_UP: Folding(
        follow_up.FollowUpState, follow_up.is_late, follow_up.fold, follow_up.advance, follow_up.indicators
    ),
    COORDINATION: Folding(
        coordination.CoordinationState,
        coordination.is_late,
        coordination.fold,
        coordination.advance,
        coordination.indicators,
        timed=True,
    ),
}
"""How each report topic is folded."""


class RegionState(msgspec.Struct):
    """State of one region of one topic.

    Attributes:
        body: state of the topic's fold.
        feeds: what is known of the sources.
        said: the indicators as last said, by key.
        day: local day of the last tick, 0 before the first.
        changed: whether a report changed anything since the last tick.
    """

    body: Any
    feeds: feeds.FeedsState
    said: dict[str, Indicator] = {}
    day: int = 0
    changed: bool = False


def empty_region(topic: str) -> RegionState:
    """Return the state of a region that nothing is known of."""
    return RegionState(FOLDINGS[topic].state(), feeds.FeedsState())


def region_of(report: Report) -> str:
    """Return the region whose state a report changes."""
    if report.region == NL and report.location != NL:
        return UNPLACED
    return report.region


def fold(topic: str, state: RegionState, report: Report) -> Outcome:
    """Take a report into the state of its region.

    Returns:
        `late` if it is about a time that is no longer held (at the last tick), `duplicate` if the same or
        something newer was known already, else `applied`.
    """
    folding = FOLDINGS[topic]
    # A source is heard whatever the age of what it says; a flood of late reports is made of late reports.
    feeds.fold(state.feeds, topic, report)
    state.changed = True
    if state.day and folding.is_late(report, state.day):
        return "late"
    return "applied" if folding.fold(state.body, report) else "duplicate"


def status(topic: str, region: str, state: RegionState, at: int, norms: Norms) -> list[Indicator]:
    """Return the indicators that changed since the last tick; one that is gone has the value null."""
    folding = FOLDINGS[topic]
    today = local_day(at)
    if today != state.day:
        folding.advance(state.body, today)
        feeds.advance(state.feeds, today)
    elif not state.changed and not folding.timed:
        return []
    state.day, state.changed = today, False
    now = {
        indicator_key(found.name, found.labels): found
        for source in (
            folding.indicators(state.body, at, norms, region),
            feeds.indicators(state.feeds, topic, at),
        )
        for found in source
    }
    said = state.said
    changes = [found for key, found in now.items() if said.get(key) != found]
    gone = [msgspec.structs.replace(held, value=None) for key, held in said.items() if key not in now]
    state.said = now
    return changes + gone
