"""`ketenwacht backtest` and `ketenwacht status`: the same domain over a recording, without a broker."""

from pathlib import Path
from typing import Annotated

import msgspec
import orjson
import typer

from agents.collect_rarely import collect_rarely
from alerts.judged_days import JudgedDays
from alerts.norms import Norms, NormsError, load_norms
from alerts.worst import worst_of
from deploy.cli.as_known import change_lines, day_line, live_as_known, moment_and_day, recorded_as_known
from deploy.cli.moments import moment
from deploy.cli.overviews import latest_overviews
from deploy.cli.played import played
from deploy.cli.reach_kafka import Bootstrap, reaching_kafka
from streams.calendar import iso
from streams.recording import RecordingError
from streams.regions import REGIONS
from streams.registry.file import RegistryError
from streams.registry.registry import OPEN, Registry
from streams.silent import of_silence
from streams.status import RegionOverview, encode
from streams.views import BreachView

Recording = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A recording.")]
NormsFile = Annotated[
    Path | None, typer.Option("--norms", exists=True, dir_okay=False, help="Norms instead of our own.")
]
RegistryFile = Annotated[
    str | None,
    typer.Option(
        "--registry",
        metavar="FILE|open",
        help="Who may say what: a file that adds to the shipped registry, `shipped` alone, or `open`: anybody. "
        "Default: the recording's own, else open.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="JSON.")]

_DOUBTS = {
    "suspected_renames": "mogelijk hernoemd of gesplitst",
    "renamed_locations": "andere naam voor dezelfde locatie",
    "new_locations": "nieuwe naam, telt niet mee",
    "totals_beside_parts": "totaal naast zijn delen",
    "conflicting_sources": "bronnen spreken elkaar tegen",
    "unheard_locations": "wordt verwacht, nog niets van gehoord",
    "suspect_figures": "verdacht cijfer, telt niet mee",
    "unwatched_sources": "onbekende afzender",
}
"""What a person reads of each kind of doubt."""


def backtest(
    recording: Recording, norms: NormsFile = None, registry: RegistryFile = None, as_json: Json = False
) -> None:
    """Say what would have alerted: every transition of a breach, in order.

    With --json one JSON object a line; the summary is on standard error. Records of topics that carry no reports
    are not judged; they are counted as `other` and named there. The summary names norms and registry by digest, and says of
    each norm on how many days of how many regions it could be judged at the end of the day (`region_days`). What our own
    program fails at is passed over as workers do: a report is dead-lettered, a status entry counted (`entries_not_handled`).

    Examples: ketenwacht backtest lcps.jsonl.gz --json | jq 'select(.state == "active")'
    """
    rules = _norms(norms)
    transitions = 0
    collect_rarely()
    try:
        pipeline, playing, held = played(recording, rules, registry)
        days = JudgedDays()
        pipeline.at_day_end = lambda at: days.count(pipeline.judged, at, rules)
        for transition in playing:
            transitions += 1
            if as_json:
                typer.echo(encode(transition))
            else:
                shown = "-" if transition.value is None else f"{transition.value:g}"
                typer.echo(
                    f"{transition.at}  {transition.region:3}  {transition.norm:28} {transition.state:8} "
                    f"{shown} (limit {transition.limit:g} {transition.unit}) step {transition.step} {transition.scope}"
                )
    except (RecordingError, RegistryError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if pipeline.last_tick:
        pipeline.at_day_end(pipeline.last_tick)
    counts = pipeline.counts
    for topic, number in sorted(pipeline.other.items()):
        typer.echo(
            f"{number} records of `{topic}` were not judged: no report topic; see topics list", err=True
        )
    summary: dict[str, object] = {
        "produced": counts.total,
        "applied": counts.applied,
        "duplicate": counts.duplicate,
        "late": counts.late,
        "dead_lettered": counts.dead_lettered,
        "skipped": counts.skipped,
        "held_back": counts.held_back,
        "other": sum(pipeline.other.values()),
        "transitions": transitions,
        "region_days": {norm: msgspec.to_builtins(days.of[norm]) for norm in sorted(days.of)},
        **_digests(rules, held),
    }
    if unknown := pipeline.unknown_senders:
        summary["unknown_senders"] = len(unknown)
    if passed_over := {stage: len(those) for stage, those in pipeline.passed_over.items() if those}:
        summary["entries_not_handled"] = passed_over
    typer.echo(orjson.dumps(summary).decode(), err=True)


def status(
    recording: Annotated[
        Path | None, typer.Option("--recording", exists=True, dir_okay=False, help="From a recording.")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="As known then, ISO 8601.")] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="TIME", help="A day as known then, with the revisions of its figures."
        ),
    ] = None,
    day: Annotated[
        str | None,
        typer.Option("--day", metavar="DAY", help="That day, 2021-11-15. Default: the day of --as-of."),
    ] = None,
    norms: NormsFile = None,
    registry: RegistryFile = None,
    bootstrap: Bootstrap = None,
    as_json: Json = False,
) -> None:
    """Show every region: as known now on the live system, or as known at TIME in a recording.

    Of a region in which somebody is silent: who is, by topic, and which norms cannot be judged because of it.
    A TIME without an offset is Dutch local time. Live, totals are shown; a recording has every indicator.

    With --as-of the figures are those of a day as they were known at TIME, later perhaps: a figure that was another when the day ended
    says so (`known_then`), and `revisions` names who said what, when and with which revision number. Breaches and silence stay as
    they were when the day ended. Live that is computed from what the report topics still hold.

    Examples: ketenwacht status --recording lcps.jsonl.gz --at 2021-04-20T12:00 --json

    ketenwacht status --recording nice.jsonl.gz --as-of 2021-06-30T12:00 --day 2021-05-27
    """
    asked = _asked(recording, at, as_of, day, registry)
    if asked is not None:
        document = _day_as_known(recording, bootstrap, asked, _norms(norms), registry)
    elif recording is None:
        document = _live(bootstrap)
    else:
        document = _recorded(recording, at, _norms(norms), registry)
    if as_json:
        typer.echo(orjson.dumps(msgspec.to_builtins(document)).decode())
        return
    typer.echo(f"stand van {document['at']}{day_line(document)}")
    for name, region in document["regions"].items():  # type: ignore[attr-defined]
        typer.echo(f"{name:3}  {REGIONS[name].name}: {len(region['indicators'])} indicatoren")
        for breach in region["breaches"]:
            _say_breach(breach)
        for silent in region.get("silent", []):
            who = ", ".join(f"{one.location} (laatste: {one.told_at})" for one in silent.named)
            others = (
                f" en {silent.count - len(silent.named)} meer" if silent.count > len(silent.named) else ""
            )
            word = "zwijgt" if silent.view == "missed" else "telt niet meer mee"
            typer.echo(f"     {word}: {silent.topic}: {who}{others}")
        for doubt in region.get("doubts", []):
            what = ", ".join(one.what for one in doubt.named)
            typer.echo(f"     {_DOUBTS[doubt.doubt]}: {doubt.topic}: {what}")
        for one in region.get("unjudged", []):
            perhaps = ", mogelijk over de grens" if one.over and not one.open else ""
            typer.echo(f"     niet te beoordelen{perhaps}: {one.norm}{'  ' + one.scope if one.scope else ''}")
        for line in change_lines(region):
            typer.echo(f"     {line}")


