"""`ketenwacht demo`: the whole chain on this machine, once."""

import sys
import time
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from kafka.errors import KafkaError
from rich.console import Console
from rich.live import Live

from alerts.norms import load_norms
from alerts.texts import load_texts
from deploy.child import ChildFailed, ProgramMissing
from deploy.cli.demo_screen import screen
from deploy.cli.ending_on_signals import ending_on_signals
from deploy.cli.reach_kafka import check_settings
from deploy.cli.replay import speed_of
from deploy.demo import Demo, Progress, Summary, folder_of_run, key_of_run
from deploy.kafka.artifacts import KafkaUnavailable
from deploy.kafka.broker import BrokerKind
from deploy.kafka.process import BrokerFailed
from deploy.local import LocalStack
from deploy.scenarios import SCENARIOS
from streams.recorded_log import is_log, read_log, records_by_time
from streams.recording import Record, RecordingError, RecordingHeader, read_recording
from streams.registry.file import RegistryError
from streams.registry.load import registry_of_recording
from streams.registry.registry import Registry
from streams.signing_keys import read_keys
from streams.status import encode

_START_AND_END_SECONDS = 30.0
_PLAY_SECONDS = 60.0


def demo(
    scenario: Annotated[str, typer.Option(help=f"One of: {', '.join(SCENARIOS)}.")] = "najaarsgolf",
    recording: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Play this recording instead.")
    ] = None,
    speed: Annotated[
        str | None, typer.Option(help="1000x, or max; by default as fast as fits the time.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--for", min=10, help="About how long it may take, in seconds.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the scenario.")] = 1,
    broker: Annotated[str, typer.Option(help="embedded, or kafka for Apache Kafka on the JVM.")] = "embedded",
    headless: Annotated[bool, typer.Option("--headless", help="No screen, only the summary.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as one JSON object.")] = False,
    breaches: Annotated[
        Path | None, typer.Option("--breaches", help="Write the transitions here, one JSON object a line.")
    ] = None,
    keep: Annotated[Path, typer.Option(help="Folder for mails, logs and data of the run.")] = Path(".run"),
    cloned: Annotated[
        float | None, typer.Option(help="Unix second of the clone, to count to the first mail from.")
    ] = None,
) -> None:
    """Play a scenario through the whole chain: broker, workers, Prometheus, Alertmanager, mails, live page.

    Its registry takes effect before the first record, so that who is not in it is a dead letter `unknown-sender`.

    Exit code 0 only if applied + duplicate + late + dead-lettered + skipped + held back = produced, and somebody was notified.
    Records that were lost before they were read are told, and make up for what is missing.
    Ctrl-C stops everything it started, and nothing else.

    Examples: ketenwacht demo --for 90 · ketenwacht demo --broker kafka --headless --json
    """
    if broker not in {"embedded", "kafka"}:
        raise typer.BadParameter(f"`{broker}` is no broker; say embedded or kafka")
    check_settings()
    began = time.time()
    header, records = _log(scenario, recording, seed)
    registry = _registry(header)
    factor = _speed(speed, seconds, records)
    progress = Progress()
    kind: BrokerKind = "kafka" if broker == "kafka" else "embedded"
    say = _say_on_stderr if headless else _say_nothing
    folder = folder_of_run(keep)
    keys_file = key_of_run(folder)
    stack = LocalStack(
        folder,
        kind,
        say=say,
        keys_file=keys_file,
        on_mail=progress.on_mail,
        on_payload=progress.on_payload,
    )
    play = Demo(stack, records, header.tick_seconds, progress, factor, registry, read_keys(keys_file))
    with ending_on_signals():
        try:
            summary, transitions = _run(stack, play, header.name, headless)
        except KeyboardInterrupt:
            typer.echo("stopped; every process that was started has ended", err=True)
            raise typer.Exit(1) from None
        except (
            BrokerFailed,
            ChildFailed,
            ProgramMissing,
            KafkaUnavailable,
            KafkaError,
            TimeoutError,
        ) as error:
            typer.echo(f"{error}\nlogs: {stack.folder}", err=True)
            raise typer.Exit(1) from error
        finally:
            stack.stop()
    if breaches is not None:
        breaches.write_bytes(b"".join(encode(transition) + b"\n" for transition in transitions))
    _report(summary, stack, as_json=as_json)
    if progress.first_mail_at and not as_json:
        typer.echo(first_mail(progress.first_mail_at, began, cloned))
    raise typer.Exit(0 if summary.ok else 1)


def _log(scenario: str, recording: Path | None, seed: int) -> tuple[RecordingHeader, list[Record]]:
    if recording is not None:
        try:
            if is_log(recording):
                header, logs = read_log(recording)
                return header, records_by_time(logs)
            header, found = read_recording(recording)
            return header, list(found)
        except RecordingError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error
    chosen = SCENARIOS.get(scenario)
    if chosen is None:
        raise typer.BadParameter(f"`{scenario}` is no scenario; one of {', '.join(SCENARIOS)}")
    return chosen.recording(seed)


def _registry(header: RecordingHeader) -> Registry | None:
    try:
        return registry_of_recording(header.registry)
    except RegistryError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _speed(speed: str | None, seconds: float | None, records: list[Record]) -> float | None:
    if speed is not None:
        return speed_of(speed)
    if not records:
        return None
    play = _PLAY_SECONDS if seconds is None else max(seconds - _START_AND_END_SECONDS, 5.0)
    return max((records[-1].timestamp - records[0].timestamp) / 1000 / play, 1.0)


def _run(stack: LocalStack, demo: Demo, name: str, headless: bool) -> tuple[Summary, list[Any]]:
    if headless:
        stack.start()
        for _ in demo.run():
            pass
    else:
        console = Console()
        console.print(f"[bold]Ketenwacht[/bold] speelt [bold]{name}[/bold]")
        with console.status("starten ..."):
            stack.start()
        for what, where in stack.urls.items():
            console.print(f"  {what:14} {where}", highlight=False)
        texts = load_texts(load_norms())
        with Live(console=console, refresh_per_second=2, transient=False) as live:
            for progress in demo.run():
                live.update(screen(progress, demo.span, texts))
        if not console.is_terminal:
            console.print()  # a file gets the last screen only, without the end of its last line
    return demo.summary(), demo.transitions()


def _report(summary: Summary, stack: LocalStack, *, as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps(summary.as_dict()).decode())
        return
    for name, value in summary.as_dict().items():
        typer.echo(f"{name:14} {value}")
    law = "holds" if summary.conserved else "FAILS"
    typer.echo(f"applied + duplicate + late + dead_lettered + skipped + held_back (+ lost) = produced: {law}")
    typer.echo(f"mails: {stack.mailbox.folder}")


def first_mail(at: float, began: float, cloned: float | None) -> str:
    """Return how long it took to the first mail; all in Unix seconds, `cloned` only on the first run in a clone."""
    return f"from {'start' if cloned is None else 'clone'} to first mail: {at - (cloned or began):.0f} s"


def _say_on_stderr(what: str) -> None:
    sys.stderr.write(f"starting {what}\n")


def _say_nothing(_: str) -> None:
    pass
