"""Whether the brokers answer, asked over a connection that does nothing else.

Why a worker stands still is told by this: if the brokers answer here, it is the worker.
"""

import asyncio
from typing import Any

import aiokafka
import structlog
from aiokafka.errors import KafkaError

from streams.kafka import KafkaSettingError, KafkaSettings
from streams.knock import knocking
from streams.topics import REPORT_TOPICS

log = structlog.get_logger()

_ASK_SECONDS = 1.0
_REQUEST_TIMEOUT_MS = 5_000
"""Short, so that a connection that hangs is made again soon after the brokers are back."""

_WRONG_SECONDS = 10.0
"""A broker that has just begun may not know its users yet."""


class Reach:
    """Asks the brokers for their topics, every second.

    Args:
        kafka: where the brokers are and how to speak to them.
        report_partitions: of each report topic, as the worker reads them; None does not compare.

    Attributes:
        unanswered_since: when the question was put that has no answer yet, seconds of the loop's clock; None if
            the last one was answered. A question that failed has no answer.
    """

    def __init__(self, kafka: KafkaSettings, report_partitions: int | None = None) -> None:
        self._kafka = kafka
        self._report_partitions = report_partitions
        self._raised: dict[str, int] = {}
        self.unanswered_since: float | None = None
        self._failed_since: float | None = None
        self._wrong_setting = ""
        self._wrong_since = 0.0

    async def watch(self) -> None:
        """Ask until cancelled.

        Raises:
            KafkaSettingError: the brokers have refused a setting for so long that it was changed: whoever starts again reads it anew.
        """
        while True:
            self._asked()
            consumer = aiokafka.AIOKafkaConsumer(
                **{**self._kafka.aio_consumer(), "request_timeout_ms": _REQUEST_TIMEOUT_MS}, group_id=None
            )
            try:
                await consumer.start()
                while True:
                    self._asked()
                    # `topics` of the consumer asks the same, and keeps the partitions to itself.
                    cluster = await consumer._client.fetch_all_metadata()  # noqa: SLF001
                    self._answered()
                    self._look_at_partitions(cluster)
                    await asyncio.sleep(_ASK_SECONDS)
            except (KafkaError, TimeoutError, OSError) as error:
                self._failed(error)
                await self._look_at_settings()
            finally:
                await consumer.stop()
            await asyncio.sleep(_ASK_SECONDS)

    def _look_at_partitions(self, cluster: Any) -> None:
        """Say it, each time that it changes, where report topics have more partitions than this worker reads."""
        if self._report_partitions is None:
            return
        counts = {topic: len(cluster.partitions_for_topic(topic) or ()) for topic in REPORT_TOPICS}
        raised = {topic: count for topic, count in counts.items() if count > self._report_partitions}
        if raised and raised != self._raised:
            log.error(
                "report topics have more partitions than this worker reads: what is written to those is not judged, and who "
                "starts now ends while topics differ; see `ketenwacht topics check`",
                reads=self._report_partitions, **raised,
            )  # fmt: skip
        self._raised = raised

    def _asked(self) -> None:
        if self.unanswered_since is None:
            self.unanswered_since = asyncio.get_running_loop().time()

    def _answered(self) -> None:
        if self._failed_since is not None:
            seconds = asyncio.get_running_loop().time() - self._failed_since
            log.warning("the brokers answer again", after_seconds=round(seconds, 1))
        self.unanswered_since = self._failed_since = None
        self._wrong_setting = ""

    def _failed(self, error: Exception) -> None:
        if self._failed_since is None:
            self._failed_since = self.unanswered_since
            log.warning("the brokers do not answer", error=repr(error))

    async def _look_at_settings(self) -> None:
        """Name the setting that the brokers do not agree with (any more), once; raise where that goes on."""
        now = asyncio.get_running_loop().time()
        try:
            await knocking(self._kafka)
        except KafkaSettingError as wrong:
            if self._wrong_setting != str(wrong):
                log.error("a setting is wrong", error=str(wrong))  # noqa: TRY400 - a sentence, not a traceback
                self._wrong_since = now
            elif now - self._wrong_since >= _WRONG_SECONDS:
                raise
            self._wrong_setting = str(wrong)
        else:
            self._wrong_setting = ""
