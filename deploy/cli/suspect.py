"""`ketenwacht suspect`: which figures are suspect, and the word of somebody that one is right."""

import shlex
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import orjson
import typer

from agents.domain.plausible.limits import limits_of
from agents.engine.members import partition_of
from alerts.doubts import doubt_views
from alerts.norms import NormsError, load_norms
from deploy.cli.moments import moment
from deploy.cli.overviews import latest_overviews
from deploy.cli.played import played
from deploy.cli.reach_kafka import Bootstrap, reaching_kafka, signing_keys
from deploy.cli.report_topics import report_partitions
from deploy.cli.score import DiviFile, LcpsFile
from deploy.score.series import ScoreError, of_divi, of_lcps
from deploy.suspicions import count
from streams.calendar import date_of
from streams.control import SuspectConfirm
from streams.control_writer import ControlAt, write_controls
from streams.doubts import DoubtName, DoubtView
from streams.indicators import SUSPECTS
from streams.recording import RecordingError
from streams.regions import NL
from streams.signature import SignatureError

app = typer.Typer(
    help="Figures that are suspect: which, confirm one, and how many there would have been.",
    no_args_is_help=True,
)

_SUBJECT = ("region", "location", "subject", "day", "value")

Json = Annotated[bool, typer.Option("--json", help="JSON.")]


