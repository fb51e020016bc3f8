"""How far a worker has read its partitions, and how far their logs go.

The log ends are asked over a connection of its own: the high watermark of the worker's own fetches stands still
when the fetches do, and "latest offset" is wrong on the embedded broker. A partition that does not move although
its log goes on is read again; whether that helped is for the watchdog to judge.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition
from faust.types import TP

from agents.delivery.log_end import LogEnds
from agents.engine.shell import Shell

log = structlog.get_logger()

_LOOK_SECONDS = 1.0
_UNTIL_SETTLED_SECONDS = 0.2
_STILL_SECONDS = 5.0
_STILL_LOOKS = 4
"""A partition that has lag and does not move for so long, and so many looks, is read again."""

_BUSY_SECONDS = 15.0
"""So long instead, while its stage works on other partitions: it may only be waiting for its turn."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a stage stands in a partition.

    Attributes:
        next_offset: offset of the next record that the stage needs.
        end: offset that the next record of the log will get.
    """

    next_offset: int
    end: int

    @property
    def lag(self) -> int:
        """Records that wait."""
        return max(0, self.end - self.next_offset)


def is_settled(app: Any) -> bool:
    """Return whether the group has settled and the tables of a Faust app are restored."""
    return bool(not app.rebalancing and not app.in_recovery and app.tables.actives_ready)


class Progress:
    """The positions of one worker, looked at every second.

    Attributes:
        positions: by stage and partition; those of which the log end is known.
        looks: how often they were looked at.
        generation: of the group, when they were looked at last; None while they are not known.
        unanswered_since: when the log ends were asked that are not known yet, seconds of the loop's clock; None
            if the last question was answered.
    """

    def __init__(self, app: Any, shells: Sequence[Shell], connection: Mapping[str, Any]) -> None:
        self.app = app
        self.shells = tuple(shells)
        self.connection = connection
        self.positions: dict[tuple[str, TP], Position] = {}
        self.looks = 0
        self.generation: int | None = None
        self.unanswered_since: float | None = None
        self._failed = False
        self._moved: dict[tuple[str, TP], tuple[float, int]] = {}
        self._beyond_since: dict[tuple[str, TP], float] = {}

    async def watch(self) -> None:
        """Look until the worker stops."""
        while not self.app.should_stop:
            self._asked()
            try:
                async with LogEnds(self.connection) as log_ends:
                    while not self.app.should_stop:
                        await self._look(log_ends)
                        settled = self.generation is not None
                        await asyncio.sleep(_LOOK_SECONDS if settled else _UNTIL_SETTLED_SECONDS)
            except (KafkaError, TimeoutError, OSError) as error:
                if not self._failed:
                    log.warning("cannot ask for log ends", error=repr(error))
                self._failed = True
                await asyncio.sleep(_LOOK_SECONDS)

    async def _look(self, log_ends: LogEnds) -> None:
        for shell in self.shells:
            shell.save_what_is_due()
        if not is_settled(self.app):
            self._moved.clear()
            self.generation, self.unanswered_since = None, None
            return
        generation = self.app.consumer_generation_id
        assigned = [tp for tp in self.app.consumer.assignment() if tp.topic in self._sources]
        self._asked()
        ends = await log_ends.ask([TopicPartition(tp.topic, tp.partition) for tp in assigned])
        self.unanswered_since, self._failed = None, False
        found = {}
        for shell in self.shells:
            for tp in assigned:
                if self.app.rebalancing or self.app.in_recovery:
                    return  # no snapshot may be looked for in a table that is not restored
                if tp.topic == shell.factory.source:
                    end = ends[TopicPartition(tp.topic, tp.partition)]
                    expected = await shell.expected(tp)
                    if expected is None:
                        return  # divided anew meanwhile, or the broker is away
                    found[shell.factory.name, tp] = Position(expected, end)
        if self.app.rebalancing or generation != self.app.consumer_generation_id:
            return
        await self._compare(found)
        self.positions, self.generation = found, generation
        self.looks += 1

    def _asked(self) -> None:
        if self.unanswered_since is None:
            self.unanswered_since = asyncio.get_running_loop().time()

    @property
    def _sources(self) -> set[str]:
        return {shell.factory.source for shell in self.shells}

    async def _compare(self, found: Mapping[tuple[str, TP], Position]) -> None:
        now = asyncio.get_running_loop().time()
        for shell in self.shells:
            for (stage, tp), position in found.items():
                if stage != shell.factory.name:
                    continue
                before = self.positions.get((stage, tp))
                if before is None or before.next_offset != position.next_offset or not position.lag:
                    self._moved[stage, tp] = (now, self.looks)
                elif self._stands_still(shell, *self._moved.setdefault((stage, tp), (now, self.looks))):
                    self._moved[stage, tp] = (now, self.looks)
                    await shell.read_again(tp)
                if before is not None and before.next_offset > position.end:
                    self._tell_of_cut_log(stage, tp, position, now)
                else:
                    self._beyond_since.pop((stage, tp), None)

    def _stands_still(self, shell: Shell, moved_at: float, looks: int) -> bool:
        """Return whether nothing can be on its way: a worker that is short of processor time must not read twice as well."""
        patience = _STILL_SECONDS if shell.idle else _BUSY_SECONDS
        return asyncio.get_running_loop().time() - moved_at >= patience and self.looks - looks >= _STILL_LOOKS

    def _tell_of_cut_log(self, stage: str, tp: TP, position: Position, now: float) -> None:
        """Say once that a log ends before what was read of it; for a moment it may, when its leader changes."""
        since = self._beyond_since.setdefault((stage, tp), now)
        if now - since >= _STILL_SECONDS:
            self._beyond_since[stage, tp] = float("inf")
            log.error(
                "a log ends before what was read of it: it was cut or made anew, and what it gets now is passed over "
                "until it is as long again",
                stage=stage, topic=tp.topic, partition=tp.partition, next_offset=position.next_offset,
                end=position.end,
            )  # fmt: skip
