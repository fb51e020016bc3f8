"""Faust's aiokafka transport, with recovery that finds the true end of a changelog.

Faust asks the broker for the latest offset and reads the changelog up to it. The embedded broker answers with
the base offset of its last batch + 1, so state would silently stay behind; the high watermark that comes with
fetched records is right on every broker. Overrides `AIOKafkaConsumerThread._highwaters` and
`Consumer._read_offset` (faust-streaming 0.15).
"""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import aiokafka
from aiokafka.structs import TopicPartition
from faust.transport.drivers import aiokafka as driver
from typing_extensions import override

_FETCH_WAIT_MS = 20
_PATIENCE_S = 20.0


async def true_ends(
    consumer_arguments: Mapping[str, Any], partitions: list[TopicPartition]
) -> dict[TopicPartition, int]:
    """Return the offset that the next record of each partition will get.

    Raises:
        TimeoutError: the broker did not tell for every partition.
    """
    if not partitions:
        return {}
    consumer = aiokafka.AIOKafkaConsumer(
        **consumer_arguments, group_id=None, enable_auto_commit=False, fetch_max_wait_ms=_FETCH_WAIT_MS
    )
    await consumer.start()
    try:
        consumer.assign(partitions)
        for partition, offset in (await consumer.end_offsets(partitions)).items():
            consumer.seek(partition, offset)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _PATIENCE_S
        while missing := [partition for partition in partitions if consumer.highwater(partition) is None]:
            if loop.time() > deadline:
                raise TimeoutError(f"no high watermark for {missing[:3]} within {_PATIENCE_S} s")
            await consumer.getmany(timeout_ms=_FETCH_WAIT_MS)
        return {partition: consumer.highwater(partition) for partition in partitions}
    finally:
        await consumer.stop()


class TrueEndThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    """The consumer thread of a worker, asking fetches instead of offset requests for the log end."""

    async def _highwaters(self, partitions: list[Any]) -> Mapping[Any, int]:
        arguments = {
            "bootstrap_servers": driver.server_list(self.transport.url, self.transport.default_port),
            "client_id": f"{self.app.conf.broker_client_id}-log-end",
            **driver.credentials_to_aiokafka_auth(
                self.app.conf.broker_credentials, self.app.conf.ssl_context
            ),
        }
        ends = await true_ends(arguments, [TopicPartition(tp.topic, tp.partition) for tp in partitions])
        return {tp: ends[TopicPartition(tp.topic, tp.partition)] for tp in partitions}


class _NothingRead(dict[Any, int | None]):
    """Faust's note of the newest offset read of each partition: it drops what lies before.

    It is written for records that were cleared from the queues at a rebalance as well, and for those of a batch
    that was fetched before a seek; what is then read again is dropped, and a partition whose log has ended stands
    still for ever. The shell knows by itself what it has had, so here nothing is ever noted.
    """

    @override
    def __getitem__(self, _: Any) -> None:
        return None

    @override
    def __setitem__(self, _: Any, __: int | None) -> None:
        """Forget it."""

    @override
    def update(self, *_: Any, **__: Any) -> None:
        """Forget them."""


class TrueEndConsumer(driver.Consumer):  # type: ignore[misc]
    """A worker's consumer whose changelog ends are true, and that drops nothing that was read again."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._read_offset = _NothingRead()

    def _new_consumer_thread(self) -> TrueEndThread:
        return TrueEndThread(self, loop=self.loop, beacon=self.beacon)


class Transport(driver.Transport):  # type: ignore[misc]
    """The transport to give to a Faust app: `app.transport = Transport(app.conf.broker_consumer, app)`."""

    Consumer = TrueEndConsumer


def install(app: Any) -> None:
    """Make an app consume through this transport; call before the app starts."""
    app.transport = cast("Any", Transport)(app.conf.broker_consumer, app)
