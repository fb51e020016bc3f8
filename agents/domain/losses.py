"""Records that retention or an operator took away before they were read: counted, and shown for a day."""

from collections.abc import Iterable

import msgspec

from agents.domain.counts import LOSS_SHOWN_SECONDS, Loss
from agents.domain.partition import PartitionState
from streams.moments import place_of, second_of

_SHOWN = 10


def lose(state: PartitionState, begin: int, end: int) -> None:
    """Account for the offsets from `begin` up to `end`: as many records at most, for ticks are among them."""
    state.counts.lost += end - begin
    state.losses = [*state.losses, Loss(begin, end, second_of(state.last_tick))][-_SHOWN:]


class EntriesLost(msgspec.Struct):
    """What was lost of the status log before a stage read it: how many offsets in all, and where, the newest last."""

    count: int = 0
    losses: list[Loss] = []


def lose_entries(lost: EntriesLost, begin: int, end: int, passed: Iterable[int]) -> None:
    """Account for the offsets from `begin` up to `end` of the status log; `passed` are the ticks that the stage has passed."""
    lost.count += end - begin
    lost.losses = [*lost.losses, Loss(begin, end, _newest(passed))][-_SHOWN:]


def shown_entries(lost: EntriesLost, passed: Iterable[int]) -> list[Loss]:
    """Return what was lost of the status log within a day before the newest tick that the stage has passed."""
    if not lost.losses:
        return []
    at = _newest(passed)
    return [loss for loss in lost.losses if at - loss.after < LOSS_SHOWN_SECONDS]


def _newest(passed: Iterable[int]) -> int:
    return second_of(max(passed, key=place_of, default=0))
