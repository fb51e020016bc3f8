"""Stock Faust: an agent and a windowed table.

After https://faust-streaming.github.io/faust/userguide/tables.html ("Windowing": a hopping table, updated with `+=`,
relative to the event's own time) and .../userguide/agents.html. The store is memory, the quickest that it has.
"""

from typing import Any

import faust

from deploy.bench.child import tell
from deploy.bench.job import DAY_SECONDS, WINDOW_DAYS, accept, digest, figures, sum_row
from deploy.bench.work import Outcome, Stopwatch, Work
from streams.ticks import TICK_KEY


def run(work: Work) -> Outcome:
    """Run a worker until it has summed the log; ends the process."""
    app = faust.App(
        work.group,
        broker=f"kafka://{work.bootstrap}",
        broker_session_timeout=work.session_seconds,
        broker_heartbeat_interval=work.session_seconds / 5,
        consumer_auto_offset_reset="earliest",
        store="memory://",
        datadir=work.folder,
        topic_partitions=work.partitions,
        topic_disable_leader=True,
        web_enabled=False,
    )
    observed = 0.0
    sums = (
        app.Table("sums", default=int, partitions=work.partitions, key_type=str, value_type=int)
        .hopping(WINDOW_DAYS * DAY_SECONDS, DAY_SECONDS, expires=30 * DAY_SECONDS)
        .relative_to(lambda _: observed)
    )
    source = app.topic(
        work.topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
    )
    watch = Stopwatch()

    async def add_up(stream: Any) -> None:
        nonlocal observed
        left = work.records
        async for key, value in stream.items():
            if key == TICK_KEY:
                continue
            if not watch.running:
                watch.start()
            report, second, _ = accept(key, value)
            observed = float(second)
            place = f"{report.region}|{report.location}"
            for unit, label, field, number in figures(report):
                sums[f"{place}|{unit}|{label}|{field}"] += number
            left -= 1
            if not left:
                watch.stop()
                found = (
                    sum_row(series, window[0], total) for (series, window), total in sums.table.data.items()
                )
                tell(watch.outcome(work.records, work.figures, digest(found)))

    app.agent(source)(add_up)
    faust.Worker(app, loglevel="ERROR", quiet=True, redirect_stdouts=False).execute_from_commandline()
    raise RuntimeError("the worker ended before the log did")
