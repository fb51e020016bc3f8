"""`ketenwacht dashboards`: build the Grafana dashboards, check the committed files, push them to Grafana."""

import subprocess
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
import typer
from pydantic import ValidationError

from alerts.addresses import load_addresses
from alerts.norms import load_norms
from alerts.texts import load_texts
from dashboards.grafana.documents import GENERATED, differences, documents, write_files
from dashboards.grafana.gateway import GrafanaError, GrafanaGateway, GrafanaSettings
from dashboards.grafana.push import push as push_documents

app = typer.Typer(help="Grafana dashboards: build, check, push.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _built() -> Mapping[str, dict[str, Any]]:
    norms = load_norms()
    return documents(norms, load_texts(norms), load_addresses().links)


@app.command()
def build() -> None:
    """Write the dashboards to dashboards/grafana/generated.

    Example: ketenwacht dashboards build
    """
    for path in write_files(_built()):
        typer.echo(str(path))


@app.command()
def check(as_json: Json = False) -> None:
    """Compare the committed files with what would be built; exit 1 on a difference.

    Example: ketenwacht dashboards check --json
    """
    different = differences(_built())
    if as_json:
        typer.echo(orjson.dumps({"different": different}).decode())
    elif different:
        typer.echo(f"{GENERATED}: {', '.join(different)} differ; run: ketenwacht dashboards build", err=True)
    if different:
        raise typer.Exit(1)


@app.command()
def push(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the differences, write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Bring Grafana to what is built: what is equal is left alone, what differs is overwritten.

    Reads KETENWACHT_GRAFANA_URL and KETENWACHT_GRAFANA_TOKEN (a service account token, role Editor).
    Exit codes: 0 done, 1 Grafana refused or could not be reached, 2 settings are missing or wrong.

    Example: ketenwacht dashboards push --dry-run
    """
    try:
        settings = GrafanaSettings()  # type: ignore[call-arg] # the token comes from the environment
    except ValidationError as error:
        wrong = ", ".join(f"KETENWACHT_GRAFANA_{each['loc'][0]}".upper() for each in error.errors())
        typer.echo(f"set {wrong} (missing or not usable)", err=True)
        raise typer.Exit(2) from None
    try:
        with GrafanaGateway(settings) as gateway:
            pushed = push_documents(gateway, _built(), _message(), dry_run=dry_run)
    except GrafanaError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(orjson.dumps({each.uid: each.outcome for each in pushed}).decode())
        return
    for each in pushed:
        typer.echo(f"{each.uid}: {each.outcome}{' (not written)' if dry_run else ''}")
        if dry_run:
            typer.echo("\n".join(each.diff), nl=bool(each.diff))


def _message() -> str:
    """Return what goes into Grafana's history: the commit, where there is one."""
    asked = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=GENERATED, capture_output=True, text=True, check=False
    )
    return f"ketenwacht {asked.stdout.strip()}".strip()
