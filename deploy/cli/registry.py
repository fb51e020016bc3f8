"""`ketenwacht registry`: who may say what, from the shipped registry and a deployment's own file."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import orjson
import typer

from deploy.cli.reach_kafka import Bootstrap, reaching_kafka
from deploy.cli.report_topics import report_partitions
from deploy.unknown_senders import unknown_senders
from streams.control_writer import ControlAt, write_controls
from streams.log_end import read_all
from streams.registry.applied import registry_controls
from streams.registry.checks import faults
from streams.registry.file import RegistryError, read_lines, shipped_lines
from streams.registry.lines import Line, Location, Merge, Source, decode_line, encode_line
from streams.registry.load import load_registry
from streams.registry.registry import OPEN, Registry, registry_of
from streams.signature import SignatureError
from streams.signing_keys import SigningKeysError, SigningSettings
from streams.topics import REPORT_TOPICS, dead_letter_topic
from streams.whole_file import whole_file

app = typer.Typer(help="Who may say what: locations and sources.", no_args_is_help=True)

File = Annotated[
    Path | None,
    typer.Argument(exists=True, help="A registry file or folder; it adds to the shipped registry."),
]
Json = Annotated[bool, typer.Option("--json", help="JSON.")]


@app.command(name="list")
def list_lines(
    file: File = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Only lines of this kind: location, source, rename, ...")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show every location, source and dated change.

    Examples: ketenwacht registry list --kind source · ketenwacht registry list own.jsonl --json
    """
    rows = [_row(line) for line in _registry(file).lines if kind in (None, line.subject[0])]
    if as_json:
        typer.echo(orjson.dumps(rows).decode())
        return
    for row in rows:
        span = f"{row['since'] or ''}...{row['until'] or ''}".strip(".")
        typer.echo(f"{row['kind']:8} {row['id']:36} {row['name']}{'  ' + span if span else ''}")
    typer.echo(f"{len(rows)} lines")


@app.command()
def check(file: File = None, as_json: Json = False) -> None:
    """Say whether a registry can be used: every fault, with what to do; exit code 1 if there is one.

    Example: ketenwacht registry check own.jsonl
    """
    try:
        registry = _read(file)
        wrong = faults(registry)
    except RegistryError as error:
        registry, wrong = None, [str(error)]
    if as_json:
        known = {"lines": len(registry.lines), "registry": registry.digest} if registry and not wrong else {}
        typer.echo(orjson.dumps({"ok": not wrong, **known, "faults": wrong}).decode())
    else:
        for fault in wrong:
            typer.echo(fault, err=True)
        if registry is not None and not wrong:
            typer.echo(f"{len(registry.lines)} lines, ok ({registry.digest})")
    if wrong:
        raise typer.Exit(1)


@app.command()
def apply(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|shipped|open", help="What holds from now on; `open`: anybody may speak."
        ),
    ],
    bootstrap: Bootstrap = None,
    as_json: Json = False,
) -> None:
    """Let a registry take effect: a signed control record in each report partition; workers need no restart.

    All lines are written, so what was applied before and stands in it no more has ended.

    Examples: ketenwacht registry apply own.jsonl · ketenwacht registry apply open
    """
    registry = _said(file)
    try:
        keys = SigningSettings().keys()
    except (SigningKeysError, OSError) as error:
        typer.echo(f"KETENWACHT_SIGNING_KEYS_FILE: {error}", err=True)
        raise typer.Exit(1) from error
    controls = registry_controls(registry, int(time.time()))
    with reaching_kafka(bootstrap) as kafka:
        partitions = report_partitions(kafka)
        places = [(topic, number) for topic in REPORT_TOPICS for number in range(partitions)]
        try:
            written = write_controls(
                kafka, keys, (ControlAt(*place, control) for place in places for control in controls)
            )
        except SignatureError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error
    digest = OPEN if registry is None else registry.digest
    done = {"registry": digest, "partitions": len(places), "records": written}
    if as_json:
        typer.echo(orjson.dumps(done).decode())
    else:
        typer.echo(f"{digest}: in {len(places)} partitions")


