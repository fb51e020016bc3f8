"""`ketenwacht up`, `ketenwacht down` and the supervisor between them: the local stack in the background, with time as it is."""

import fcntl
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Annotated

import typer

from deploy.chain import Chain
from deploy.child import ChildFailed, ChildProcess, ProgramMissing, born_at
from deploy.cli.ending_on_signals import ending_on_signals
from deploy.cli.reach_kafka import check_settings
from deploy.cli.unfailing_output import let_output_fail
from deploy.kafka.artifacts import KafkaUnavailable
from deploy.kafka.broker import BrokerKind
from deploy.kafka.process import BrokerFailed
from deploy.supervisor.carriers import SUPERVISOR, Carrier, carriers, end_all, marks, wait_for
from deploy.supervisor.handle import STARTING, UP, StackState, handle_of
from deploy.supervisor.stack import supervisor_of

Run = Annotated[Path, typer.Option(help="Folder for state, mails, logs and data.")]
_START_SECONDS = 300.0
"""A backstop: each part has a deadline of its own."""
_STOP_SECONDS = 60.0


def up(
    broker: Annotated[str, typer.Option(help="embedded, or kafka for Apache Kafka.")] = "embedded",
    run: Run = Path(".run"),
) -> None:
    """Start the whole chain in the background and say where to look; a ticker gives it the time.

    A supervisor starts a part again that ends, within 5 s. Ctrl-C ends what was started so far. Send reports to it with any
    Kafka client. `ketenwacht replay` is for a stack without a live ticker.

    Exit codes: 0 it is up, 1 a part cannot start or one of an earlier stack is left, 2 usage or a wrong setting.

    Example: ketenwacht up
    """
    if broker not in {"embedded", "kafka"}:
        raise typer.BadParameter(f"`{broker}` is no broker; say embedded or kafka")
    check_settings()
    with ending_on_signals():
        try:
            known = _running(run) or _started(broker, run)
        except KeyboardInterrupt:
            _told_left(end_all(run, _STOP_SECONDS))
            typer.echo("stopped; every process that was started has ended", err=True)
            raise typer.Exit(1) from None
    for what, where in known.urls.items():
        typer.echo(f"{what:14} {where}")


def down(run: Run = Path(".run")) -> None:
    """Stop the chain that `ketenwacht up` started, every process of it and no other.

    They are found by a variable that each carries: also after the supervisor was killed, or its state was lost.

    Exit codes: 0 nothing of it runs any more, 1 a process does not end.

    Example: ketenwacht down
    """
    handle = handle_of(run)
    known = StackState.load(handle)
    there = carriers(run)
    if known is not None and known.pid not in {each.pid for each in there}:
        there.append(
            Carrier(known.pid, known.born, SUPERVISOR)
        )  # of an earlier version: it ends its parts itself
        there[-1].send(signal.SIGTERM)
        wait_for(there[-1:], _STOP_SECONDS)
    _told_left(end_all(run, _STOP_SECONDS) + [each for each in there if each.running()])
    handle.unlink(missing_ok=True)
    typer.echo("down" if there else "nothing is up")


def stack(broker: str = "embedded", run: Run = Path(".run")) -> None:
    """Run the supervisor in the foreground until it is told to end."""
    let_output_fail()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    run.mkdir(parents=True, exist_ok=True)
    with (run / "stack.lock").open("w") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            typer.echo(f"another supervisor has {run}", err=True)
            raise typer.Exit(1) from None
        try:
            _supervise(broker, run, ended)
        except (BrokerFailed, ChildFailed, KafkaUnavailable, OSError, ProgramMissing) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error


def _supervise(broker: str, run: Path, ended: threading.Event) -> None:
    kind: BrokerKind = "kafka" if broker == "kafka" else "embedded"
    chain = Chain(run / time.strftime("stack-%Y%m%d-%H%M%S"), run, kind)
    began = time.time()
    handle = handle_of(run)

    def save(state: str) -> None:
        now = StackState(
            pid=os.getpid(),
            born=born_at(os.getpid()) or 0,
            urls=chain.urls,
            state=state,
            since=began,
            folder=str(chain.folder),
            parts=tuple(part.told() for part in supervisor.parts),
        )
        try:
            now.save(handle)
        except OSError as error:
            if state == STARTING:
                raise
            # A full disk ends nobody who watches over others.
            _say(f"cannot write how the parts are: {error}")

    supervisor = supervisor_of(chain, run, _say, save)
    save(STARTING)
    try:
        if supervisor.start(ended):
            _say("up")
            supervisor.watch(ended)
    finally:
        supervisor.stop()
        handle.unlink(missing_ok=True)


def _say(what: str) -> None:
    sys.stderr.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {what}\n")
    sys.stderr.flush()


def _running(run: Path) -> StackState | None:
    """Return the stack of a folder if it is up, or comes up while we wait; None where there is none.

    Raises:
        typer.Exit: parts are left of one whose supervisor is gone, or it does not come up.
    """
    known = StackState.load(handle_of(run))
    there = carriers(run)
    supervisor = next((each for each in there if each.part == SUPERVISOR), None)
    if known is None and supervisor is None:
        if there:
            parts = ", ".join(f"{each.part} ({each.pid})" for each in there)
            typer.echo(
                f"left of a stack without its supervisor: {parts}; `ketenwacht down` ends them", err=True
            )
            raise typer.Exit(1)
        return None
    deadline = time.monotonic() + _START_SECONDS
    while (
        known is not None or (supervisor is not None and supervisor.running())
    ) and time.monotonic() < deadline:
        if known is not None and known.state == UP:
            typer.echo("already up")
            return known
        time.sleep(0.1)
        known = StackState.load(handle_of(run))
    typer.echo("a stack is there and not up; `ketenwacht ps` tells more, `ketenwacht down` ends it", err=True)
    raise typer.Exit(1)


def _started(broker: str, run: Path) -> StackState:
    """Start a supervisor and return its stack once that is up.

    Raises:
        typer.Exit: it cannot start; why has been told, and nothing is left.
    """
    log = run / "stack.log"
    log.unlink(missing_ok=True)
    found: list[StackState] = []

    def is_up() -> bool:
        known = StackState.load(handle_of(run))
        found.extend([known] if known is not None and known.state == UP else [])
        return bool(found)

    process = ChildProcess(
        [sys.executable, "-m", "deploy.cli.main", "stack", "--broker", broker, "--run", str(run)],
        log,
        marks(run, SUPERVISOR),
    )
    try:
        process.wait_until(is_up, _START_SECONDS, "the stack")
    except ChildFailed as error:
        _told_left(end_all(run, _STOP_SECONDS))
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    return found[-1]


def _told_left(left: list[Carrier]) -> None:
    if left:
        parts = ", ".join(f"{each.part} ({each.pid})" for each in left)
        typer.echo(f"not ended: {parts}", err=True)
        raise typer.Exit(1)
