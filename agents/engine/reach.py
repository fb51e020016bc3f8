"""Whether the brokers answer, asked over a connection that does nothing else.

Why a worker stands still is told by this: if the brokers answer here, it is the worker.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiokafka
import structlog
from aiokafka.errors import KafkaError

log = structlog.get_logger()

_ASK_SECONDS = 1.0
_REQUEST_TIMEOUT_MS = 5_000
"""Short, so that a connection that hangs is made again soon after the brokers are back."""


class Reach:
    """Asks the brokers for their topics, every second.

    Args:
        connection: where the brokers are and how to speak to them, as `aiokafka.AIOKafkaConsumer` takes it.

    Attributes:
        unanswered_since: when the question was put that has no answer yet, seconds of the loop's clock; None if
            the last one was answered. A question that failed has no answer.
    """

    def __init__(self, connection: Mapping[str, Any]) -> None:
        self._connection = dict(connection)
        self.unanswered_since: float | None = None
        self._failed_since: float | None = None

    async def watch(self) -> None:
        """Ask until cancelled."""
        while True:
            self._asked()
            consumer = aiokafka.AIOKafkaConsumer(
                **self._connection, group_id=None, request_timeout_ms=_REQUEST_TIMEOUT_MS
            )
            try:
                await consumer.start()
                while True:
                    self._asked()
                    await consumer.topics()
                    self._answered()
                    await asyncio.sleep(_ASK_SECONDS)
            except (KafkaError, TimeoutError, OSError) as error:
                self._failed(error)
            finally:
                await consumer.stop()
            await asyncio.sleep(_ASK_SECONDS)

    def _asked(self) -> None:
        if self.unanswered_since is None:
            self.unanswered_since = asyncio.get_running_loop().time()

    def _answered(self) -> None:
        if self._failed_since is not None:
            seconds = asyncio.get_running_loop().time() - self._failed_since
            log.warning("the brokers answer again", after_seconds=round(seconds, 1))
        self.unanswered_since = self._failed_since = None

    def _failed(self, error: Exception) -> None:
        if self._failed_since is None:
            self._failed_since = self.unanswered_since
            log.warning("the brokers do not answer", error=repr(error))
