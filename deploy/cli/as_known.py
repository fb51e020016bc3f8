"""`ketenwacht status --as-of TIME --day DAY`: a day as it was known at a moment, from a recording or the report topics."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import typer

from agents.as_known import AsKnown
from agents.engine.members import members_of
from agents.pipeline import Pipeline
from alerts.norms import Norms
from deploy.cli.live_log import live_log
from deploy.cli.moments import moment
from deploy.cli.reach_kafka import reaching_kafka, signing_keys
from streams.calendar import date_of, day_number, day_start, iso, local_day
from streams.recorded_log import PartitionLog, Recorded, is_log, read_log
from streams.recording import RecordingHeader, read_recording
from streams.registry.load import registry_of_recording
from streams.registry.registry import Registry


def moment_and_day(as_of: str, day: str | None) -> tuple[int, int]:
    """Return the second up to which anything is known, and the local day that is meant: by default that of the moment.

    Raises:
        typer.BadParameter: one cannot be read, or the day is a later one than that of the moment.
    """
    at = moment(as_of)
    if day is None:
        return at, local_day(at)
    try:
        number = day_number(date.fromisoformat(day))
    except ValueError as error:
        raise typer.BadParameter(f"`{day}` is no day; write it as 2021-11-15") from error
    if number > local_day(at):
        raise typer.BadParameter(
            f"at {as_of} it was {date_of(local_day(at))}: nothing was known of {day}; say an earlier --day, or a later --as-of"
        )
    return at, number


def recorded_as_known(
    recording: Path, norms: Norms, said: str | None, as_of: int, day: int
) -> tuple[dict[str, Any], Registry | None]:
    """Return a day as it was known, and the registry that holds.

    Raises:
        RecordingError: it is no recording, or a line cannot be read.
        RegistryError: the registry cannot be used.
        OSError: a file cannot be opened.
    """
    if is_log(recording):
        header, logs = read_log(recording)
        return _of_logs(header, logs, norms, said, as_of, day)
    header, records = read_recording(recording, headers=False)
    held = registry_of_recording(header.registry, said)
    return AsKnown(Pipeline(norms, held), as_of, day).play(records, header.tick_seconds), held


def live_as_known(
    bootstrap: str | None, norms: Norms, as_of: int, day: int
) -> tuple[dict[str, Any], Registry | None]:
    """Return a day as it was known, from what the report topics still hold; say where they begin after it."""
    keys = signing_keys()
    with reaching_kafka(bootstrap) as kafka:
        header, logs = live_log(kafka, keys)
    begins = min((at for log in logs for at in _first(log)), default=as_of)
    if begins > day_start(day):
        typer.echo(
            f"the report topics begin at {iso(begins)}: what was said before is not known here; use a recording of that time",
            err=True,
        )
    return _of_logs(header, logs, norms, None, as_of, day)


def _of_logs(
    header: RecordingHeader,
    logs: Sequence[PartitionLog],
    norms: Norms,
    said: str | None,
    as_of: int,
    day: int,
) -> tuple[dict[str, Any], Registry | None]:
    held = registry_of_recording(header.registry, said)
    members = [members_of(number, header.partitions) for number in range(header.partitions)]
    pipeline = Pipeline(norms, held, header, members)
    return AsKnown(pipeline, as_of, day).play_logs(logs, header.skipped), held


def _first(log: PartitionLog) -> Iterator[int]:
    for item in log.items[:1]:
        yield item.record.timestamp // 1000 if isinstance(item, Recorded) else item[0]


def day_line(document: Mapping[str, object]) -> str:
    """Return which day is shown, and as known when; empty where it is not one day."""
    return f", {document['day']} zoals bekend op {document['as_of']}" if "as_of" in document else ""


def change_lines(region: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each figure of a region that was corrected since the day, and for each that was revised."""
    for one in region["indicators"]:
        if isinstance(one, dict):
            then, now = _shown(one["known_then"]), _shown(one["value"])
            yield f"bijgesteld: {one['name']}{_labels(one['labels'])}: toen {then}, nu {now}"
    for figure in region.get("revisions", ()):
        if len(figure.said) > 1:
            said = " -> ".join(
                f"{_shown(each.value)} (revisie {each.revision}, {each.said_at})" for each in figure.said
            )
            yield (
                f"herzien: {figure.topic}: {figure.location} {figure.figure}{_labels(figure.labels)} "
                f"van {figure.observed_at}, bron {figure.source}: {said}"
            )


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "niet bekend" if value is None else str(value)


def _labels(labels: Mapping[str, object]) -> str:
    inside: Iterable[str] = (f"{name}={value}" for name, value in labels.items() if value not in ("", None))
    return "{" + ",".join(inside) + "}" if labels else ""
