"""`ketenwacht validate`: what is wrong with reports, before they are sent."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import orjson
import typer

from streams.faults import Fault, faults
from streams.topics import REPORT_TOPICS

File = Annotated[Path, typer.Argument(metavar="FILE", help="Reports as JSON lines; - is standard input.")]
Topic = Annotated[
    str | None,
    typer.Option("--topic", metavar="TOPIC", help="Their topic; else the one that fits each best."),
]
Json = Annotated[bool, typer.Option("--json", help="A line of JSON for each report with a fault.")]


def validate(file: File, topic: Topic = None, as_json: Json = False) -> None:
    """Name every fault of each report at once: which field, what is allowed, what to do. Asks no broker.

    A key that stands twice in one object is named too; a worker would take the last one.

    Examples: ketenwacht validate reports.jsonl --topic care.occupancy

    Exit codes: 0 all are right, 1 one is not, 2 usage.
    """
    if topic is not None and topic not in REPORT_TOPICS:
        raise typer.BadParameter(f"`{topic}` is no report topic; one of {', '.join(REPORT_TOPICS)}")
    reports = wrong = 0
    for number, line in _lines(file):
        reports += 1
        meant, found = (topic, faults(topic, line)) if topic else _best(line)
        wrong += bool(found)
        if found and as_json:
            told = [each._asdict() for each in found]
            typer.echo(orjson.dumps({"line": number, "topic": meant, "faults": told}).decode())
        elif found:
            for each in found:
                typer.echo(f"line {number}, {meant}: {each.reason}: {each.detail}")
    typer.echo(f"{reports} reports, {wrong} with a fault", err=True)
    raise typer.Exit(1 if wrong else 0)


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    try:
        text = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        typer.echo(f"{file}: cannot be read ({error.strerror})", err=True)
        raise typer.Exit(2) from error
    for number, line in enumerate(text.split(b"\n"), start=1):
        if line.strip():
            yield number, line


def _best(line: bytes) -> tuple[str, list[Fault]]:
    """Return the topic that fits a report best, with its faults: of another topic it has fields too many and too few."""

    def apart(tried: tuple[str, list[Fault]]) -> tuple[int, int]:
        found = tried[1]
        return sum(each.reason in {"unknown-field", "missing-field"} for each in found), len(found)

    return min(((topic, faults(topic, line)) for topic in REPORT_TOPICS), key=apart)
