"""A kafka-python consumer that reads whatever stands in a topic: a damaged record shows what is left of it.

As it comes, it raises at the first byte that is no record, and with it every command that asks where a log ends.
"""

from collections.abc import Iterator
from typing import Any

from kafka import KafkaConsumer
from kafka.consumer.fetcher import ConsumerRecord, Fetcher
from typing_extensions import override

from streams.batches.reading import batches, read_batch
from streams.damaged import DamagedRecord


def tolerant_consumer(**settings: Any) -> Any:
    """Return a `kafka.KafkaConsumer` with these settings."""
    consumer = KafkaConsumer(**settings)
    consumer._fetcher.PartitionRecords = _Tolerant  # noqa: SLF001 - it offers no other place
    return consumer


class _Tolerant(Fetcher.PartitionRecords):  # type: ignore[misc]
    @override
    def _unpack_records(self, tp: Any, records: Any, *_: Any) -> Iterator[Any]:
        for head, data in batches(records._buffer):  # noqa: SLF001
            for record in read_batch(head, data):
                value = record.kept if isinstance(record, DamagedRecord) else record.value
                sizes = (len(record.key or b""), len(value or b""), 0)
                self.records_read += 1
                self.bytes_read += sum(sizes)
                self.next_fetch_offset = record.offset + 1
                yield ConsumerRecord(
                    tp.topic, tp.partition, -1, record.offset, record.timestamp, 0, record.key, value,
                    list(record.headers), None, *sizes,
                )  # fmt: skip
            self.next_fetch_offset = max(self.next_fetch_offset, head.end)
        self.drain()
