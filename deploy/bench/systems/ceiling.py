"""The ceiling: consume and decode, keep nothing. What no system on aiokafka in one process can pass."""

import asyncio

from deploy.bench.systems.aiokafka_loop import consume
from deploy.bench.work import Outcome, Stopwatch, Work


def run(work: Work) -> Outcome:
    """Read and decode the topic."""
    watch = Stopwatch()
    asyncio.run(consume(work, watch, lambda *_: None))
    return watch.outcome(work.records, work.figures)
