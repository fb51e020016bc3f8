"""`ketenwacht ps`: every part of the local stack, how it is, since when, and when it last did its work."""

import time
from pathlib import Path
from typing import Annotated

import orjson
import typer

from deploy.child import born_at
from deploy.supervisor.carriers import SUPERVISOR, carriers
from deploy.supervisor.handle import PartState, StackState, handle_of
from deploy.supervisor.progress import progress_of
from streams.calendar import iso

_GONE = "gone"
_UNKNOWN = "unknown"
_COLUMNS = ("part", "state", "since", "progress", "pid", "address")


def ps(
    run: Annotated[Path, typer.Option(help="Folder of the stack.")] = Path(".run"),
    as_json: Annotated[bool, typer.Option("--json", help="JSON.")] = False,
) -> None:
    """Show every part of the stack: its state, since when, its last progress, where it listens.

    States: waiting, starting, ready, unready (it runs and is not ready), ended (it starts again at once), failing (it
    ends again and again), gone (its process is not there and nobody starts it), unknown (it runs, and nobody watches it). A
    part that ended says how often and how. Progress is the newest tick of ticker, broker, workers and page, the last
    evaluation of Prometheus, the last heartbeat or notification of Alertmanager, the newest mail; `-` is not known.

    Exit codes: 0 every part is ready, 1 one is not, or nothing is up.

    Example: ketenwacht ps --json
    """
    rows = _rows(run)
    if as_json:
        typer.echo(orjson.dumps(rows).decode())
    elif not rows:
        typer.echo("nothing is up")
    else:
        _print(rows)
    raise typer.Exit(0 if rows and all(row["state"] == "ready" for row in rows) else 1)


def _rows(run: Path) -> list[dict[str, object]]:
    known = StackState.read(handle_of(run))
    there = carriers(run)
    if known is None and not there:
        return []
    rows = []
    watched = known is not None and known.running()
    if known is not None:
        state = "ready" if watched and known.state == "up" else known.state if watched else _GONE
        rows.append(
            _row(
                SUPERVISOR,
                state,
                known.since,
                None,
                known.pid if watched else None,
                str(handle_of(run)),
                0,
                "",
            )
        )
        rows += [_of_part(part, known, watched) for part in known.parts]
    listed = {row["pid"] for row in rows}
    alone = [each for each in there if each.pid not in listed]
    return rows + [_row(each.part, _UNKNOWN, _started(each.pid), None, each.pid, "", 0, "") for each in alone]


def _of_part(part: PartState, known: StackState, watched: bool) -> dict[str, object]:
    runs = part.pid is not None and born_at(part.pid) == part.born
    alone = _UNKNOWN if runs else _GONE
    state = part.state if watched and (runs or part.pid is None) else alone
    progress = progress_of(part, known) if runs else None
    pid = part.pid if runs else None
    return _row(part.part, state, part.since, progress, pid, part.address, part.deaths, part.why)


def _row(
    part: str,
    state: str,
    since: float,
    progress: float | None,
    pid: int | None,
    address: str,
    deaths: int,
    why: str,
) -> dict[str, object]:
    return {
        "part": part,
        "state": state,
        "since": iso(int(since)),
        "progress": None if progress is None else iso(int(progress)),
        "pid": pid,
        "address": address,
        "deaths": deaths,
        "why": why,
    }


def _started(pid: int) -> float:
    """Return about when a process began, Unix seconds; now if it ended."""
    try:
        return Path(f"/proc/{pid}").stat().st_mtime
    except OSError:
        return time.time()


def _print(rows: list[dict[str, object]]) -> None:
    table = [
        _COLUMNS,
        *(tuple("-" if row[name] is None else str(row[name]) for name in _COLUMNS) for row in rows),
    ]
    widths = [max(len(line[column]) for line in table) for column in range(len(_COLUMNS))]
    for line, row in zip(table, [None, *rows], strict=True):
        typer.echo("  ".join(f"{text:<{width}}" for text, width in zip(line, widths, strict=True)).rstrip())
        if row and row["deaths"]:
            typer.echo(f"  ended {row['deaths']} times, last: {row['why']}")
