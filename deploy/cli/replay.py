"""`ketenwacht replay`: a file to topics."""

import math
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.reach_kafka import Bootstrap, reaching_kafka, signing_keys
from deploy.cli.report_topics import last_tick, report_partitions
from streams.calendar import iso
from streams.kafka import KafkaSettings
from streams.log_end import log_ends, partitions_of
from streams.player import Played, Player
from streams.recorded_log import in_order, is_log, read_log
from streams.recording import RecordingError, read_recording
from streams.registry.file import RegistryError
from streams.registry.load import registry_of_recording
from streams.registry.registry import Registry
from streams.replay import with_ticks
from streams.signature import SigningKeys
from streams.topics import REPORT_TOPICS

Recording = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A recording.")]


def speed_of(text: str) -> float | None:
    """Return a speed such as `60x` or `1000x` as a factor; None for `max`.

    Raises:
        typer.BadParameter: it is neither.
    """
    if text == "max":
        return None
    try:
        factor = float(text.removesuffix("x"))
    except ValueError:
        factor = math.nan
    if not (factor > 0 and math.isfinite(factor)):
        raise typer.BadParameter(f"`{text}` is no speed; say 1x, 60x, 1000x or max")
    return factor


def replay(
    recording: Recording,
    speed: Annotated[str, typer.Option(help="How fast: 1x, 60x, 1000x or max.")] = "max",
    bootstrap: Bootstrap = None,
    partitions: Annotated[
        int | None, typer.Option(min=1, help="Refuse if the report topics have another number of partitions.")
    ] = None,
    production: Annotated[
        bool, typer.Option("--production", help="The broker is not on this machine.")
    ] = False,
    people_will_be_alerted: Annotated[
        bool, typer.Option("--people-will-be-alerted", help="And you know what that means.")
    ] = False,
) -> None:
    """Play a recording into Kafka, with ticks at its own step; its own registry takes effect before the first record.

    Refuses a broker that is not on this machine, unless told so twice: real chairs may hang behind it. Refuses topics
    whose time is past the recording's: nothing of it would be judged, and its sources would be called silent.

    Examples: ketenwacht replay golf.jsonl.gz --speed 3600x
    """
    factor = speed_of(speed)
    keys = signing_keys()
    with reaching_kafka(bootstrap) as kafka:
        if not _is_local(kafka) and not (production and people_will_be_alerted):
            typer.echo(
                f"{kafka.bootstrap} is not on this machine; a replay there can alert real people.\n"
                "If that is what you want, say both --production and --people-will-be-alerted.",
                err=True,
            )
            raise typer.Exit(2)
        try:
            count = report_partitions(kafka, partitions)
            if is_log(recording):
                played, held = _replay_log(recording, kafka, count, keys, factor)
            else:
                played, held = _replay(recording, kafka, count, keys, factor)
        except (RecordingError, RegistryError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error
    typer.echo(f"{played.records} records, {played.ticks} ticks")
    if held is not None:
        typer.echo(f"the recording's own registry {held.digest} took effect before them", err=True)
    if played.refused:
        typer.echo(
            f"{played.refused} of the records posed as a tick or control record and went to the dead letters; "
            "see `ketenwacht dlq list --reason not-a-tick` and `not-a-control`",
            err=True,
        )


def _replay(
    recording: Path, kafka: KafkaSettings, count: int, keys: SigningKeys, speed: float | None
) -> tuple[Played, Registry | None]:
    header, records = read_recording(recording)
    first = next(records, None)
    if first is not None:
        _refuse_the_past(last_tick(kafka, keys), kafka, first.timestamp // 1000)
        records = chain([first], records)
    held = registry_of_recording(header.registry)
    player = Player(kafka, count, keys)
    try:
        if held is not None and first is not None:
            player.registry(held, first.timestamp // 1000)
        return player.play(with_ticks(records, header.tick_seconds), speed), held
    finally:
        player.close()


def _replay_log(
    recording: Path, kafka: KafkaSettings, count: int, keys: SigningKeys, speed: float | None
) -> tuple[Played, Registry | None]:
    """Play a log as it stood: it brings its own partitions, ticks and control records."""
    header, logs = read_log(recording)
    if header.partitions != count:
        typer.echo(
            f"{recording.name} was recorded of {header.partitions} partitions, {kafka.bootstrap} has {count}; replay it "
            f"into fresh topics made with `ketenwacht topics apply --partitions {header.partitions}`",
            err=True,
        )
        raise typer.Exit(2)
    first = next((stretch.tick for stretch in in_order(logs) if stretch.tick is not None), None)
    if first is not None:
        _refuse_the_past(last_tick(kafka, keys), kafka, first)
    ends = log_ends(kafka, partitions_of(kafka, *REPORT_TOPICS))
    held = registry_of_recording(header.registry)
    player = Player(kafka, count, keys)
    try:
        if held is not None and first is not None:
            player.registry(held, first)
            player.flush()
            ends = log_ends(kafka, list(ends))
        return player.play_logs(logs, header, ends, speed), held
    finally:
        player.close()


def _refuse_the_past(last: int, kafka: KafkaSettings, begin: int) -> None:
    if last > begin:
        typer.echo(
            f"the topics of {kafka.bootstrap} have passed {iso(last)}, and this recording begins at {iso(begin)}: nothing "
            "of it would be judged.\nReplay into fresh topics, without a ticker. To see what would have alerted: "
            "`ketenwacht backtest`; to see the chain at work: `ketenwacht demo --recording`.",
            err=True,
        )
        raise typer.Exit(2)


def _is_local(kafka: KafkaSettings) -> bool:
    hosts = {server.rpartition(":")[0] for server in kafka.servers}
    return hosts <= {"127.0.0.1", "localhost", "[::1]"}
