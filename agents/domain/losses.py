"""Records that retention or an operator took away before they were read: counted, and shown for a day."""

from agents.domain.counts import Loss
from agents.domain.partition import PartitionState
from streams.moments import second_of

_SHOWN = 10


def lose(state: PartitionState, begin: int, end: int) -> None:
    """Account for the offsets from `begin` up to `end`: as many records at most, for ticks are among them."""
    state.counts.lost += end - begin
    state.losses = [*state.losses, Loss(begin, end, second_of(state.last_tick))][-_SHOWN:]
