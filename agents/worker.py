"""One worker process: the Faust app, its metrics page, and the photographs between them."""

import asyncio
import logging
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import structlog
from faust.worker import Worker

from agents.app import Agents, create_app
from agents.exporter import MetricsServer
from agents.photograph import Photographer
from agents.settings import WorkerSettings
from alerts.norms import load_norms
from streams.kafka import KafkaSettings

_PHOTOGRAPH_SECONDS = 0.8
"""A little less than the scrape interval of a second, so that no scrape finds an old picture twice."""


def run_worker(
    settings: WorkerSettings, kafka: KafkaSettings, made: Callable[[Agents], None] = lambda _: None
) -> None:
    """Run until a signal ends it; the exit status is Faust's (0, or 1 after a crash).

    `made` gets the agents before they start, so that a measurement can look on.

    The first line on standard output is `metrics http://HOST:PORT/metrics`.
    """
    _log_to_stderr()
    norms = load_norms(settings.norms_file)
    with tempfile.TemporaryDirectory(prefix="ketenwacht-") as folder:
        agents = create_app(settings, kafka, norms, Path(folder))
        made(agents)
        photographer = Photographer(agents.folds, agents.judge, norms, version("ketenwacht"))
        server = MetricsServer(settings.metrics_host, settings.metrics_port)
        server.start()
        sys.stdout.write(f"metrics http://{settings.metrics_host}:{server.port}/metrics\n")
        sys.stdout.flush()

        async def keep_photographing() -> None:
            while not agents.app.should_stop:
                server.publish(photographer.take(ready=_is_ready(agents.app)))
                await asyncio.sleep(_PHOTOGRAPH_SECONDS)

        agents.app.task(keep_photographing)
        worker = Worker(agents.app, loglevel="WARN", console_port=None, redirect_stdouts=False, quiet=True)
        worker.execute_from_commandline()


def _is_ready(app: Any) -> bool:
    """Whether the group has settled and the tables are restored."""
    return bool(not app.rebalancing and not app.in_recovery and app.tables.actives_ready)


def _log_to_stderr() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    for chatty in ("aiokafka", "faust", "mode"):  # they format debug lines for every fetch otherwise
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
