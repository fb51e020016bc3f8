"""`ketenwacht import`: a public file as published, to a recording."""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from streams.feeds import FEEDS, Feed, FeedError, Import
from streams.recording import RecordingHeader, write_recording
from streams.registry.draft import registry_of_records
from streams.whole_file import whole_file

_SHOWN = 10

Kind = Annotated[str, typer.Argument(metavar="KIND", help=f"One of: {', '.join(FEEDS)}.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="The file as published.")]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", metavar="RECORDING", help="Default: FILE's name with .jsonl.gz, in this folder."
    ),
]
RefusedFile = Annotated[
    Path | None,
    typer.Option("--refused", metavar="FILE", help="Write every refused row here, as JSON lines."),
]
Json = Annotated[bool, typer.Option("--json", help="Say what was done as one JSON object.")]


def import_feed(
    kind: Kind,
    file: File,
    output: Output = None,
    refused: RefusedFile = None,
    as_json: Json = False,
) -> None:
    """Turn a public file into a recording, which brings the registry of its sources.

    Every row is in the recording or refused with its line and the reason; the counts add up.

    Examples: ketenwacht import lcps-datafeed covid-19-datafeed.csv -o lcps.jsonl.gz

    Exit codes: 0 done (also with refused rows), 1 nothing could be imported, 2 usage.
    """
    feed = _feed(kind)
    recording = output or Path(f"{file.stem}.jsonl.gz")
    if recording.exists() and file.exists() and recording.samefile(file):
        typer.echo(f"{recording}: is the file itself; name another recording with -o", err=True)
        raise typer.Exit(2)
    result = _read(feed, file)
    if refused:
        _write_refused(refused, result)
    if result.records:
        _write_recording(recording, feed, file, result)
    if as_json:
        typer.echo(_summary_json(kind, result, recording))
    else:
        typer.echo(f"{kind}: {result.rows} rows = {result.imported} imported + {len(result.refused)} refused")
        if result.records:
            typer.echo(f"{recording}: {len(result.records)} records")
    _explain(result)
    if not result.records:
        typer.echo("nothing could be imported; no recording was written", err=True)
        raise typer.Exit(1)


def _feed(kind: str) -> Feed:
    feed = FEEDS.get(kind)
    if feed is None:
        typer.echo(f"unknown kind `{kind}`; use one of:", err=True)
        for known in FEEDS.values():
            typer.echo(f"  {known.kind:22} {known.title}", err=True)
        raise typer.Exit(2)
    return feed


def _read(feed: Feed, file: Path) -> Import:
    try:
        data = file.read_bytes()
    except OSError as error:
        typer.echo(f"{file}: cannot be read ({error.strerror})", err=True)
        raise typer.Exit(2) from error
    try:
        return feed.read(data)
    except FeedError as error:
        typer.echo(f"{file}: not a {feed.kind} file: {error}", err=True)
        raise typer.Exit(1) from error


def _write_recording(path: Path, feed: Feed, file: Path, result: Import) -> None:
    origin = f"import {feed.kind} {file.name}"
    header = RecordingHeader(
        name=feed.title,
        tick_seconds=feed.tick_seconds,
        origin=origin,
        registry=registry_of_records(result.records, feed.title, origin),
    )
    try:
        write_recording(path, header, result.records)
    except OSError as error:
        typer.echo(f"{path}: cannot be written ({error.strerror})", err=True)
        raise typer.Exit(2) from error


def _write_refused(path: Path, result: Import) -> None:
    rows = ({"line": one.line, "reason": one.reason} for one in result.refused)
    try:
        with whole_file(path) as out:
            out.writelines(orjson.dumps(row) + b"\n" for row in rows)
    except OSError as error:
        typer.echo(f"{path}: cannot be written ({error.strerror})", err=True)
        raise typer.Exit(2) from error


def _summary_json(kind: str, result: Import, recording: Path) -> str:
    summary = {
        "kind": kind,
        "rows": result.rows,
        "imported": result.imported,
        "refused": [{"line": one.line, "reason": one.reason} for one in result.refused],
        "records": len(result.records),
        "recording": str(recording) if result.records else None,
    }
    return orjson.dumps(summary).decode()


def _explain(result: Import) -> None:
    for note in result.notes:
        typer.echo(f"note: {note}", err=True)
    for one in result.refused[:_SHOWN]:
        typer.echo(f"line {one.line} refused: {one.reason}", err=True)
    if len(result.refused) > _SHOWN:
        typer.echo(f"... and {len(result.refused) - _SHOWN} more; --refused FILE writes them all", err=True)
