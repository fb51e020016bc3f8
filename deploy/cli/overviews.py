"""The latest overview of each region, as commands read it from the live system."""

import msgspec
import typer

from streams.kafka import KafkaSettings
from streams.log_end import read_all
from streams.status import RegionOverview, decode_overview
from streams.topics import OVERVIEW


def latest_overviews(kafka: KafkaSettings) -> dict[str, RegionOverview]:
    """Return the latest overview by region; what is no overview is left out, and said."""
    latest: dict[str, RegionOverview] = {}
    others = 0
    for found in read_all(kafka, OVERVIEW):
        if found.value is not None:
            try:
                overview = decode_overview(found.value)
            except msgspec.MsgspecError:
                others += 1
                continue
            latest[overview.region] = overview
    if others:
        typer.echo(f"{others} records of {OVERVIEW} are no overviews and are left out", err=True)
    return latest
