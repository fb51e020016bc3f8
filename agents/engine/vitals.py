"""What the event loop of a worker says of itself, several times a second, for threads that watch it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from faust.types import TP

from agents.engine.progress import Position, Progress, is_settled
from agents.engine.reach import Reach

BEAT_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Vitals:
    """One beat; made whole and never changed, so that any thread may read it.

    Attributes:
        beat: number of this beat.
        unsettled: why there are no partitions to speak of yet, as a sentence; None once the group has settled
            and the tables are restored.
        generation: how often the group was divided, as the group counts.
        restored: records of the changelogs read so far in this recovery.
        broker_silent_s: for how long the brokers have owed an answer, seconds; 0 while they answer.
        looks: how often all positions were looked at.
        positions: by stage and partition, those that this worker has; None while they are not known.
    """

    beat: int
    unsettled: str | None
    generation: int
    restored: int
    broker_silent_s: float
    looks: int
    positions: Mapping[tuple[str, TP], Position] | None


class Pulse:
    """Beats in a worker's loop.

    Attributes:
        latest: the last beat; None before the first.
    """

    def __init__(self, app: Any, progress: Progress, reach: Reach) -> None:
        self.app = app
        self.progress = progress
        self.reach = reach
        self.latest: Vitals | None = None
        self._beats = 0

    async def beat(self) -> None:
        """Beat until cancelled."""
        while True:
            self._beats += 1
            self.latest = self._take()
            await asyncio.sleep(BEAT_SECONDS)

    def _take(self) -> Vitals:
        app, progress = self.app, self.progress
        recovery = app.tables.recovery
        unsettled = self._unsettled()
        unanswered = [self.reach.unanswered_since]
        if unsettled is None:
            unanswered.append(progress.unanswered_since)
        now = asyncio.get_running_loop().time()
        # Positions of an earlier division may be of partitions that another worker has now.
        known = unsettled is None and progress.generation == app.consumer_generation_id
        return Vitals(
            beat=self._beats,
            unsettled=unsettled,
            generation=int(app.consumer_generation_id or 0),
            restored=sum(offset + 1 for offset in recovery.active_offsets.values() if offset is not None),
            broker_silent_s=max((now - since for since in unanswered if since is not None), default=0.0),
            looks=progress.looks,
            positions=progress.positions if known else None,
        )

    def _unsettled(self) -> str | None:
        app = self.app
        if app.should_stop:
            return "the worker stops"
        if is_settled(app):
            return None
        if app.in_recovery:
            left = app.tables.recovery.active_remaining_total()
            return f"state is being restored, {left} records of the changelogs to go"
        return "the group is being divided" if app.rebalancing else "the worker joins its group"
