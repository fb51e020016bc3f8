"""One record through the entrance that workers use, and what became of it."""

from typing import NamedTuple

from agents.domain.partition import PartitionState, receive_batch
from agents.domain.statements.outcome import Outcome
from alerts.norms import load_norms
from streams.codec import RefusedError

NORMS = load_norms()


class Received(NamedTuple):
    key: bytes | None
    value: bytes | None
    timestamp: int


def receive(state: PartitionState, key: bytes | None, value: bytes | None, timestamp: int) -> Outcome:
    """Take one record; raise the refusal where it is refused."""
    before = (state.counts.applied, state.counts.duplicate, state.counts.late)
    refused: list[tuple[int, RefusedError]] = []
    assert receive_batch(state, [Received(key, value, timestamp)], refused, NORMS) == 1
    if refused:
        raise refused[0][1]
    after = (state.counts.applied, state.counts.duplicate, state.counts.late)
    (outcome,) = [
        name
        for name, one, other in zip(("applied", "duplicate", "late"), before, after, strict=True)
        if one != other
    ]
    return outcome
