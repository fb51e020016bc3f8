"""`ketenwacht registry`: who may say what, from the shipped registry and a deployment's own file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import orjson
import typer

from streams.registry.checks import faults
from streams.registry.file import RegistryError, read_lines, shipped_lines
from streams.registry.lines import Line, Location, Merge, Source, decode_line, encode_line
from streams.registry.registry import Registry, registry_of

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
    _write_with(file, new)
    typer.echo(encode_line(new).decode() if as_json else f"added to {file}: {' '.join(new.subject)}")


def _dated(line: str) -> bytes:
    said = orjson.loads(line)
    return orjson.dumps({"date": datetime.now(UTC).date().isoformat()} | said)


def _write_with(file: Path, new: Line) -> None:
    """Write a line at the end of a file, in place of an earlier one about the same."""
    kept: list[str] = []
    for row in file.read_text("utf-8").splitlines() if file.exists() else []:
        if row.strip() and not row.lstrip().startswith("#") and decode_line(row).subject == new.subject:
            continue
        kept.append(row)
    file.write_text("\n".join([*kept, encode_line(new).decode()]) + "\n", "utf-8")


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
