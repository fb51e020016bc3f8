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
from deploy.supervisor.carriers import Carrier, carriers, end_all, marks

app = typer.Typer(help="Apache Kafka on this machine: one node on a loopback port.")

Folder = Annotated[Path, typer.Option("--run", help="Folder for its state, data and log.", show_default=True)]
RUN = Path(".run")
_STOP_SECONDS = 20.0


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
        broker = ApacheKafka(folder=_data(run).resolve(), port=port or None)
        broker.marks = marks(_data(run), "broker")
        try:
            _refuse_beside(carriers(_data(run)))
            broker.start()
        except (KafkaUnavailable, BrokerFailed, OSError) as error:
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
        forgotten = carriers(_data(run))  # its state was lost, or `up` was killed
        end_all(_data(run), _STOP_SECONDS)
        typer.echo(_ended(forgotten))
    _state(run).unlink(missing_ok=True)
    if wipe:
        shutil.rmtree(_data(run), ignore_errors=True)


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


def _refuse_beside(others: list[Carrier]) -> None:
    """Raise BrokerFailed if one runs on these data that no state remembers."""
    if others:
        raise BrokerFailed(f"process {others[0].pid} has these data; `ketenwacht kafka down` ends it")


def _ended(them: list[Carrier]) -> str:
    pids = ", ".join(str(each.pid) for each in them)
    return f"stopped Apache Kafka (process {pids})" if them else "Apache Kafka does not run"


def _data(run: Path) -> Path:
    return run / "kafka"


def _state(run: Path) -> Path:
    return run / "kafka.json"
