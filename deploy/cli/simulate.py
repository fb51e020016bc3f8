"""`ketenwacht simulate`: a scenario to a recording, the same bytes for the same seed."""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from deploy.scenarios import SCENARIOS
from streams.recording import write_recording

Name = Annotated[str | None, typer.Argument(metavar="SCENARIO", help=f"One of: {', '.join(SCENARIOS)}.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="The same seed gives the same bytes.")]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="RECORDING", help="Default: SCENARIO.jsonl.gz, in this folder."),
]
ListThem = Annotated[bool, typer.Option("--list", help="Name the scenarios and stop.")]
Json = Annotated[bool, typer.Option("--json", help="Say what was done as JSON.")]


def simulate(
    scenario: Name = None,
    seed: Seed = 1,
    output: Output = None,
    list_them: ListThem = False,
    as_json: Json = False,
) -> None:
    """Make a recording of a scenario, with the transitions that it must cause and its registry in its header.

    Examples: ketenwacht simulate najaarsgolf --seed 7 -o golf.jsonl.gz

    Exit codes: 0 done, 2 usage.
    """
    if list_them:
        _list(as_json=as_json)
        return
    chosen = SCENARIOS.get(scenario or "")
    if chosen is None:
        said = f"unknown scenario `{scenario}`" if scenario else "no scenario given"
        typer.echo(f"{said}; use one of: {', '.join(SCENARIOS)}", err=True)
        raise typer.Exit(2)
    recording = output or Path(f"{chosen.name}.jsonl.gz")
    header, records = chosen.recording(seed)
    try:
        written = write_recording(recording, header, records)
    except OSError as error:
        typer.echo(f"{recording}: cannot be written ({error.strerror})", err=True)
        raise typer.Exit(2) from error
    if as_json:
        summary = {
            "scenario": chosen.name,
            "seed": seed,
            "records": written,
            "truth": len(header.truth),
            "tick_seconds": header.tick_seconds,
            "recording": str(recording),
        }
        typer.echo(orjson.dumps(summary).decode())
    else:
        typer.echo(f"{chosen.name}: {written} records, {len(header.truth)} transitions must come")
        typer.echo(str(recording))


def _list(*, as_json: bool) -> None:
    if as_json:
        rows = [
            {"scenario": one.name, "summary": one.summary, "begin": one.begin, "end": one.end}
            for one in SCENARIOS.values()
        ]
        typer.echo(orjson.dumps(rows).decode())
        return
    for one in SCENARIOS.values():
        typer.echo(f"{one.name:26} {one.summary}")
