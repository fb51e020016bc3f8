"""Where fetching goes on when what was fetched is not what is needed next."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from faust.types import TP

from agents.delivery.batch import Batch
from agents.engine.log_begin import LogBegins
from agents.engine.saving import SEEK_AGAIN_SECONDS, Held

log = structlog.get_logger()


class Seeking:
    """Seeks in the partitions of one stage.

    Args:
        app: the Faust app.
        stage: whose they are, for the log.
        log_begins: where their logs begin.
        lose: told of offsets that are gone, from the first up to the second.
    """

    def __init__(
        self, app: Any, stage: str, log_begins: LogBegins, lose: Callable[[Held, int, int], None]
    ) -> None:
        self.app = app
        self.stage = stage
        self.log_begins = log_begins
        self._lose = lose

    async def back(self, held: Held, batch: Batch) -> None:
        """Fetch again from the record that is needed next, because a batch lies behind it."""
        now = asyncio.get_running_loop().time()
        if now - held.sought_at < SEEK_AGAIN_SECONDS:
            return  # fetched before the seek took effect
        held.sought_at = now
        earliest = await self.log_begins.now(held.tp)
        if earliest is None or not held.alive:
            return
        if earliest > held.next_offset:
            log.error(
                "records expired before they were read; make the retention longer",
                stage=self.stage, partition=held.tp.partition, missing_from=held.next_offset, to=earliest,
            )  # fmt: skip
            self._lose(held, held.next_offset, earliest)
            held.next_offset = earliest
        log.warning(
            "hole in the delivery, reading again", stage=self.stage, partition=held.tp.partition,
            expected=held.next_offset, delivered=batch.begin,
        )  # fmt: skip
        await self.to(held.tp, held.next_offset)

    async def to(self, tp: TP, offset: int) -> None:
        """Fetch a partition from an offset on."""
        try:
            await self.app.consumer.seek_wait({tp: offset})
        except (KafkaError, TimeoutError) as error:
            # Taken away meanwhile, or the broker is: whoever watches the progress tries again.
            log.warning("could not seek", stage=self.stage, partition=tp.partition, error=repr(error))
