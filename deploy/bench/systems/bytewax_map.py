"""Bytewax, a fold of our own: `stateful_map` by series; no recovery store, in-memory sink.

After https://docs.bytewax.io/stable/guide/concepts/kafka.html (the Kafka source) and
https://docs.bytewax.io/stable/guide/advanced-concepts/performance.html (one process a core, fine-grained keys,
`flat_map_batch` where a whole batch can be handled, larger source batches).
"""

from collections.abc import Iterable
from typing import Any

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.testing import run_main
from typing_extensions import override

from deploy.bench.job import Slot, accept, digest, figures, newest_row
from deploy.bench.work import Outcome, Stopwatch, Work
from streams.calendar import local_day
from streams.ticks import TICK_KEY

Ring = dict[int, Slot]


class Results(StatelessSinkPartition[Any]):
    """Keeps the latest result of each key."""

    def __init__(self, results: dict[Any, Any]) -> None:
        self.results = results

    @override
    def write_batch(self, items: list[Any]) -> None:
        self.results.update(items)


class InMemory(DynamicSink[Any]):
    """A sink that keeps the latest result of each key in a dictionary of the caller."""

    def __init__(self, results: dict[Any, Any]) -> None:
        self.results = results

    @override
    def build(self, step_id: str, worker_index: int, worker_count: int) -> Results:
        return Results(self.results)


def run(work: Work) -> Outcome:
    """Run the dataflow to the end of the topic."""
    watch = Stopwatch()
    rings: dict[str, Ring] = {}
    left = work.figures

    def statements(batch: list[Any]) -> Iterable[tuple[str, tuple[int, Slot]]]:
        if not watch.running:
            watch.start()
        for message in batch:
            if message.key == TICK_KEY:
                continue
            report, observed, received = accept(message.key, message.value)
            day = local_day(observed)
            place = f"{report.region}|{report.location}"
            for unit, label, field, value in figures(report):
                slot = (observed, report.revision, received, value, report.completeness)
                yield f"{place}|{unit}|{label}|{field}", (day, slot)

    def newest(ring: Ring | None, statement: tuple[int, Slot]) -> tuple[Ring, Ring]:
        nonlocal left
        day, slot = statement
        if ring is None:
            ring = {}
        held = ring.get(day)
        if held is None or held < slot:
            ring[day] = slot
        left -= 1
        if not left:
            watch.stop()
        return ring, ring

    flow = Dataflow("bench")
    messages = op.input(
        "reports", flow, KafkaSource([work.bootstrap], [work.topic], tail=False, batch_size=5_000)
    )
    keyed = op.flat_map_batch("statements", messages, statements)
    folded = op.stateful_map("newest", keyed, newest)
    op.output("result", folded, InMemory(rings))
    run_main(flow)
    found = (newest_row((series,), day, slot) for series, ring in rings.items() for day, slot in ring.items())
    return watch.outcome(work.records, work.figures, digest(found))
