"""`ketenwacht score`: how good our own projection was on public files."""

from pathlib import Path
from typing import Annotated

import msgspec
import orjson
import typer

from alerts.norms import Norms, NormsError, load_norms
from deploy.score.page import page
from deploy.score.score import TOGETHER, Score
from deploy.score.score import score as scored
from deploy.score.series import ScoreError, Series, of_divi, of_lcps

LcpsFile = Annotated[
    Path | None,
    typer.Option(
        "--lcps", metavar="FILE", dir_okay=False, exists=True, help="A file of LCPS, as `import` reads it."
    ),
]
DiviFile = Annotated[
    Path | None,
    typer.Option(
        "--divi",
        metavar="FILE",
        dir_okay=False,
        exists=True,
        help="German intensive care by state, a CSV of the DIVI register.",
    ),
]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "scorecard.md"


def score(
    lcps: LcpsFile = None,
    divi: DiviFile = None,
    norms: Annotated[
        Path | None, typer.Option("--norms", exists=True, dir_okay=False, help="Norms instead of our own.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write docs/scorecard.md.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say how far our own projection was off, how often its band held, and what became of its warnings.

    Each day is projected from the days up to it only, beside beds that stay as they are, a damped line, and a straight line
    through 14 days. Warnings are those of the norms on the projection; all of them are listed, and below 20 no precision is claimed.

    Examples: ketenwacht score --lcps covid-19-datafeed.csv --divi bundeslaender.csv --json

    Exit codes: 0 done, 1 a file cannot be scored, 2 usage.
    """
    if lcps is None and divi is None:
        raise typer.BadParameter("name a file to score on: --lcps FILE, --divi FILE, or both")
    try:
        found = scored(_files(lcps, divi, rules := load_norms(norms)), rules)
    except (NormsError, ScoreError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if write:
        PAGE.write_text(page(found), "utf-8")
        typer.echo(f"{PAGE}", err=True)
    if as_json:
        typer.echo(orjson.dumps(msgspec.to_builtins(found)).decode())
    else:
        _say(found)


def _files(lcps: Path | None, divi: Path | None, norms: Norms) -> dict[str, list[Series]]:
    files = {}
    if lcps is not None:
        files[lcps.name] = of_lcps(lcps, norms)
    if divi is not None:
        files[divi.name] = of_divi(divi)
    return files


def _say(found: Score) -> None:
    for one in found.accuracy:
        typer.echo(
            f"{one.region}  {one.unit:4} {one.part:5}  {one.wave:42} {one.ahead} d ahead, n = {one.days:4}: off {one.error:g}"
            f" (persistence {one.persistence:g}, damped line {one.damped:g}, line {one.line:g}), in the band {one.covered:.0%}"
        )
    for each in found.tallies:
        name = "all of these" if each.norm == TOGETHER else each.norm
        claimed = (
            f"n = {each.counted}, no precision claimed"
            if each.precision is None
            else f"precision {each.precision:.0%}"
        )
        typer.echo(
            f"{each.region}  {name:26} by {each.way:15}: {each.counted} counted, {each.right} right, {each.acted} acted upon,"
            f" {each.wrong} wrong, {each.during} during, {each.open} open; {claimed}; {each.told} of {each.onsets} onsets told"
        )
    for warned in found.warnings:
        follows = f", onset {warned.onset}" if warned.onset else ""
        typer.echo(f"{warned.day}  {warned.region}  {warned.norm} by {warned.way}: {warned.outcome}{follows}")
