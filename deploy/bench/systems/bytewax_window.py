"""Bytewax, its own windows: `fold_window` with a sliding windower on event time; no recovery store, in-memory sink.

After https://docs.bytewax.io/stable/guide/concepts/windowing.html (an event clock that waits for late events,
a sliding windower, `fold_window`) and the pages named in bytewax_map.py. `ordered=False`, as a sum needs no order.
"""

import operator
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import bytewax.operators as op
import bytewax.operators.windowing as win
from bytewax.connectors.kafka import KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.testing import run_main

from deploy.bench.job import DAY_SECONDS, WINDOW_DAYS, accept, digest, figures, sum_row
from deploy.bench.systems.bytewax_map import InMemory
from deploy.bench.work import Outcome, Stopwatch, Work
from streams.ticks import TICK_KEY

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATE_MAX = timedelta(days=14)


def run(work: Work) -> Outcome:
    """Run the dataflow to the end of the topic."""
    watch = Stopwatch()
    sums: dict[tuple[str, int], int] = {}
    left = work.figures * WINDOW_DAYS

    def statements(batch: list[Any]) -> Iterable[tuple[str, tuple[datetime, int]]]:
        if not watch.running:
            watch.start()
        for message in batch:
            if message.key == TICK_KEY:
                continue
            report, _, _ = accept(message.key, message.value)
            observed = report.observed_at.astimezone(UTC)
            place = f"{report.region}|{report.location}"
            for unit, label, field, value in figures(report):
                yield f"{place}|{unit}|{label}|{field}", (observed, value)

    def add(total: int, statement: tuple[datetime, int]) -> int:
        nonlocal left
        left -= 1
        if not left:
            watch.stop()
        return total + statement[1]

    flow = Dataflow("bench")
    messages = op.input(
        "reports", flow, KafkaSource([work.bootstrap], [work.topic], tail=False, batch_size=5_000)
    )
    keyed = op.flat_map_batch("statements", messages, statements)
    windows = win.fold_window(
        "week",
        keyed,
        # No waking up by the system's clock: the events are of 2021.
        win.EventClock(operator.itemgetter(0), _LATE_MAX, to_system_utc=lambda _: None),
        win.SlidingWindower(timedelta(days=WINDOW_DAYS), timedelta(days=1), _EPOCH),
        builder=int,
        folder=add,
        merger=operator.add,
        ordered=False,
    )
    by_window = op.map("by_window", windows.down, lambda item: ((item[0], item[1][0]), item[1][1]))
    op.output("result", by_window, InMemory(sums))
    run_main(flow)
    found = (sum_row(series, window * DAY_SECONDS, total) for (series, window), total in sums.items())
    return watch.outcome(work.records, work.figures, digest(found))
