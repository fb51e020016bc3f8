"""`ketenwacht worker`: with `ketenwacht ticker` the process that must always run."""

import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from alerts.norms import NormsError, load_norms
from deploy.cli.free_port import require_free
from deploy.cli.reach_kafka import (
    NORMS_FILE,
    Bootstrap,
    reaching_kafka,
    signing_keys,
    source_keys,
    worker_settings,
)
from deploy.cli.report_topics import report_partitions
from deploy.cli.unfailing_output import let_output_fail

Host = Annotated[str | None, typer.Option(help="Address of the metrics page; default 127.0.0.1.")]
Port = Annotated[int | None, typer.Option(min=0, max=65_535, help="Its port; 0 takes a free one.")]
NormsFile = Annotated[
    Path | None, typer.Option("--norms", exists=True, dir_okay=False, help="Norms instead of our own.")
]
Partitions = Annotated[int | None, typer.Option(min=1, help="Partitions of the report topics.")]
Session = Annotated[float | None, typer.Option(min=1, help="Group session time-out in seconds.")]
Anew = Annotated[
    bool,
    typer.Option(
        "--begin-anew", help="Begin with what is left where a state is gone and its log does not reach back."
    ),
]


def worker(
    bootstrap: Bootstrap = None,
    metrics_host: Host = None,
    metrics_port: Port = None,
    norms: NormsFile = None,
    partitions: Partitions = None,
    session_timeout: Session = None,
    begin_anew: Anew = False,
) -> None:
    """Run a Faust worker until it is stopped; start as many as you like, they share the partitions.

    What is not said here comes from the environment (KETENWACHT_WORKER_..., KETENWACHT_KAFKA_...). The cluster is asked
    how many partitions the report topics have; a number that is said and is another ends it with exit code 2. So does a
    state that is gone where the log does not reach back: what follows would be invented.

    Example: ketenwacht worker --bootstrap 127.0.0.1:9092 --metrics-port 9464
    """
    let_output_fail()
    said: dict[str, Any] = {
        "metrics_host": metrics_host,
        "metrics_port": metrics_port,
        "norms_file": norms,
        "report_partitions": partitions,
        "session_timeout_s": session_timeout,
        "begin_anew": begin_anew or None,
    }
    settings = worker_settings(**{name: value for name, value in said.items() if value is not None})
    told = settings.report_partitions if "report_partitions" in settings.model_fields_set else None
    # Who is asked to stop before there is anything to stop has not failed; Faust puts its own in place.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    keys, of_sources = signing_keys(), source_keys()
    _check_norms(settings.norms_file)
    require_free(settings.metrics_port, settings.metrics_host)
    with reaching_kafka(bootstrap) as kafka:
        # Told too few it would leave partitions unread; and who starts without a broker gets a line and no traceback.
        count = report_partitions(kafka, told)
        from agents.worker import run_worker  # noqa: PLC0415 - Faust takes a second to import

        settings = settings.model_copy(update={"report_partitions": count})
        run_worker(settings, kafka, keys=keys, source_keys=of_sources)


def _check_norms(file: Path | None) -> None:
    """Return if the norms can be used; else end with exit code 2."""
    try:
        load_norms(file)
    except (NormsError, OSError) as error:
        typer.echo(f"{NORMS_FILE} or --norms: {error}", err=True)
        raise typer.Exit(2) from error