def _asked(
    recording: Path | None, at: str | None, as_of: str | None, day: str | None, registry: str | None
) -> tuple[int, int] | None:
    """Return the moment and the day of `--as-of`; None where the whole is asked for."""
    if recording is None and at is not None:
        raise typer.BadParameter("--at needs --recording; live, --as-of tells of a day as it was known")
    if recording is None and registry is not None:
        raise typer.BadParameter("--registry needs --recording; what is in force live stands in the log")
    if as_of is not None and at is not None:
        raise typer.BadParameter("--at tells all as known then, --as-of one day; give one of them")
    if as_of is None and day is not None:
        raise typer.BadParameter("--day needs --as-of: as known when?")
    return None if as_of is None else moment_and_day(as_of, day)


def _day_as_known(
    recording: Path | None,
    bootstrap: str | None,
    asked: tuple[int, int],
    norms: Norms,
    registry: str | None,
) -> dict[str, object]:
    collect_rarely()
    try:
        if recording is None:
            document, held = live_as_known(bootstrap, norms, *asked)
        else:
            document, held = recorded_as_known(recording, norms, registry, *asked)
    except (RecordingError, RegistryError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    return document | _digests(norms, held)


def _say_breach(breach: BreachView) -> None:
    shown = "-" if breach.value is None else f"{breach.value:g}"
    about = f"  {breach.scope}" if breach.scope else ""
    typer.echo(
        f"     {breach.state:8} {breach.norm:28} {shown} (grens {breach.limit:g}) sinds {breach.since}{about}"
    )
    if breach.where:
        named = ", ".join(f"{one.name} {one.part:g} van {one.of:g}" for one in breach.where)
        typer.echo(f"              waar: {named}{f' en {breach.others} meer' if breach.others else ''}")


def _recorded(recording: Path, at: str | None, norms: Norms, registry: str | None) -> dict[str, object]:
    until = None if at is None else moment(at)
    collect_rarely()
    try:
        pipeline, playing, held = played(recording, norms, registry, until)
        for _ in playing:
            pass
    except (RecordingError, RegistryError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    return pipeline.status(until if until is not None else pipeline.last_tick) | _digests(norms, held)


def _digests(norms: Norms, registry: Registry | None) -> dict[str, str]:
    """Return what a judgement rests on: the digest of the norms, and of the registry or `open`."""
    return {"norms": norms.digest, "registry": OPEN if registry is None else registry.digest}


def _live(bootstrap: str | None) -> dict[str, object]:
    with reaching_kafka(bootstrap) as kafka:
        latest = latest_overviews(kafka)
    newest = max((overview.at for overview in latest.values()), default=iso(0))
    regions = {name: _as_known(latest.get(name) or RegionOverview(name, newest, [], [])) for name in REGIONS}
    return {"at": newest, "regions": regions}


def _as_known(region: RegionOverview) -> dict[str, object]:
    return {
        "state": worst_of(region.breaches, region.unjudged, region.indicators),
        "indicators": region.indicators,
        "breaches": region.breaches,
        **of_silence(region.silent, region.unjudged, region.doubts),
    }


def _norms(path: Path | None) -> Norms:
    try:
        return load_norms(path)
    except NormsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
