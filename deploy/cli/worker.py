"""`ketenwacht worker` and `ketenwacht ticker`: the two processes that must always run."""

import signal
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from kafka.errors import InvalidTimestampError

from deploy.cli.reach_kafka import Bootstrap, reaching_kafka, signing_keys
from deploy.cli.report_topics import report_partitions
from streams.player import Player
from streams.ticks import SPREAD_SECONDS, TIMESTAMP_AHEAD_MS_MAX

_CLOCK_AHEAD = (
    f"the broker refuses ticks of this clock: it is more than {TIMESTAMP_AHEAD_MS_MAX // 1000} s ahead of its own; "
    "set the clock right"
)

Host = Annotated[str | None, typer.Option(help="Address of the metrics page; default 127.0.0.1.")]
Port = Annotated[int | None, typer.Option(min=0, max=65_535, help="Its port; 0 takes a free one.")]
NormsFile = Annotated[
    Path | None, typer.Option("--norms", exists=True, dir_okay=False, help="Norms instead of our own.")
]
Partitions = Annotated[int | None, typer.Option(min=1, help="Partitions of the report topics.")]
Session = Annotated[float | None, typer.Option(min=1, help="Group session time-out in seconds.")]


def worker(
    bootstrap: Bootstrap = None,
    metrics_host: Host = None,
    metrics_port: Port = None,
    norms: NormsFile = None,
    partitions: Partitions = None,
    session_timeout: Session = None,
) -> None:
    """Run a Faust worker until it is stopped; start as many as you like, they share the partitions.

    What is not said here comes from the environment (KETENWACHT_WORKER_..., KETENWACHT_KAFKA_...). The cluster is asked
    how many partitions the report topics have; a number that is said and is another ends it with exit code 2.

    Example: ketenwacht worker --bootstrap 127.0.0.1:9092 --metrics-port 9464
    """
    from agents.settings import WorkerSettings  # noqa: PLC0415 - Faust takes a second to import
    from agents.worker import run_worker  # noqa: PLC0415

    said: dict[str, Any] = {
        "metrics_host": metrics_host,
        "metrics_port": metrics_port,
        "norms_file": norms,
        "report_partitions": partitions,
        "session_timeout_s": session_timeout,
    }
    settings = WorkerSettings(**{name: value for name, value in said.items() if value is not None})
    told = settings.report_partitions if "report_partitions" in settings.model_fields_set else None
    # Who is asked to stop before there is anything to stop has not failed; Faust puts its own in place.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    keys = signing_keys()
    with reaching_kafka(bootstrap) as kafka:
        # Told too few it would leave partitions unread; and who starts without a broker gets a line and no traceback.
        count = report_partitions(kafka, told)
        run_worker(settings.model_copy(update={"report_partitions": count}), kafka, keys=keys)


def ticker(
    bootstrap: Bootstrap = None,
    partitions: Partitions = None,
    seconds: Annotated[int, typer.Option("--every", min=1, help="Seconds between ticks.")] = 1,
) -> None:
    """Write a tick to every partition of every report topic, every second, until stopped.

    Two tickers are harmless: a partition passes each second once. One whose clock is more than 10 s ahead of the broker's
    writes nothing, and says so; where workers know signing keys, one without them has no effect.

    Example: ketenwacht ticker --bootstrap 127.0.0.1:9092
    """
    keys = signing_keys()
    with reaching_kafka(bootstrap) as kafka:
        player = Player(kafka, report_partitions(kafka, partitions), keys)
        try:
            while True:
                try:
                    player.tick(int(time.time()) // seconds * seconds, SPREAD_SECONDS)
                    player.flush()
                except InvalidTimestampError:
                    typer.echo(_CLOCK_AHEAD, err=True)
                time.sleep(seconds - time.time() % seconds)
        except KeyboardInterrupt:
            pass
        finally:
            player.close()
