"""`ketenwacht up` and `ketenwacht down`: the local stack in the background, with time as it is."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Annotated

import typer

from deploy.child import ChildFailed, ChildProcess, born_at
from deploy.cli.reach_kafka import signing_keys
from deploy.kafka.broker import BrokerKind
from deploy.local import LocalStack
from deploy.remembered import RememberedProcess
from streams.player import Player
from streams.ticks import SPREAD_SECONDS
from streams.topics import REPORT_PARTITIONS

Run = Annotated[Path, typer.Option(help="Folder for state, mails, logs and data.")]
_START_SECONDS = 90.0
_STOP_SECONDS = 40.0


class StackState(RememberedProcess, frozen=True, kw_only=True):
    """What is remembered of a stack: its process, and where to look."""

    urls: dict[str, str]


def up(
    broker: Annotated[str, typer.Option(help="embedded, or kafka for Apache Kafka.")] = "embedded",
    run: Run = Path(".run"),
) -> None:
    """Start the whole chain in the background and say where to look; a ticker gives it the time.

    Send reports to it with any Kafka client. `ketenwacht replay` is for a stack without a live ticker.

    Example: ketenwacht up
    """
    if broker not in {"embedded", "kafka"}:
        raise typer.BadParameter(f"`{broker}` is no broker; say embedded or kafka")
    state = _state_file(run)
    known = StackState.load(state)
    if known is not None:
        typer.echo("already up")
        _show(known)
        return
    state.unlink(missing_ok=True)
    log = run / "stack.log"
    log.unlink(missing_ok=True)
    process = ChildProcess(
        [sys.executable, "-m", "deploy.cli.main", "stack", "--broker", broker, "--run", str(run)], log
    )
    try:
        process.wait_until(state.exists, _START_SECONDS, "the stack")
    except ChildFailed as error:
        process.send(signal.SIGTERM)  # it stops its parts itself
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    known = StackState.load(state)
    if known is not None:
        _show(known)


def down(run: Run = Path(".run")) -> None:
    """Stop the chain that `ketenwacht up` started, every process of it and no other.

    Example: ketenwacht down
    """
    known = StackState.load(_state_file(run))
    if known is None:
        typer.echo("nothing is up")
        return
    os.kill(known.pid, signal.SIGTERM)
    if not known.ends_within(_STOP_SECONDS):
        typer.echo(f"process {known.pid} does not end; see {run / 'stack.log'}", err=True)
        raise typer.Exit(1)
    typer.echo("down")


def stack(broker: str = "embedded", run: Run = Path(".run")) -> None:
    """Run the local stack in the foreground until it is told to end."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    keys = signing_keys()
    kind: BrokerKind = "kafka" if broker == "kafka" else "embedded"
    local = LocalStack(run / time.strftime("stack-%Y%m%d-%H%M%S"), kind, say=typer.echo)
    local.start()
    state = _state_file(run)
    player = Player(local.kafka, REPORT_PARTITIONS, keys)
    try:
        StackState(pid=os.getpid(), born=born_at(os.getpid()) or 0, urls=local.urls).save(state)
        while not ended.wait(1 - time.time() % 1):
            player.tick(int(time.time()), SPREAD_SECONDS)
            player.flush()
    finally:
        state.unlink(missing_ok=True)
        player.close()
        local.stop()


def _state_file(run: Path) -> Path:
    return run / "stack.json"


def _show(known: StackState) -> None:
    for what, where in known.urls.items():
        typer.echo(f"{what:14} {where}")
