"""A bare loop on aiokafka: what a careful programmer writes who needs no recovery.

After https://aiokafka.readthedocs.io/en/stable/consumer.html ("Using getmany"): batches instead of single records.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import aiokafka

from deploy.bench.job import Newest, accept, digest
from deploy.bench.work import Outcome, Stopwatch, Work
from streams.reports import OccupancyReport
from streams.ticks import TICK_KEY


def run(work: Work) -> Outcome:
    """Read the topic and keep the newest statements."""
    held = Newest()
    watch = Stopwatch()
    asyncio.run(consume(work, watch, held.fold))
    return watch.outcome(work.records, held.figures, digest(held.rows()))


async def consume(work: Work, watch: Stopwatch, take: Callable[[OccupancyReport, int, int], None]) -> None:
    """Hand every report of the topic to `take`."""
    consumer: Any = aiokafka.AIOKafkaConsumer(
        work.topic,
        bootstrap_servers=work.bootstrap,
        group_id=work.group,
        session_timeout_ms=round(work.session_seconds * 1000),
        heartbeat_interval_ms=round(work.session_seconds * 200),
        auto_offset_reset="earliest",
        enable_auto_commit=True,
    )
    await consumer.start()
    try:
        left = work.records
        while left:
            for batch in (await consumer.getmany(timeout_ms=1000, max_records=5_000)).values():
                if not watch.running:
                    watch.start()
                for record in batch:
                    if record.key != TICK_KEY:
                        take(*accept(record.key, record.value))
                        left -= 1
        watch.stop()
    finally:
        await consumer.stop()