@app.command(name="list")
def list_suspects(
    recording: Annotated[
        Path | None, typer.Option("--recording", exists=True, dir_okay=False, help="From a recording.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="As known then, ISO 8601; of a recording.")
    ] = None,
    bootstrap: Bootstrap = None,
    as_json: Json = False,
) -> None:
    """Show every figure that is suspect: what was reported after what, why it is not believed, and how to confirm it.

    Of each region and topic the first twenty are named.

    Examples: ketenwacht suspect list · ketenwacht suspect list --recording d11_typo_nation.jsonl --at 2021-11-24
    """
    if recording is None:
        with reaching_kafka(bootstrap) as kafka:
            rows = _rows({name: one.doubts for name, one in latest_overviews(kafka).items()})
    else:
        rows = _rows(_recorded(recording, at))
    if as_json:
        typer.echo(orjson.dumps(rows).decode())
        return
    for row in rows:
        typer.echo(f"{row['region']:4} {row['topic']}  {row['what']}  sinds {row['since']}")
        if row["location"] is not None:
            typer.echo(f"     {_command(row)}")
    typer.echo(f"{len(rows)} suspect figures")


@app.command()
def confirm(
    region: Annotated[str, typer.Argument(help="Region id or NL, as `suspect list` says.")],
    location: Annotated[str, typer.Argument(help="Who reported it.")],
    subject: Annotated[str, typer.Argument(help="What it is about, such as 'ic covid'.")],
    day: Annotated[str, typer.Argument(metavar="YYYY-MM-DD", help="Day that it is about.")],
    value: Annotated[int, typer.Argument(min=0, help="As reported; another one is not confirmed.")],
    by: Annotated[str, typer.Option("--by", help="Who confirmed it, and how you know; it stays in the log.")],
    bootstrap: Bootstrap = None,
    as_json: Json = False,
) -> None:
    """Let a suspect figure count: somebody asked its source, and it is right.

    Writes a signed control record to its partition, which says who confirmed it; from there on the figure is trusted, and
    what follows is held against it. Only the figure that is held counts: a correction meanwhile is not confirmed.

    Exit code 1 if it is not suspect, or not any more.

    Example: ketenwacht suspect confirm R07 "Ziekenhuis A" "ic covid" 2021-11-23 0 --by "beheer, gebeld met A: afdeling verhuisd"
    """
    if not by.strip():
        _refuse("--by says nothing; say who confirmed it, and how you know", 2)
    keys = signing_keys()
    with reaching_kafka(bootstrap) as kafka:
        rows = _rows({name: one.doubts for name, one in latest_overviews(kafka).items()})
        asked = (region, location, subject, day, value)
        row = next((one for one in rows if tuple(one[name] for name in _SUBJECT) == asked), None)
        if row is None:
            _refuse(
                f"{location} of {region} reports no suspect {subject} {value} on {day}: it was corrected, confirmed or never "
                "suspect; see `ketenwacht suspect list`"
            )
        topic = row["topic"]
        partition = partition_of(region.encode(), report_partitions(kafka))
        control = SuspectConfirm(
            at=int(time.time()),
            region=region,
            location=location,
            subject=subject,
            day=date.fromisoformat(day),
            value=value,
            by=by.strip(),
        )
        try:
            write_controls(kafka, keys, [ControlAt(topic, partition, control)])
        except SignatureError as error:
            _refuse(f"KETENWACHT_SIGNING_KEYS_FILE: {error}")
    if as_json:
        typer.echo(orjson.dumps({"partition": partition, **row}).decode())
    else:
        typer.echo(f"{topic}/{partition}: {row['what']} counts from here on")


@app.command(name="count")
def count_suspects(
    lcps: LcpsFile = None,
    divi: DiviFile = None,
    norms: Annotated[
        Path | None, typer.Option("--norms", exists=True, dir_okay=False, help="Norms instead of our own.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Count what would have been suspect in public files, by series and by report.

    The limits are the `suspect-` parameters of the norms. Of each series the days that were suspect are named by reason, and
    the most days for which a trusted figure stood while newer ones were suspect.

    Examples: ketenwacht suspect count --lcps covid-19-datafeed.csv --divi bundeslaender.csv

    Exit codes: 0 done, 1 a file cannot be read, 2 usage.
    """
    if lcps is None and divi is None:
        raise typer.BadParameter("name a file: --lcps FILE, --divi FILE, or both")
    try:
        rules = load_norms(norms)
        series = [*(of_lcps(lcps, rules) if lcps else ()), *(of_divi(divi) if divi else ())]
    except (NormsError, ScoreError, OSError) as error:
        _refuse(str(error))
    found = count(series, limits_of(rules))
    if as_json:
        typer.echo(orjson.dumps([asdict(one) for one in found]).decode())
        return
    for one in found:
        reasons = "; ".join(f"{reason} {', '.join(days)}" for reason, days in one.suspect.items())
        typer.echo(
            f"{one.series:34} {one.reports:4} reports  {reasons or '-'}{f'  held {one.held} d' if one.held else ''}"
        )
    suspect = sum(len(days) for one in found for days in one.suspect.values())
    typer.echo(
        f"{suspect} of {sum(one.reports for one in found)} reports, in {sum(bool(one.suspect) for one in found)} of {len(found)} series"
    )


def _recorded(recording: Path, at: str | None) -> dict[str, list[DoubtView]]:
    until = None if at is None else moment(at)
    try:
        pipeline, playing, _ = played(recording, load_norms(), None, until)
        for _ in playing:
            pass
    except (RecordingError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    return {name: doubt_views(region) for name, region in pipeline.judged.regions.items()}


def _rows(doubts: Mapping[str, Iterable[DoubtView]]) -> list[dict[str, Any]]:
    """Return one row a suspect figure; those of a region stand there and not with the country's once more."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for region in sorted(doubts, key=lambda name: (name == NL, name)):
        for view in doubts[region]:
            for one in view.named if view.doubt == SUSPECTS else ():
                rows.setdefault((view.topic, one.what), _row(region, view.topic, one))
    return list(rows.values())


def _row(region: str, topic: str, doubt: DoubtName) -> dict[str, Any]:
    """Return what is known of a suspect figure; null where only its text was told, by a worker of before."""
    figure = doubt.figure
    return {
        "region": region,
        "topic": topic,
        "location": figure and figure.location,
        "subject": figure and figure.subject,
        "day": figure and date_of(figure.day).isoformat(),
        "value": figure and figure.value,
        "trusted": figure and figure.trusted,
        "reason": figure and figure.reason,
        "source": figure and figure.source,
        "since": doubt.since,
        "what": doubt.what,
    }


def _command(row: Mapping[str, Any]) -> str:
    words = [str(row[name]) for name in _SUBJECT]
    return f"ketenwacht suspect confirm {shlex.join(words)} --by ..."


def _refuse(why: str, code: int = 1) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(code)
