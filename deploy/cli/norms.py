"""`ketenwacht norms`: the norms in force, and whether a changed file can be used."""

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from alerts.norms import Norm, Norms, NormsError, load_norms
from alerts.norms_page import norms_markdown

app = typer.Typer(help="The norms: list them, check a changed file.", no_args_is_help=True)

File = Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="Norms instead of our own.")]
Json = Annotated[bool, typer.Option("--json", help="JSON.")]


@app.command(name="list")
def list_norms(
    file: File = None,
    as_json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="The page docs/norms.md.")] = False,
) -> None:
    """Show every norm with its limit and source.

    Examples: ketenwacht norms list --json · ketenwacht norms list --markdown > docs/norms.md
    """
    found = _load(file)
    norms = found.norms
    if markdown:
        typer.echo(norms_markdown(found), nl=False)
        return
    if as_json:
        typer.echo(orjson.dumps([_row(norm) for norm in norms]).decode())
        return
    for norm in norms:
        mark = " (aanname)" if norm.assumption else ""
        typer.echo(f"{norm.id:32} {norm.comparison:2} {norm.limit:g} {norm.unit:8} {norm.title}{mark}")


@app.command()
def check(file: File = None, as_json: Json = False) -> None:
    """Say whether a norms file can be used; exit code 1 and the reason if not.

    Example: ketenwacht norms check mynorms.toml
    """
    norms = _load(file, as_json=as_json).norms
    typer.echo(
        orjson.dumps({"ok": True, "norms": len(norms)}).decode() if as_json else f"{len(norms)} norms, ok"
    )


def _load(file: Path | None, *, as_json: bool = False) -> Norms:
    try:
        return load_norms(file)
    except NormsError as error:
        if as_json:
            typer.echo(orjson.dumps({"ok": False, "error": str(error)}).decode())
        else:
            typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _row(norm: Norm) -> dict[str, Any]:
    return {
        "id": norm.id,
        "family": norm.family,
        "title": norm.title,
        "indicator": norm.indicator,
        "labels": dict(norm.labels),
        "regions": norm.regions,
        "comparison": norm.comparison,
        "limit": norm.limit,
        "clear_limit": norm.clear_limit,
        "unit": norm.unit,
        "hold_seconds": norm.hold,
        "clear_hold_seconds": norm.clear_hold,
        "cooling_seconds": norm.cooling,
        "min_observations": norm.min_observations,
        "min_weight": norm.min_weight,
        "few_ends": norm.few_ends,
        "severity": norm.severity,
        "phases": norm.phases,
        "valid_from": norm.valid_from,
        "valid_to": norm.valid_to,
        "source": f"{norm.source}; {norm.article}",
        "assumption": None
        if norm.assumption is None
        else {"owner": norm.assumption.owner, "date": norm.assumption.date, "text": norm.assumption.text},
        "steps": [
            {"after_seconds": step.after_seconds, "role": step.role, "anchor": step.anchor}
            for step in norm.steps
        ],
        "overrides": {region: dict(changed) for region, changed in norm.overrides.items()},
    }
