"""Where a log truly ends, asked from a worker's loop.

The embedded broker answers "latest offset" with the base offset of its last batch + 1, which is short of the end
whenever that batch holds more than one record. The high watermark that comes with a fetch is right on every broker.
"""

import asyncio
from collections.abc import Collection, Mapping
from types import TracebackType
from typing import Any, Self

import aiokafka
from aiokafka.structs import TopicPartition

_FETCH_WAIT_MS = 20
_PATIENCE_S = 20.0


class LogEnds:
    """Asks a broker for log ends, over one connection; joins no group.

    Args:
        consumer_arguments: where the broker is and how to speak to it, as `aiokafka.AIOKafkaConsumer` takes it.
    """

    def __init__(self, consumer_arguments: Mapping[str, Any]) -> None:
        self._arguments = dict(consumer_arguments)
        self._consumer: Any = None

    async def __aenter__(self) -> Self:
        self._consumer = aiokafka.AIOKafkaConsumer(
            **self._arguments, group_id=None, enable_auto_commit=False, fetch_max_wait_ms=_FETCH_WAIT_MS
        )
        try:
            await self._consumer.start()
        except BaseException:
            await self._consumer.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._consumer.stop()

    async def ask(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the offset that the next record of each partition will get.

        Raises:
            TimeoutError: the broker did not tell for every partition.
            aiokafka.errors.KafkaError: the broker cannot be reached.
        """
        if not partitions:
            return {}
        consumer = self._consumer
        consumer.assign(list(partitions))  # forgets the high watermarks of the time before
        # Never beyond the true end, and near it: the fetch brings the last batch at most.
        for partition, offset in (await consumer.end_offsets(list(partitions))).items():
            consumer.seek(partition, offset)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _PATIENCE_S
        while missing := [partition for partition in partitions if consumer.highwater(partition) is None]:
            if loop.time() > deadline:
                raise TimeoutError(f"no high watermark for {missing[:3]} within {_PATIENCE_S} s")
            await consumer.getmany(timeout_ms=_FETCH_WAIT_MS)
        consumer.pause(*partitions)  # or it would go on fetching until the next question
        return {partition: consumer.highwater(partition) for partition in partitions}


async def true_ends(
    consumer_arguments: Mapping[str, Any], partitions: Collection[TopicPartition]
) -> dict[TopicPartition, int]:
    """Return the offset that the next record of each partition will get; see `LogEnds.ask`."""
    if not partitions:
        return {}
    async with LogEnds(consumer_arguments) as log_ends:
        return await log_ends.ask(partitions)
