"""`ketenwacht kafka`: Apache Kafka on this machine, in the background."""

import shutil
from pathlib import Path
from typing import Annotated

import orjson
import typer

from deploy.kafka.apache import ApacheKafka
from deploy.kafka.artifacts import KafkaUnavailable
from deploy.kafka.detached import DetachedBroker
from deploy.kafka.process import BrokerFailed

app = typer.Typer(help="Apache Kafka on this machine: one node on a loopback port.")

Folder = Annotated[Path, typer.Option("--run", help="Folder for its state, data and log.", show_default=True)]
RUN = Path(".run")


@app.command()
def up(
    run: Folder = RUN,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 0,
) -> None:
    """Start Apache Kafka and return when it answers. Data of an earlier run are still there.

    Example: ketenwacht kafka up --port 9092
    """
    running = DetachedBroker.load(_state(run))
    if running is None:
        broker = ApacheKafka(folder=(run / "kafka").resolve(), port=port or None)
        try:
            broker.start()
        except (KafkaUnavailable, BrokerFailed) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error
        running = DetachedBroker.of(broker)
        running.save(_state(run))
    typer.echo(f"Apache Kafka answers on {running.bootstrap} (process {running.pid})")
    typer.echo(f"export KETENWACHT_KAFKA_BOOTSTRAP={running.bootstrap}")


@app.command()
def down(
    run: Folder = RUN,
    wipe: Annotated[bool, typer.Option("--wipe", help="Remove its data as well.")] = False,
) -> None:
    """Stop it. Nothing running is no error.

    Example: ketenwacht kafka down --wipe
    """
    running = DetachedBroker.load(_state(run))
    if running is not None:
        running.stop()
        typer.echo(f"stopped Apache Kafka (process {running.pid})")
    else:
        typer.echo("Apache Kafka does not run")
    _state(run).unlink(missing_ok=True)
    if wipe:
        shutil.rmtree(run / "kafka", ignore_errors=True)


@app.command()
def status(
    run: Folder = RUN,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Tell whether it runs and where; exit code 1 if it does not.

    Example: ketenwacht kafka status --json
    """
    running = DetachedBroker.load(_state(run))
    if as_json:
        told = {
            "running": running is not None,
            "bootstrap": running.bootstrap if running else None,
            "pid": running.pid if running else None,
            "log": running.log if running else None,
        }
        typer.echo(orjson.dumps(told).decode())
    elif running is not None:
        typer.echo(f"Apache Kafka answers on {running.bootstrap} (process {running.pid})")
    else:
        typer.echo("Apache Kafka does not run")
    if running is None:
        raise typer.Exit(1)


def _state(run: Path) -> Path:
    return run / "kafka.json"
