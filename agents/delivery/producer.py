"""The producer of a worker: waits for a broker that is away instead of giving up what it holds."""

from typing import Any

from faust.transport.drivers import aiokafka as driver
from typing_extensions import override

_KEPT_SECONDS = 24 * 3600.0


class PatientProducer(driver.Producer):  # type: ignore[misc]
    """Keeps records for a day, while a request that gets no answer is sent again after the request time-out.

    aiokafka has one time for both. Were it short, an outage would end every worker that had something to write;
    were it long, one lost request would stop a stage for as long.
    """

    @override
    def _new_producer(self, transactional_id: str | None = None) -> Any:
        producer = super()._new_producer(transactional_id)
        producer._request_timeout_ms = int(_KEPT_SECONDS * 1000)  # noqa: SLF001 - for a place in a full queue
        producer._message_accumulator._batch_ttl = _KEPT_SECONDS  # noqa: SLF001 - for what is in the queue
        return producer
