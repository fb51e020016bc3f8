"""Quix Streams, its own windows: a hopping window over the sum, results after each record.

After https://quix.io/docs/quix-streams/windowing.html: windows belong to the message key, so reports with many series
are taken apart (`expand`) and grouped by series (`group_by`, through a repartition topic, .../groupby.html). Where a
report has one figure the topic is written with the series as its key, and nothing is repartitioned. Event time is set
with `set_timestamp` or a timestamp extractor; the grace keeps windows open for what comes late; `current()` because a
monitor wants the value of now.
"""

from datetime import timedelta
from typing import Any

from quixstreams.dataframe.windows import Sum

from deploy.bench.job import WINDOW_DAYS, accept, digest, figures, sum_row
from deploy.bench.systems.quix_fold import application
from deploy.bench.work import Outcome, Stopwatch, Work
from streams.ticks import TICK_KEY

_LATE_MAX = timedelta(days=14)


def run(work: Work) -> Outcome:
    """Run the application until it has summed the log."""
    app = application(work)
    watch = Stopwatch()
    sums: dict[tuple[str, int], int] = {}
    left = work.figures * WINDOW_DAYS

    def taken_apart(value: bytes, key: bytes, _timestamp: int, _headers: Any) -> list[dict[str, Any]]:
        if not watch.running:
            watch.start()
        report, observed, _ = accept(key.partition(b"|")[0], value)
        at = observed * 1000
        place = f"{report.region}|{report.location}"
        return [
            {"series": f"{place}|{unit}|{label}|{field}", "value": number, "at": at}
            for unit, label, field, number in figures(report)
        ]

    def keep(window: dict[str, int], key: Any, _timestamp: int, _headers: Any) -> None:
        nonlocal left
        series = key.decode() if isinstance(key, bytes) else key
        sums[series, window["start"]] = window["total"]
        left -= 1
        if not left:
            watch.stop()
            app.stop()

    frame = app.dataframe(app.topic(work.topic, key_deserializer="bytes", value_deserializer="bytes"))
    frame = frame.filter(lambda _value, key, _timestamp, _headers: key != TICK_KEY, metadata=True)
    frame = frame.apply(taken_apart, expand=True, metadata=True)
    frame = frame.set_timestamp(lambda value, _key, _timestamp, _headers: value["at"])
    if work.log == "mixture":
        frame = frame.group_by("series")
    windows = frame.hopping_window(timedelta(days=WINDOW_DAYS), timedelta(days=1), grace_ms=_LATE_MAX)
    frame = windows.agg(total=Sum("value")).current().update(keep, metadata=True)
    app.run()
    found = (sum_row(series, begin / 1000, total) for (series, begin), total in sums.items())
    return watch.outcome(work.records, work.figures, digest(found))
