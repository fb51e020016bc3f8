"""`ketenwacht alerts`: build and check what Prometheus and Alertmanager run on, reconcile, drill, and who was told."""

import contextlib
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import orjson
import requests
import typer

from alerts.addresses import load_addresses
from alerts.courier.told import told_rows
from alerts.drill import drill_alert
from alerts.norms import load_norms
from alerts.reconcile import reconcile as compare_logs
from alerts.routes import receiver_of, route_files
from alerts.rules import rules_yaml
from alerts.texts import load_texts
from deploy.cli.reach_kafka import Bootstrap, reaching_kafka
from streams.legible import shown
from streams.log_end import LogRecord, read_all
from streams.notifications import decode_notification
from streams.regions import REGIONS
from streams.status import decode_transition
from streams.topics import BREACHES, NOTIFICATIONS

app = typer.Typer(name="alerts", help="Alert rules, routes, reconciliation and drills.", no_args_is_help=True)

GENERATED = Path(__file__).parents[2] / "alerts" / "generated"

_Line = TypeVar("_Line")
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


@app.command()
def reconcile(
    transitions: Annotated[
        Path, typer.Option(help="Transitions, one JSON object a line (from care.breaches or backtest).")
    ],
    webhooks: Annotated[Path, typer.Option(help="The webhook log, one payload a line.")],
    json: _Json = False,
) -> None:
    """Say of every transition whether people were told; exit 1 if any was missed.

    Example: ketenwacht alerts reconcile --transitions breaches.jsonl --webhooks webhooks.jsonl --json
    """
    try:
        found = compare_logs(_lines(transitions, decode_transition), _lines(webhooks, orjson.loads))
    except OSError as error:
        raise typer.BadParameter(str(error)) from error
    if json:
        told = [
            {
                "id": each.transition.id,
                "at": each.transition.at,
                "outcome": each.outcome,
                "receivers": each.receivers,
                "missing_steps": each.missing_steps,
            }
            for each in found.told
        ]
        summary = {"transitions": len(told), "sent": found.sent, "missed": len(found.missed), "told": told}
        typer.echo(orjson.dumps(summary).decode())
    else:
        for each in found.missed:
            typer.echo(f"missed {each.transition.at} {each.transition.id}")
        typer.echo(f"{len(found.told)} transitions, {found.sent} sent, {len(found.missed)} missed")
    if found.missed:
        raise typer.Exit(1)


@app.command()
def drill(
    region: Annotated[str, typer.Argument(help="Region id, such as R07.")],
    alertmanager: Annotated[str, typer.Option(help="URL of the Alertmanager.")] = "http://127.0.0.1:9093",
    minutes: Annotated[int, typer.Option(min=1, max=60, help="How long until it is called off.")] = 2,
) -> None:
    """Send the chair of a region a test alert that says OEFENING, and after some minutes its end.

    Example: ketenwacht alerts drill R07 --alertmanager http://127.0.0.1:9093
    """
    if region not in REGIONS:
        raise typer.BadParameter(f"{region} is no region; one of {', '.join(REGIONS)}")
    now = datetime.now(UTC)
    norms = load_norms()
    alert = drill_alert(region, load_texts(norms), now, now + timedelta(minutes=minutes))
    try:
        answer = requests.post(f"{alertmanager.rstrip('/')}/api/v2/alerts", json=[alert], timeout=10)
        answer.raise_for_status()
    except requests.RequestException as error:
        typer.echo(f"the drill was not accepted: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"sent to {receiver_of(alert['labels']['role'], region)}; look for OEFENING in the subject")


@app.command("log")
def told_log(bootstrap: Bootstrap = None, json: _Json = False) -> None:
    """Say of every transition who was told, when, by which way, and what the mail server said; or that it was missed, and why.

    Reads care.breaches and care.notifications, so only of what a courier tells. Exit 1 if any was missed.

    Example: ketenwacht alerts log --json
    """
    with reaching_kafka(bootstrap) as kafka:
        transitions = list(_decoded(read_all(kafka, BREACHES), decode_transition))
        records = [record for _, record in _decoded(read_all(kafka, NOTIFICATIONS), decode_notification)]
    rows = told_rows(transitions, records, load_norms())
    counts = Counter(row.outcome for row in rows)
    if json:
        told = [
            {
                **{name: getattr(row.transition, name) for name in ("id", "at", "region", "norm", "scope")},
                **{name: getattr(row.transition, name) for name in ("state", "step", "count")},
                "outcome": row.outcome,
                "reason": row.reason,
                "told": [asdict(each) for each in row.told],
            }
            for row in rows
        ]
        summary = {name: counts[name] for name in ("told", "missed", "waiting", "history")}
        typer.echo(orjson.dumps({"counts": summary, "transitions": told}).decode())
    else:
        for row in rows:
            typer.echo(
                f"{row.outcome:8}{row.transition.at}  {shown(row.transition.id)}  {row.reason}".rstrip()
            )
            for each in row.told:
                said = shown(f"{each.code or ''} {each.words}".strip())
                tries = f" ({each.attempts} times)" if each.attempts > 1 else ""
                typer.echo(
                    f"        {each.at}  {each.recipient} by {each.way}: {each.outcome}{tries}  {said}".rstrip()
                )
        typer.echo(
            f"{len(rows)} transitions, " + ", ".join(f"{counts[name]} {name}" for name in sorted(counts))
        )
    if counts["missed"]:
        raise typer.Exit(1)


def _decoded(records: Iterable[LogRecord], decode: Callable[[bytes], _Line]) -> Iterator[tuple[int, _Line]]:
    """Yield what stands in a topic, with its offset; what cannot be read is passed over, as the courier does."""
    for record in records:
        with contextlib.suppress(ValueError, msgspec.MsgspecError):
            yield record.offset, decode(record.value or b"")


def _lines(path: Path, decode: Callable[[bytes], _Line]) -> Iterator[_Line]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    yield decode(line)
                except (ValueError, msgspec.MsgspecError) as error:
                    raise typer.BadParameter(f"{path.name}, line {number}: {error}") from error


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
