"""`ketenwacht bench`: ours and its peers on one job."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal

import orjson
import typer

_ROOT = Path(__file__).resolve().parents[2]
PARTS = ("systems", "latency", "recovery", "scaling", "profile")


def bench(
    quick: Annotated[
        bool, typer.Option("--quick", help="One run of each on a tenth of the log, and systems only.")
    ] = False,
    systems: Annotated[
        str | None, typer.Option(metavar="A,B", help="Only these; default all that are installed.")
    ] = None,
    records: Annotated[
        int, typer.Option(min=100, help="Reports in the mixture; single figures are five times as many.")
    ] = 60_000,
    rounds: Annotated[
        int, typer.Option(min=1, help="Runs of each system on each log; the median counts.")
    ] = 3,
    parts: Annotated[str, typer.Option(metavar="A,B", help="What to measure.")] = ",".join(PARTS),
    broker: Annotated[
        Literal["embedded", "kafka"],
        typer.Option(metavar="embedded|kafka", help="Which broker carries the log."),
    ] = "embedded",
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Write docs/performance.md, its JSON and its picture (not with --quick)."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Compare ours with its peers: the same reports, every result checked before its time counts.

    Peers that are not installed are named and left out; `make bench` installs them in `.venv-bench`. Progress is on
    standard error. Exit code 1 if one of ours failed or gave a wrong result.

    Example: ketenwacht bench --quick --systems ketenwacht,aiokafka_loop,ceiling --json
    """
    if write and find_spec("matplotlib") is None:
        raise typer.BadParameter("--write draws with matplotlib, which is not here; use `make bench`")
    from deploy.bench import page, peers, session, table  # noqa: PLC0415 - the only door of the measurement

    chosen = _names(systems, tuple(peers.BY_NAME), "--systems") if systems else tuple(peers.BY_NAME)
    plan = session.Plan(
        broker=broker,
        systems=tuple(system for system in peers.SYSTEMS if system.name in chosen),
        records=max(100, records // 10) if quick else records,
        rounds=1 if quick else rounds,
        parts=("systems",) if quick else _names(parts, PARTS, "--parts"),
        root=_ROOT,
    )
    found = session.measure(plan, lambda line: typer.echo(line, err=True))
    if write and not quick:
        page.write_page(_ROOT, found)
    if as_json:
        typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
    else:
        typer.echo(table.tables(found))
    ours = [found["systems"].get(name, {}) for name in ("ketenwacht", "backtest") if name in chosen]
    if any("failed" in part for entry in ours for part in (entry, entry.get("single", {}))):
        raise typer.Exit(1)


def _names(said: str, known: tuple[str, ...], option: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in said.split(",") if name.strip())
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise typer.BadParameter(f"{option}: {', '.join(unknown) or 'nothing'}; known: {', '.join(known)}")
    return names
