"""One worker process: the Faust app, its metrics page, the photographs between them, and who watches it."""

import asyncio
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import structlog
from faust.worker import Worker

from agents.app import Agents, create_app
from agents.calm_log import InALine, keep_calm
from agents.collect_rarely import collect_rarely
from agents.door import Door
from agents.engine.gone import StateGoneError
from agents.engine.progress import is_settled
from agents.engine.reach import Reach
from agents.engine.vitals import Pulse
from agents.engine.watchdog import Watchdog
from agents.exporter import MetricsServer
from agents.photograph import Photographer
from agents.settings import WorkerSettings
from alerts.norms import load_norms
from streams.kafka import KafkaSettingError, KafkaSettings
from streams.signature import SigningKeys

_SWITCH_SECONDS = 0.001
"""So long may the metrics page compute while the loop waits; a report would wait Python's 5 ms for it."""

_STOP_SECONDS = 8.0
"""For a last snapshot and a farewell to the group; who supervises kills after 10 (compose) or 30 (Kubernetes)."""

_LOOK_SECONDS = 0.2

_PHOTOGRAPH_SECONDS = 0.8
"""A little less than the scrape interval of a second, so that no scrape finds an old picture twice."""


def run_worker(
    settings: WorkerSettings,
    kafka: KafkaSettings,
    made: Callable[[Agents], None] = lambda _: None,
    keys: SigningKeys | None = None,
    source_keys: SigningKeys | None = None,
) -> None:
    """Run until a signal ends it.

    The exit status is Faust's (0, or 1 after a crash), 2 where a state is gone or Kafka refuses a setting, or the watchdog's (75).
    `made` gets the agents before they start, so that a measurement can look on. `keys` say whose ticks count, `source_keys` are those
    of the sources that sign.

    The first line on standard output is `metrics http://HOST:PORT/metrics`.
    """
    _log_to_stderr()
    norms = load_norms(settings.norms_file)
    with tempfile.TemporaryDirectory(prefix="ketenwacht-") as folder:
        clock = None if settings.broker_checks_time else time.time
        door = Door(keys or SigningKeys(), clock, source_keys=source_keys or SigningKeys())
        agents = create_app(settings, kafka, norms, Path(folder), door)
        made(agents)
        photographer = Photographer(
            agents.folds, agents.judge, norms, version("ketenwacht"), time.time, agents.nation
        )
        app = agents.app
        reach = Reach(kafka, settings.report_partitions)
        pulse = Pulse(app, agents.progress, reach)
        watchdog = Watchdog(settings.stall_seconds, lambda: pulse.latest)
        server = MetricsServer(settings.metrics_host, settings.metrics_port, watchdog.health)
        server.start()
        sys.stdout.write(f"metrics http://{settings.metrics_host}:{server.port}/metrics\n")
        sys.stdout.flush()

        async def keep_photographing() -> None:
            while not app.should_stop:
                ready = watchdog.health().ready and is_settled(app)
                positions = pulse.latest.positions if pulse.latest is not None else None
                server.publish(photographer.take(ready=ready, positions=positions))
                await asyncio.sleep(_PHOTOGRAPH_SECONDS)

        collect_rarely()
        sys.setswitchinterval(_SWITCH_SECONDS)
        worker = Worker(app, loglevel="WARN", console_port=None, redirect_stdouts=False, quiet=True)
        # Not tasks of the app: those begin after the first recovery, and that must be watched too.
        _end_at_last(worker, app)
        for task in (pulse.beat, reach.watch, agents.progress.watch, keep_photographing):
            worker.add_future(task())
        watchdog.start()
        try:
            _execute(worker, app)
        finally:
            watchdog.stop()


def _execute(worker: Any, app: Any) -> None:
    """Run to the end; who is asked to stop while it starts has not failed, whatever the start raised over that."""
    try:
        worker.execute_from_commandline()
    except SystemExit as end:
        reason = _refused(worker, app)
        if reason:
            sys.stderr.write(f"{reason}\n")
            raise SystemExit(2) from reason
        if not end.code or app.crash_reason or worker.crash_reason or worker._signal_stop_time is None:  # noqa: SLF001 - said nowhere else
            raise
        structlog.get_logger().warning("was asked to stop while it started")


def _refused(worker: Any, app: Any) -> Exception | None:
    """Return why it must not go on, as one line says it; None where it ended otherwise."""
    reason = app.crash_reason or worker.crash_reason
    return reason if isinstance(reason, StateGoneError | KafkaSettingError) else None


def _end_at_last(worker: Any, app: Any) -> None:
    """End the process when it was asked to stop and does not come to it: Faust may wait for ever in a rebalance.

    Nothing is lost by that: what was not put away is read again, as after a kill.
    """

    def wait() -> None:
        while not worker.should_stop:
            time.sleep(_LOOK_SECONDS)
        time.sleep(_STOP_SECONDS)
        structlog.get_logger().warning("did not come to rest, ends as it stands", seconds=_STOP_SECONDS)
        reason = _refused(worker, app)
        sys.stderr.write(f"{reason}\n" if reason else "")
        sys.stderr.flush()
        os._exit(2 if reason else 1 if app.crashed or worker.crashed else 0)

    threading.Thread(target=wait, name="end at last", daemon=True).start()


def _log_to_stderr() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    for chatty in ("aiokafka", "faust", "mode"):  # they format debug lines for every fetch otherwise
        logging.getLogger(chatty).setLevel(logging.WARNING)
    keep_calm("aiokafka")
    for name in ("faust.worker", "mode.worker"):
        logging.getLogger(name).addFilter(InALine())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
