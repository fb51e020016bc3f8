"""Two programs write to one partition at the same time, and a worker reads behind them: it gets every record."""

import asyncio
import time

from aiokafka import AIOKafkaProducer

from agents.engine.members import partition_of
from streams.topic_admin import apply_topics
from streams.topics import catalogue
from tests.support.reports import ic, record
from tests.support.workers import crew

PARTITIONS = 2


async def write(kafka, writer: str, until: float) -> int:
    """Write three reports every few milliseconds, each batch at once."""
    written = 0
    async with AIOKafkaProducer(**kafka.aio_producer(), linger_ms=0) as producer:
        while time.monotonic() < until:
            for number in range(written, written + 3):
                each = record(ic(50, location=f"{writer}{number}"))
                home = partition_of(each.key, PARTITIONS)
                await producer.send(each.topic, each.value, each.key, home, each.timestamp)
            written += 3
            await asyncio.sleep(0.004)
        await producer.flush()
    return written


async def write_both(kafka, writers: str, seconds: float) -> int:
    until = time.monotonic() + seconds
    return sum(await asyncio.gather(*[write(kafka, writer, until) for writer in writers]))


def test_no_record_is_stepped_over_while_another_one_overtakes_it(fresh_broker, fresh_kafka):
    apply_topics(fresh_kafka, catalogue(PARTITIONS))
    with crew(fresh_broker, report_partitions=PARTITIONS) as workers:
        workers.hire()
        written = asyncio.run(write_both(fresh_kafka, "ab", 0.1))
        workers.wait_for_counts(written, 60)  # from here on it reads right behind them
        written += asyncio.run(write_both(fresh_kafka, "cd", 8.0))
        assert written > 500
        workers.wait_for_counts(written, 30)
