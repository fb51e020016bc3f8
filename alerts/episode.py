"""The life of one breach: pending while its hold runs, active, ladder steps, resolved. One episode, one id.

One that comes back within the cooling time of its norm is the same one, reopened: whoever heard of it goes on where they were.

Everything moves at ticks only. Too little data neither begins, ends nor cancels an episode: silence is never
good news. A step of the ladder is taken only while the figure is over its limit, or cannot be judged, which the step then
says; one that was due before is taken as soon as the figure is over it again.
"""

from typing import Literal

import msgspec

from alerts.norms import Norm
from streams.calendar import iso
from streams.status import BreachState

Verdict = Literal["breach", "between", "clear", "insufficient", "undecided-over"]
"""`between` lies on the good side of the limit, but not yet at the clear limit. Neither of the last two can be judged; with
`undecided-over` what is missing could put the figure over the limit."""

UNDECIDED = frozenset[Verdict]({"insufficient", "undecided-over"})
"""The verdicts where there is too little to judge by."""

CLEARED = "cleared"
SUPPLY_ENDED = "supply-ended"
NORM_ENDED = "norm-ended"
PHASE_ENDED = "phase-ended"
TOO_FEW = "too-few"
"""Why a breach ended: it was told that it is over; who told of it was silent too long and is missed no more; its norm
holds no longer, at this time or in this phase; it is about fewer than the norm looks at, whatever the figure is."""

UNJUDGED = "unjudged"
"""Why a step of the ladder was taken though nobody knows whether the figure is over its limit."""

UNTOLD = (SUPPLY_ENDED, NORM_ENDED, PHASE_ENDED, TOO_FEW)
"""The reasons for which a breach ends though nobody told that it is over."""

_COMES_BACK = frozenset({CLEARED, TOO_FEW})
"""The reasons after which a breach may come back: its figure was told. Else it begins anew."""


class Episode(msgspec.Struct):
    """A breach that has begun and not ended. Times in seconds.

    Attributes:
        id: region, norm, scope and the tick at which it began.
        scope: label values that the norm is split by, or empty.
        began: that tick.
        active_since: tick at which its hold was over; 0 while pending. The time until it came back is added.
        step: ladder step reached, 0 while pending.
        stepped: tick at which each of those steps was taken.
        count: how often it came back.
        reopened: tick at which it did last; 0 if it never did.
        clear_since: tick since which the value is clear; 0 if it is not.
        limit, unit, severity: what it was begun against, for when its norm is gone from the file.
        against: beds of the register that its figure was held against last; 0 where it is held against none of it.
        expected_at_step: beds that were expected when the register knew more of them; 0 while it never did.
    """

    id: str
    scope: str
    began: int
    active_since: int = 0
    step: int = 0
    clear_since: int = 0
    limit: float = 0.0
    unit: str = ""
    severity: str = ""
    stepped: list[int] = []
    count: int = 0
    reopened: int = 0
    against: float = 0.0
    expected_at_step: float = 0.0

    def put_right(self, norm: Norm, at: int) -> None:
        """Move what lies after `at` to it, and say when steps were due of which it was not kept when they were taken."""
        self.began = min(self.began, at)
        self.active_since = min(self.active_since, at)
        self.clear_since = min(self.clear_since, at)
        self.reopened = min(self.reopened, at)
        unkept = [
            self.active_since + step.after_seconds for step in norm.steps[len(self.stepped) : self.step]
        ]
        if unkept or (self.stepped and self.stepped[-1] > at):
            self.stepped = [min(taken, at) for taken in (*self.stepped, *unkept)]


class Move(msgspec.Struct, frozen=True):
    """One transition of an episode: the state it came to, the step, and why it ended or was taken unjudged."""

    state: BreachState
    step: int
    reason: str = ""


def episode_id(region: str, norm: str, scope: str, at: int, after: int = 0) -> str:
    """Return the id of the episode that begins at `at`; other than that of one that began then by a wrong clock.

    >>> episode_id("R07", "ic-occupancy-high", "", 1636977600)
    'R07:ic-occupancy-high:2021-11-15T12:00:00Z'
    """
    again = f"after-{iso(after)}" if after else ""
    return ":".join(part for part in (region, norm, scope, iso(at), again) if part)


def begin(region: str, norm: Norm, scope: str, at: int, after: int = 0) -> tuple[Episode, list[Move]]:
    """Return the episode that begins at tick `at`, and its first transition; `after` as of `streams.moments`."""
    episode = Episode(
        episode_id(region, norm.id, scope, at, after),
        scope,
        at,
        limit=norm.limit_in(region),
        unit=norm.unit,
        severity=norm.severity,
    )
    if norm.hold:
        return episode, [Move("pending", 0)]
    return episode, _activate(episode, at)


def reopen(episode: Episode, norm: Norm, ended: int, at: int) -> Move:
    """Let an episode that ended at tick `ended` go on at tick `at`, at the step where it was; return its transition.

    The ladder counts no time in which it was over.
    """
    episode.count += 1
    episode.reopened = at
    episode.active_since += max(0, at - ended)
    episode.clear_since = 0
    episode.put_right(norm, at)
    return Move("reopened", episode.step)


def may_come_back(episode: Episode, norm: Norm, ended: int, reason: str, at: int) -> bool:
    """Return whether a breach that begins at `at` is the episode that ended at `ended` for that reason."""
    return episode.active_since > 0 and reason in _COMES_BACK and at - ended < norm.cooling


def advance(
    episode: Episode, norm: Norm, verdict: Verdict, at: int, cleared: str = CLEARED
) -> tuple[Episode | None, list[Move]]:
    """Move an episode to tick `at`; return it (None once it ended) and its transitions, in order.

    `cleared` is the reason if it ends because the figure is clear. What lies after `at`, because a wrong clock put it there,
    is as of now.
    """
    episode.put_right(norm, at)
    if not episode.active_since:
        return _advance_pending(episode, norm, verdict, at)
    moves = []
    undecided = verdict in UNDECIDED
    if undecided or verdict == "breach":
        due = sum(at - episode.active_since >= step.after_seconds for step in norm.steps)
        while episode.step < due:
            episode.step += 1
            episode.stepped.append(at)
            moves.append(Move("step", episode.step, UNJUDGED if undecided else ""))
    if verdict != "clear":
        episode.clear_since = 0
        return episode, moves
    episode.clear_since = episode.clear_since or at
    if at - episode.clear_since >= norm.clear_hold:
        return None, [*moves, Move("resolved", episode.step, cleared)]
    return episode, moves


def end(episode: Episode, reason: str = NORM_ENDED) -> list[Move]:
    """Return the transition of an episode whose norm no longer holds, at this time or in this phase."""
    return [Move("resolved", episode.step, reason)]


def _advance_pending(
    episode: Episode, norm: Norm, verdict: Verdict, at: int
) -> tuple[Episode | None, list[Move]]:
    if verdict in {"between", "clear"}:
        return None, [Move("resolved", 0, "not-held")]
    if verdict == "breach" and at - episode.began >= norm.hold:
        return episode, _activate(episode, at)
    return episode, []


def _activate(episode: Episode, at: int) -> list[Move]:
    episode.active_since = at
    episode.step = 1
    episode.stepped = [at]
    return [Move("active", 1)]
