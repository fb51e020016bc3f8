"""Quix Streams, a fold of our own: a stateful function with a state key a series and day.

After https://quix.io/docs/quix-streams/advanced/stateful-processing.html: state belongs to the message key, here the
region, so no repartitioning is needed; RocksDB, changelog topics and the checkpoint every 5 s are its defaults.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from quixstreams import Application, State
from quixstreams.state.rocksdb import RocksDBStorePartition

from deploy.bench.job import accept, digest, figures, newest_row
from deploy.bench.work import Outcome, Stopwatch, Work
from streams.calendar import local_day
from streams.ticks import TICK_KEY


def run(work: Work) -> Outcome:
    """Run the application until it has folded the log."""
    app = application(work)
    watch = Stopwatch()
    left = work.records

    def decoded(value: bytes, key: bytes, _timestamp: int, _headers: Any) -> Any:
        if not watch.running:
            watch.start()
        return accept(key, value)

    def newest(accepted: Any, state: State) -> None:
        nonlocal left
        report, observed, received = accepted
        place, day = f"{report.region}|{report.location}", local_day(observed)
        for unit, label, field, value in figures(report):
            slot = [observed, report.revision, received, value, report.completeness]
            name = f"{place}|{unit}|{label}|{field}|{day}"
            held = state.get(name)
            if held is None or held < slot:
                state.set(name, slot)
        left -= 1
        if not left:
            watch.stop()
            app.stop()

    frame = app.dataframe(app.topic(work.topic, key_deserializer="bytes", value_deserializer="bytes"))
    frame = frame.filter(lambda _value, key, _timestamp, _headers: key != TICK_KEY, metadata=True)
    frame = frame.apply(decoded, metadata=True).update(newest, stateful=True)
    app.run()
    return watch.outcome(work.records, work.figures, digest(_kept(Path(work.folder))))


def application(work: Work) -> Application:
    """Return an application with the defaults of the library, but from the start of the log."""
    return Application(
        broker_address=work.bootstrap,
        consumer_group=work.group,
        auto_offset_reset="earliest",
        state_dir=Path(work.folder),
        loglevel="ERROR",
        consumer_extra_config={
            "session.timeout.ms": round(work.session_seconds * 1000),
            "heartbeat.interval.ms": round(work.session_seconds * 200),
        },
    )


def _kept(folder: Path) -> Iterator[str]:
    """Yield what stands in the state stores, a line a series and day."""
    for path in folder.rglob("CURRENT"):
        store = RocksDBStorePartition(str(path.parent))
        for key, value in store.iter_items(b""):
            series, _, day = str(orjson.loads(key.partition(b"|")[2])).rpartition("|")
            observed, revision, received, number, completeness = orjson.loads(value)
            yield newest_row((series,), int(day), (observed, revision, received, number, completeness))
        store.close()
