"""`ketenwacht alerts`: build and check what Prometheus and Alertmanager run on, reconcile, drill."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import orjson
import typer

from alerts.addresses import load_addresses
from alerts.norms import load_norms
from alerts.routes import route_files
from alerts.rules import rules_yaml
from alerts.texts import load_texts

app = typer.Typer(name="alerts", help="Alert rules, routes, reconciliation and drills.", no_args_is_help=True)

GENERATED = Path(__file__).parents[2] / "alerts" / "generated"

_Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: its name, whether it is right, and what is wrong."""

    name: str
    ok: bool
    problem: str = ""


def generated_files(addresses: Path | None = None) -> dict[str, str]:
    """Return the text of every generated file by name."""
    norms = load_norms()
    where = load_addresses(addresses)
    return {
        "rules.yml": rules_yaml(norms, load_texts(norms), where.links),
        **{f"alertmanager/{name}": text for name, text in route_files(where).items()},
    }


@app.command()
def build(
    addresses: Annotated[
        Path | None, typer.Option(help="Addresses instead of alerts/addresses.toml.", exists=True)
    ] = None,
    output: Annotated[Path, typer.Option(help="Folder to write to.")] = GENERATED,
) -> None:
    """Write the rules of Prometheus and the configuration of Alertmanager.

    Example: ketenwacht alerts build
    """
    for name, text in generated_files(addresses).items():
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_text(text, "utf-8")
        typer.echo(f"{output / name}")


@app.command()
def check(json: _Json = False) -> None:
    """Say whether the generated files are those that the norms ask for, and valid; exit 1 if not.

    Example: ketenwacht alerts check --json
    """
    findings = [_compare(name, text) for name, text in generated_files().items()]
    findings += [
        _ask("promtool", ["check", "rules"], "rules.yml"),
        _ask("amtool", ["check-config"], "alertmanager/alertmanager.yml"),
    ]
    if json:
        found = [{"name": f.name, "ok": f.ok, "problem": f.problem} for f in findings]
        typer.echo(orjson.dumps({"ok": all(f.ok for f in findings), "checks": found}).decode())
    else:
        for finding in findings:
            typer.echo(f"{'ok  ' if finding.ok else 'FAIL'} {finding.name}  {finding.problem}".rstrip())
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _compare(name: str, text: str) -> Finding:
    path = GENERATED / name
    if not path.exists():
        return Finding(name, ok=False, problem="missing; run `ketenwacht alerts build`")
    if path.read_text("utf-8") != text:
        return Finding(name, ok=False, problem="differs from the norms; run `ketenwacht alerts build`")
    return Finding(name, ok=True)


def _ask(program: str, arguments: list[str], name: str) -> Finding:
    """Let the system's own tool judge a file; where it is not installed that is said, not counted."""
    if shutil.which(program) is None:
        return Finding(f"{program} {name}", ok=True, problem="(not installed here, not asked)")
    done = subprocess.run(
        [program, *arguments, str(GENERATED / name)], capture_output=True, text=True, check=False
    )
    return Finding(
        f"{program} {name}", ok=done.returncode == 0, problem=done.stderr.strip() if done.returncode else ""
    )
