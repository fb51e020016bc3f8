"""One record through the entrance that workers use, and what became of it."""

from typing import Literal, NamedTuple

from agents.domain.partition import PartitionState, receive_batch
from agents.domain.statements.outcome import Outcome
from alerts.norms import load_norms
from streams.codec import RefusedError

NORMS = load_norms()


_TAKEN: tuple[Literal["applied", "duplicate", "late", "held_back"], ...] = (
    "applied",
    "duplicate",
    "late",
    "held_back",
)


class Received(NamedTuple):
    key: bytes | None
    value: bytes | None
    timestamp: int


def receive(state: PartitionState, key: bytes | None, value: bytes | None, timestamp: int) -> Outcome:
    """Take one record; raise the refusal where it is refused."""
    before = [getattr(state.counts, name) for name in _TAKEN]
    refused: list[tuple[int, RefusedError]] = []
    assert receive_batch(state, [Received(key, value, timestamp)], refused, NORMS) == 1
    if refused:
        raise refused[0][1]
    after = [getattr(state.counts, name) for name in _TAKEN]
    (outcome,) = [name for name, one, other in zip(_TAKEN, before, after, strict=True) if one != other]
    return "applied" if outcome == "held_back" else outcome