@app.command()
def unknown(bootstrap: Bootstrap = None, as_json: Json = False) -> None:
    """Show who was refused because nobody registered it, from the dead letters; `dlq requeue` takes its reports in later.

    Example: ketenwacht registry unknown
    """
    with reaching_kafka(bootstrap) as kafka:
        rows = unknown_senders(read_all(kafka, *map(dead_letter_topic, REPORT_TOPICS)))
    if as_json:
        typer.echo(orjson.dumps(rows).decode())
        return
    for row in rows:
        typer.echo(
            f"{row['source']:24} {row['topic']:20} {row['reports']:6}  {row['last_seen']}  {row['detail']}"
        )
    typer.echo(f"{len({row['source'] for row in rows})} unknown senders")


@app.command()
def retire(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The deployment's own file; made if need be.")],
    source: Annotated[str, typer.Argument(help="Id of the source.")],
    owner: Annotated[str, typer.Option("--owner", help="Who answers for the line.")],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="First day without it. Default: today.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Add the line that a source ended; once it is applied its series and alerts go, and what it sends is refused.

    Example: ketenwacht registry retire own.jsonl sim-beds --owner beheer --on 2027-01-01
    """
    line = {"line": "retire", "source": source, "owner": owner, "on": on or _today()}
    add(file, orjson.dumps(line).decode(), as_json=as_json)


@app.command()
def add(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The deployment's own file; made if need be.")],
    line: Annotated[
        str, typer.Argument(metavar="LINE", help="The line as JSON; `date` may be left out: today.")
    ],
    as_json: Json = False,
) -> None:
    """Add one line to a registry file, if the registry can be used with it; else nothing is written.

    Example: ketenwacht registry add own.jsonl '{"line": "rename", "location": "lumc", "to": "LUMC Leiden",
    "on": "2027-01-01", "owner": "beheer"}'
    """
    try:
        new = decode_line(_dated(line))
    except (msgspec.MsgspecError, orjson.JSONDecodeError, TypeError) as error:
        typer.echo(f"LINE: {error}; see docs/registry.md for its fields", err=True)
        raise typer.Exit(1) from error
    held = _registry(file if file.exists() else None)
    wrong = faults(registry_of(held.lines, [new]))
    if wrong:
        for fault in wrong:
            typer.echo(fault, err=True)
        raise typer.Exit(1)
    try:
        _write_with(file, new)
    except OSError as error:
        typer.echo(f"{file}: cannot be written ({error.strerror}); it is as it was", err=True)
        raise typer.Exit(1) from error
    typer.echo(encode_line(new).decode() if as_json else f"added to {file}: {' '.join(new.subject)}")


def _dated(line: str) -> bytes:
    said = orjson.loads(line)
    return orjson.dumps({"date": _today()} | said)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _said(file: str) -> Registry | None:
    try:
        return load_registry(file)
    except (RegistryError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _write_with(file: Path, new: Line) -> None:
    """Write a line at the end of a file, in place of an earlier one about the same; the file is never there in part."""
    kept: list[str] = []
    for row in file.read_text("utf-8").splitlines() if file.exists() else []:
        if row.strip() and not row.lstrip().startswith("#") and decode_line(row).subject == new.subject:
            continue
        kept.append(row)
    with whole_file(file) as out:
        out.write(("\n".join([*kept, encode_line(new).decode()]) + "\n").encode())


def _row(line: Line) -> dict[str, Any]:
    """Return a line as `--json` prints it: its fields, and for every kind `id`, `name`, `since` and `until`."""
    fields = {
        field.name: msgspec.to_builtins(getattr(line, field.name)) for field in msgspec.structs.fields(line)
    }
    own: dict[str, Any]
    if isinstance(line, Location | Source):
        own = {"id": line.id, "name": line.name if isinstance(line, Location) else line.publisher}
    else:
        about = line.into if isinstance(line, Merge) else line.subject[1]
        own = {"id": about, "name": " ".join(line.subject), "since": fields["on"], "until": None}
    return {"kind": line.subject[0], **fields, **own}


def _read(file: Path | None) -> Registry:
    return registry_of(shipped_lines(), [] if file is None else read_lines(file))


def _registry(file: Path | None) -> Registry:
    try:
        registry = _read(file)
    except RegistryError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    wrong = faults(registry)
    if wrong:
        for fault in wrong:
            typer.echo(fault, err=True)
        raise typer.Exit(1)
    return registry
