"""`ketenwacht backtest` and `ketenwacht status`: the same domain over a recording, without a broker."""

from pathlib import Path
from typing import Annotated

import msgspec
import orjson
import typer

from agents.collect_rarely import collect_rarely
from agents.pipeline import Pipeline
from alerts.norms import Norms, NormsError, load_norms
from deploy.cli.moments import moment
from deploy.cli.reach_kafka import Bootstrap, reaching_kafka
from streams.calendar import iso
from streams.log_end import read_all
from streams.recording import RecordingError, read_recording
from streams.regions import REGIONS
from streams.replay import stretches
from streams.silent import of_silence
from streams.status import RegionOverview, decode_overview, encode
from streams.topics import OVERVIEW

Recording = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A recording.")]
NormsFile = Annotated[
    Path | None, typer.Option("--norms", exists=True, dir_okay=False, help="Norms instead of our own.")
]
Json = Annotated[bool, typer.Option("--json", help="JSON.")]


def backtest(recording: Recording, norms: NormsFile = None, as_json: Json = False) -> None:
    """Say what would have alerted: every transition of a breach, in order.

    With --json one JSON object a line; the summary is on standard error. Records of topics that carry no reports
    are not judged; they are counted as `other` and named there.

    Examples: ketenwacht backtest lcps.jsonl.gz --json | jq 'select(.state == "active")'
    """
    pipeline = Pipeline(_norms(norms))
    transitions = 0
    collect_rarely()
    try:
        header, records = read_recording(recording, headers=False)
        for transition in pipeline.play(stretches(records, header.tick_seconds)):
            transitions += 1
            if as_json:
                typer.echo(encode(transition))
            else:
                shown = "-" if transition.value is None else f"{transition.value:g}"
                typer.echo(
                    f"{transition.at}  {transition.region:3}  {transition.norm:28} {transition.state:8} "
                    f"{shown} (limit {transition.limit:g} {transition.unit}) step {transition.step} {transition.scope}"
                )
    except RecordingError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    counts = pipeline.counts
    for topic, number in sorted(pipeline.other.items()):
        typer.echo(
            f"{number} records of `{topic}` were not judged: no report topic; see topics list", err=True
        )
    summary = {
        "produced": counts.total,
        "applied": counts.applied,
        "duplicate": counts.duplicate,
        "late": counts.late,
        "dead_lettered": counts.dead_lettered,
        "other": sum(pipeline.other.values()),
        "transitions": transitions,
    }
    typer.echo(orjson.dumps(summary).decode(), err=True)


def status(
    recording: Annotated[
        Path | None, typer.Option("--recording", exists=True, dir_okay=False, help="From a recording.")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="As known then, ISO 8601.")] = None,
    norms: NormsFile = None,
    bootstrap: Bootstrap = None,
    as_json: Json = False,
) -> None:
    """Show every region: as known now on the live system, or as known at TIME in a recording.

    Of a region in which somebody is silent: who is, by topic, and which norms cannot be judged because of it.
    A TIME without an offset is Dutch local time. Live, totals are shown; a recording has every indicator.

    Examples: ketenwacht status --recording lcps.jsonl.gz --at 2021-04-20T12:00 --json
    """
    if recording is None:
        if at is not None:
            raise typer.BadParameter("--at needs --recording; the live system knows only now")
        document = _live(bootstrap)
    else:
        document = _recorded(recording, at, _norms(norms))
    if as_json:
        typer.echo(orjson.dumps(msgspec.to_builtins(document)).decode())
        return
    typer.echo(f"stand van {document['at']}")
    for name, region in document["regions"].items():  # type: ignore[attr-defined]
        typer.echo(f"{name:3}  {REGIONS[name].name}: {len(region['indicators'])} indicatoren")
        for breach in region["breaches"]:
            shown = "-" if breach.value is None else f"{breach.value:g}"
            about = f"  {breach.scope}" if breach.scope else ""
            typer.echo(
                f"     {breach.state:8} {breach.norm:28} {shown} (grens {breach.limit:g}) sinds {breach.since}{about}"
            )
        for silent in region.get("silent", []):
            who = ", ".join(f"{one.location} (laatste: {one.told_at})" for one in silent.named)
            others = (
                f" en {silent.count - len(silent.named)} meer" if silent.count > len(silent.named) else ""
            )
            word = "zwijgt" if silent.view == "missed" else "telt niet meer mee"
            typer.echo(f"     {word}: {silent.topic}: {who}{others}")
        for one in region.get("unjudged", []):
            typer.echo(f"     niet te beoordelen: {one.norm}{'  ' + one.scope if one.scope else ''}")


def _recorded(recording: Path, at: str | None, norms: Norms) -> dict[str, object]:
    until = None if at is None else moment(at)
    pipeline = Pipeline(norms)
    collect_rarely()
    try:
        header, records = read_recording(recording, headers=False)
        for _ in pipeline.play(stretches(records, header.tick_seconds, until)):
            pass
    except RecordingError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    return pipeline.status(until if until is not None else pipeline.last_tick)


def _live(bootstrap: str | None) -> dict[str, object]:
    latest: dict[str, RegionOverview] = {}
    with reaching_kafka(bootstrap) as kafka:
        for found in read_all(kafka, OVERVIEW):
            if found.value is not None:
                overview = decode_overview(found.value)
                latest[overview.region] = overview
    newest = max((overview.at for overview in latest.values()), default=iso(0))
    regions = {
        name: {
            "indicators": latest[name].indicators if name in latest else [],
            "breaches": latest[name].breaches if name in latest else [],
            **(of_silence(latest[name].silent, latest[name].unjudged) if name in latest else {}),
        }
        for name in REGIONS
    }
    return {"at": newest, "regions": regions}


def _norms(path: Path | None) -> Norms:
    try:
        return load_norms(path)
    except NormsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
