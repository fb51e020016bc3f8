"""When and how the state of a partition is put away: delivered, then snapshot, then acknowledged."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from faust.types import TP

from agents.engine.changelog import Changelog
from agents.engine.doubt import Doubt
from agents.engine.snapshot import SnapshotStore
from agents.engine.stage import StagePartition
from streams.topics import MESSAGE_BYTES_MAX

log = structlog.get_logger()

SEEK_AGAIN_SECONDS = 5.0
"""Time for a seek to take effect before another one is tried."""

_SAVING_SHARE = 10
"""A snapshot that took a second of work is not made again within so many; waiting for the broker is no work."""

_FRAME_BYTES = 1_000

_PAUSE_SECONDS_MAX = 30.0
"""But never later than this: what is not saved is read again after a crash."""


@dataclass(eq=False)
class Held:
    """A partition that this worker has now.

    Attributes:
        tp: topic and partition.
        stage: its state.
        store: its snapshots.
        next_offset: of the next record that it needs.
        alive: whether it is this worker's still.
        handing_out: whether its state is ahead of what was sent.
        sending: what is on its way.
        saving: the snapshot that is being written.
        save_after: when the next one may be, seconds of the loop's clock.
        begun: offset at which it was taken.
        skips: offsets from there on that are to be skipped.
        went_back_for: offset of the skip for which it was taken again; -1 for none.
        doubt: where a record is that it cannot handle.
        doubted_from: where the first such stretch began since it was taken from a snapshot; -1 for none.
        anew: whether the next snapshot must be whole.
        sought_at: when it was last fetched again from `next_offset`.
    """

    tp: TP
    stage: StagePartition
    store: SnapshotStore
    next_offset: int
    alive: bool = True
    handing_out: bool = False
    sending: list[Any] = field(default_factory=list)
    saving: asyncio.Task[None] | None = None
    save_after: float = 0.0
    begun: int = 0
    skips: set[int] = field(default_factory=set)
    went_back_for: int = -1
    doubt: Doubt | None = None
    doubted_from: int = -1
    anew: bool = False
    sought_at: float = -SEEK_AGAIN_SECONDS


def _check_sizes(records: Mapping[bytes, bytes | None]) -> None:
    for key, value in records.items():
        if value is not None and len(value) > MESSAGE_BYTES_MAX - _FRAME_BYTES:
            raise ValueError(f"{key!r} has {len(value)} bytes, a broker takes {MESSAGE_BYTES_MAX}")


class Saving:
    """Puts away the partitions of one stage.

    Args:
        app: the Faust app.
        changelog: where their snapshots go.
        stage: whose they are.
        snapshot_seconds: least time between two snapshots of a partition.
        fail: ends the worker.
    """

    def __init__(
        self,
        app: Any,
        changelog: Changelog,
        stage: str,
        snapshot_seconds: float,
        fail: Callable[[Exception], Awaitable[None]],
    ) -> None:
        self.app = app
        self.changelog = changelog
        self.stage = stage
        self.snapshot_seconds = snapshot_seconds
        self._fail = fail

    def if_due(self, held: Held) -> None:
        """Save a partition that stands at a barrier, if its last snapshot is old enough."""
        now = asyncio.get_running_loop().time()
        if now < held.save_after or held.saving is not None or not held.alive:
            return
        if held.next_offset == held.store.next_offset:
            return
        if held.store.finalize(held.stage.finalized):
            log.info(
                "the older format is left",
                stage=self.stage,
                partition=held.tp.partition,
                format=held.store.format,
            )
        try:
            pieces = held.stage.pieces()
            if held.anew:  # it may have been made of other pieces than those of the last snapshot
                pieces = {**dict.fromkeys(held.store.names), **held.stage.whole()}
            records, key, head = held.store.save(held.next_offset, pieces)
            _check_sizes(records)
        except Exception:
            log.exception(
                "a snapshot cannot be made; judgement goes on, and after a crash it begins at the last one",
                stage=self.stage, partition=held.tp.partition, next_offset=held.next_offset,
            )  # fmt: skip
            held.save_after, held.anew = now + _PAUSE_SECONDS_MAX, True
            return
        held.anew = False
        packed = asyncio.get_running_loop().time()
        sending, held.sending = held.sending, []
        work = self._put_away(held, sending, records, (key, head), held.next_offset, packed - now)
        held.save_after = float("inf")
        held.saving = asyncio.get_running_loop().create_task(work)

    async def _put_away(
        self,
        held: Held,
        sending: list[Any],
        pieces: dict[bytes, bytes | None],
        head: tuple[bytes, bytes],
        next_offset: int,
        seconds: float,
    ) -> None:
        """Deliver, then snapshot, then acknowledge: in that order nothing can be lost."""
        clock = asyncio.get_running_loop().time
        try:
            await asyncio.gather(*sending)
            if held.alive:
                began = clock()
                writing = []
                for each in pieces.items():
                    if not held.alive:
                        break  # the next owner may have begun to write to the same places
                    writing.append(await self.changelog.write(held.tp.partition, *each))
                seconds += clock() - began
                await asyncio.gather(*writing)
            written = await (await self.changelog.write(held.tp.partition, *head)) if held.alive else None
            if written is not None and held.alive:
                self.changelog.remember(held.tp.partition, {**pieces, head[0]: head[1]}, written.offset)
                self.app.consumer.acknowledge(held.tp, self.stage, next_offset)
        except Exception as error:  # noqa: BLE001 - nobody awaits this task
            await self._fail(error)
        finally:
            pause = min(_SAVING_SHARE * seconds, _PAUSE_SECONDS_MAX)
            held.save_after = clock() + max(self.snapshot_seconds, pause)
            held.saving = None
