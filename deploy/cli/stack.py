"""`ketenwacht up` and `ketenwacht down`: the local stack in the background, with time as it is."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from deploy.child import born_at
from deploy.local import PARTITIONS, BrokerKind, LocalStack
from streams.player import Player
from streams.ticks import SPREAD_SECONDS

Run = Annotated[Path, typer.Option(help="Folder for state, mails, logs and data.")]
_START_SECONDS = 90.0
_STOP_SECONDS = 40.0


class StackState(msgspec.Struct, frozen=True):
    """What is remembered of a stack: its process, when that began, and where to look."""

    pid: int
    born: int
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
    known = _load(state)
    if known is not None:
        typer.echo("already up")
        _show(known)
        return
    state.unlink(missing_ok=True)
    run.mkdir(parents=True, exist_ok=True)
    log = run / "stack.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.cli.main", "stack", "--broker", broker, "--run", str(run)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + _START_SECONDS
    while (known := _load(state)) is None:
        if process.poll() is not None or time.monotonic() > deadline:
            process.terminate()
            typer.echo(f"the stack did not start:\n{log.read_text(errors='replace')[-2000:]}", err=True)
            raise typer.Exit(1)
        time.sleep(0.2)
    _show(known)


def down(run: Run = Path(".run")) -> None:
    """Stop the chain that `ketenwacht up` started, every process of it and no other.

    Example: ketenwacht down
    """
    known = _load(_state_file(run))
    if known is None:
        typer.echo("nothing is up")
        return
    os.kill(known.pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while born_at(known.pid) == known.born:
        if time.monotonic() > deadline:
            typer.echo(f"process {known.pid} does not end; see {run / 'stack.log'}", err=True)
            raise typer.Exit(1)
        time.sleep(0.1)
    typer.echo("down")


def stack(broker: str = "embedded", run: Run = Path(".run")) -> None:
    """Run the local stack in the foreground until it is told to end."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    kind: BrokerKind = "kafka" if broker == "kafka" else "embedded"
    local = LocalStack(run / time.strftime("stack-%Y%m%d-%H%M%S"), kind, say=typer.echo)
    local.start()
    state = _state_file(run)
    player = Player(local.kafka, PARTITIONS)
    try:
        state.write_bytes(msgspec.json.encode(StackState(os.getpid(), born_at(os.getpid()) or 0, local.urls)))
        while not ended.wait(1 - time.time() % 1):
            player.tick(int(time.time()), SPREAD_SECONDS)
            player.flush()
    finally:
        state.unlink(missing_ok=True)
        player.close()
        local.stop()


def _state_file(run: Path) -> Path:
    return run / "stack.json"


def _load(state: Path) -> StackState | None:
    try:
        known = msgspec.json.decode(state.read_bytes(), type=StackState)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
    return known if born_at(known.pid) == known.born else None


def _show(known: StackState) -> None:
    for what, where in known.urls.items():
        typer.echo(f"{what:14} {where}")
