"""`ketenwacht dlq`: what could not be accepted, why, and a second chance for it."""

from collections.abc import Iterator
from typing import Annotated, Any

import orjson
import typer

from deploy.cli.reach_kafka import Bootstrap, reaching_kafka
from streams.damaged import is_text
from streams.kafka import KafkaSettings
from streams.legible import shown
from streams.log_end import LogRecord, read_all
from streams.player import Player, poses_as_tick
from streams.readable import readable, readable_name
from streams.recording import Record
from streams.topics import REPORT_TOPICS, dead_letter_topic

app = typer.Typer(help="Dead letters: list, show, requeue.", no_args_is_help=True)

TopicName = Annotated[str | None, typer.Option("--topic", help="Only those of this report topic.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Only those with this reason.")]
Json = Annotated[bool, typer.Option("--json", help="JSON.")]
_SHOWN = 80


@app.command(name="list")
def list_letters(
    topic: TopicName = None, reason: Reason = None, bootstrap: Bootstrap = None, as_json: Json = False
) -> None:
    """Show every dead letter with its reason.

    Example: ketenwacht dlq list --reason unknown-field
    """
    with reaching_kafka(bootstrap) as kafka:
        letters = [_summary(letter) for letter in _letters(kafka, topic, reason)]
    if as_json:
        typer.echo(orjson.dumps(letters).decode())
        return
    for letter in letters:
        typer.echo(
            shown(
                f"{letter['topic']} {letter['offset']:>5}  {letter['reason']:16} {letter['detail'][:_SHOWN]}"
            )
        )
    typer.echo(f"{len(letters)} dead letters")


@app.command()
def show(
    topic: Annotated[str, typer.Argument(help="Report topic, such as care.occupancy.")],
    offset: Annotated[int, typer.Argument(min=0, help="Offset in its dead-letter topic.")],
    bootstrap: Bootstrap = None,
    as_json: Json = False,
) -> None:
    """Show one dead letter whole; bytes that are no text as base64.

    Example: ketenwacht dlq show care.occupancy 3
    """
    with reaching_kafka(bootstrap) as kafka:
        letter = next((found for found in _letters(kafka, topic, None) if found.offset == offset), None)
    if letter is None:
        typer.echo(
            f"no dead letter at {dead_letter_topic(topic)} {offset}; see `ketenwacht dlq list`", err=True
        )
        raise typer.Exit(1)
    document = _summary(letter) | {
        "key": readable(letter.key),
        "value": readable(letter.value),
        "headers": {readable_name(name): readable(value) for name, value in letter.headers},
    }
    if as_json:
        typer.echo(orjson.dumps(document).decode())
        return
    for name, value in document.items():
        typer.echo(shown(f"{name}: {value}"))


@app.command()
def requeue(
    topic: Annotated[str, typer.Argument(help="Report topic, such as care.occupancy.")],
    offset: Annotated[int | None, typer.Option("--offset", min=0, help="Only this dead letter.")] = None,
    reason: Reason = None,
    bootstrap: Bootstrap = None,
    as_json: Json = False,
) -> None:
    """Write dead letters to their topic again, byte for byte; say --offset or --reason.

    They stay in the dead-letter topic, and come back there if they are refused again. What poses as a tick is never
    written again: it would put a clock forward.

    Example: ketenwacht dlq requeue care.occupancy --reason unknown-region
    """
    if offset is None and reason is None:
        raise typer.BadParameter("say which: --offset N or --reason CODE")
    written = posing = 0
    with reaching_kafka(bootstrap) as kafka:
        player = Player(kafka, 1)
        try:
            for letter in _letters(kafka, topic, reason):
                if offset is None or letter.offset == offset:
                    first_seen = max(int(_header(letter, "dlq-first-seen") or 0), 0)
                    headers = tuple(
                        header
                        for header in letter.headers
                        if not header[0].startswith("dlq-") and is_text(header[0])
                    )
                    again = Record(topic, letter.key, first_seen, headers, letter.value)
                    if poses_as_tick(again):
                        posing += 1
                        continue
                    player.record(again)
                    written += 1
        finally:
            player.close()
    if posing:
        typer.echo(f"{posing} left where they are: they would be taken for ticks", err=True)
    typer.echo(orjson.dumps({"requeued": written}).decode() if as_json else f"{written} written to {topic}")
    if not written:
        raise typer.Exit(1)


def _letters(kafka: KafkaSettings, topic: str | None, reason: str | None) -> Iterator[LogRecord]:
    if topic is not None and topic not in REPORT_TOPICS:
        raise typer.BadParameter(f"`{topic}` is no report topic; one of {', '.join(REPORT_TOPICS)}")
    names = [dead_letter_topic(name) for name in ([topic] if topic else REPORT_TOPICS)]
    for letter in read_all(kafka, *names):
        if reason is None or _header(letter, "dlq-reason") == reason:
            yield letter


def _summary(letter: LogRecord) -> dict[str, Any]:
    return {
        "topic": _header(letter, "dlq-source-topic"),
        "offset": letter.offset,
        "reason": _header(letter, "dlq-reason"),
        "detail": _header(letter, "dlq-exception"),
        "source_partition": int(_header(letter, "dlq-source-partition") or -1),
        "source_offset": int(_header(letter, "dlq-source-offset") or -1),
        "first_seen_ms": int(_header(letter, "dlq-first-seen") or 0),
        "bytes": len(letter.value or b""),
    }


def _header(letter: LogRecord, name: str) -> str:
    return next(
        (value.decode(errors="replace") for key, value in letter.headers if key == name and value), ""
    )
