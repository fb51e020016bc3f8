"""`ketenwacht topics`: the topic catalogue, and whether a cluster agrees with it."""

import dataclasses
from typing import Annotated

import orjson
import typer

from deploy.cli.acl import acl
from deploy.cli.reach_kafka import Bootstrap, reaching_kafka
from deploy.cli.skip import skip
from streams.topic_admin import apply_topics, check_topics, live_partitions, what_producers_set
from streams.topics import REPORT_PARTITIONS, catalogue

app = typer.Typer(
    help="The topics: what they are, create them, check them, who may use them, get past a record."
)
app.command()(acl)
app.command()(skip)

Partitions = Annotated[int, typer.Option(min=1, max=1_000, help="Partitions of each report topic.")]
PartitionsWanted = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=1_000,
        help=f"Partitions of each report topic; else as they are, {REPORT_PARTITIONS} if none is there.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON.")]


@app.command(name="list")
def list_topics(partitions: Partitions = REPORT_PARTITIONS, as_json: AsJson = False) -> None:
    """Show the catalogue; asks no broker.

    Example: ketenwacht topics list --json
    """
    topics = catalogue(partitions)
    if as_json:
        rows = [dataclasses.asdict(topic) | {"config": topic.config} for topic in topics]
        typer.echo(orjson.dumps(rows).decode())
        return
    width = max(len(topic.name) for topic in topics)
    for topic in topics:
        typer.echo(f"{topic.name:<{width}}  {topic.partitions:>3}  {topic.summary}")


@app.command()
def apply(
    bootstrap: Bootstrap = None,
    partitions: PartitionsWanted = None,
    replication: Annotated[int, typer.Option(min=1, help="Copies of each partition.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Create the topics that are missing, set the configuration that differs, and say what stays as it is.

    Partitions and copies of a topic that is there are never changed: regions would move to another partition.

    Example: ketenwacht topics apply --bootstrap 127.0.0.1:9092 --replication 3
    """
    with reaching_kafka(bootstrap) as settings:
        wanted = partitions or live_partitions(settings) or REPORT_PARTITIONS
        before = check_topics(settings, catalogue(wanted), replication)
        created = apply_topics(settings, catalogue(wanted), replication)
        unchanged = check_topics(settings, catalogue(wanted), replication)
    missing = {f"{name}: missing" for name in created}
    changed = [line for line in before if line not in unchanged and line not in missing]
    if as_json:
        told = {"created": created, "changed": changed, "unchanged": unchanged}
        typer.echo(orjson.dumps(told).decode())
        return
    for name in created:
        typer.echo(f"created {name}")
    for line in changed:
        typer.echo(f"set {line}")
    for line in unchanged:
        typer.echo(f"not changed: {line}")
    if not (created or changed or unchanged):
        typer.echo("all topics were there, as in the catalogue")


@app.command()
def check(
    bootstrap: Bootstrap = None,
    partitions: PartitionsWanted = None,
    replication: Annotated[
        int | None, typer.Option(min=1, help="Copies of each partition, at least.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell where a cluster differs from the catalogue; exit code 1 if it does.

    A cluster whose report topics have more than one partition keeps them, and is told what producers must set.

    Example: ketenwacht topics check --json
    """
    with reaching_kafka(bootstrap) as settings:
        there = live_partitions(settings)
        wanted = catalogue(partitions or there or REPORT_PARTITIONS)
        differences = check_topics(settings, wanted, replication)
    producers = what_producers_set(there)
    if as_json:
        typer.echo(orjson.dumps({"differences": differences, "producers": producers}).decode())
    else:
        for line in differences or ["cluster and catalogue agree"]:
            typer.echo(line)
        if producers:
            typer.echo(producers)
    if differences:
        raise typer.Exit(1)
