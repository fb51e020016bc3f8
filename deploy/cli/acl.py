"""`ketenwacht topics acl`: who may do what with the topics, as access control lists of the broker."""

import dataclasses
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, get_args

import orjson
import typer
from kafka.errors import SecurityDisabledError

from deploy.cli.reach_kafka import Bootstrap, reaching_kafka
from streams.acl_admin import AclDifferences, apply_acls, compare_acls
from streams.calendar import AMSTERDAM, day_number
from streams.registry.file import RegistryError
from streams.registry.load import load_registry
from streams.rights import APP_ID, Right, Role, rights_of
from streams.topics import REPORT_TOPICS

_PARTS = tuple(role for role in get_args(Role) if role != "producer")

Parts = Annotated[
    list[str] | None,
    typer.Option(
        "--part",
        metavar="PART=PRINCIPAL",
        help=f"Who a part ({', '.join(_PARTS)}) is; may be said more than once. User:PART without.",
    ),
]
Producers = Annotated[
    list[str] | None,
    typer.Option(
        "--producer",
        metavar="PRINCIPAL=TOPIC,TOPIC",
        help="A source and the report topics that it may write; may be said more than once.",
    ),
]
RegistryFile = Annotated[
    str | None,
    typer.Option(
        "--registry",
        metavar="FILE",
        help="Its sources that have a principal and have not ended may write their topics; `shipped` for our own.",
    ),
]
AppId = Annotated[
    str, typer.Option("--app-id", envvar="KETENWACHT_WORKER_APP_ID", help="Consumer group of the workers.")
]


def acl(
    parts: Parts = None,
    producers: Producers = None,
    registry: RegistryFile = None,
    app_id: AppId = APP_ID,
    apply: Annotated[bool, typer.Option("--apply", help="Grant what is missing.")] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="With --apply: take away what is extra on our topics and groups.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Compare; exit code 1 if the cluster differs.")
    ] = False,
    bootstrap: Bootstrap = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON.")] = False,
) -> None:
    """Show who may do what: the least that each part and each source needs. Asks no broker unless told to.

    The broker must deny what nobody allowed (`allow.everyone.if.no.acl.found=false`), and whoever applies must be one of
    its super users.

    Examples: ketenwacht topics acl --registry own.jsonl --apply --prune
    """
    rights = list(dict.fromkeys([*_rights(parts or [], producers or [], app_id), *_of_sources(registry)]))
    if not (apply or check):
        if prune:
            raise typer.BadParameter("--prune goes with --apply")
        _show(rights, as_json)
        return
    with reaching_kafka(bootstrap) as kafka:
        try:
            differences = apply_acls(kafka, rights, prune=prune) if apply else compare_acls(kafka, rights)
        except SecurityDisabledError as error:
            typer.echo(
                f"Kafka at {kafka.bootstrap} has no authorizer: everybody may do everything. Set "
                "authorizer.class.name there; see docs/brokers.md",
                err=True,
            )
            raise typer.Exit(1) from error
    _tell(differences, applied=apply, pruned=prune, as_json=as_json)
    if not apply and (differences.missing or differences.extra or differences.wider):
        raise typer.Exit(1)


def _rights(parts: list[str], producers: list[str], app_id: str) -> list[Right]:
    principals: dict[str, list[str]] = {}
    for said in parts:
        part, _, principal = said.partition("=")
        if part not in _PARTS:
            raise typer.BadParameter(f"`{part}` is no part; one of {', '.join(_PARTS)}")
        principals.setdefault(part, []).append(_principal(principal))
    rights: dict[Right, None] = {}
    for role in _PARTS:
        for principal in principals.get(role, [f"User:{role}"]):
            rights |= dict.fromkeys(rights_of(role, principal, app_id=app_id))
    for said in producers:
        # The name in a certificate has signs of equality too, a topic has none.
        principal, _, named = said.rpartition("=")
        if not principal:
            raise typer.BadParameter(f"`{said}` names no topics; say PRINCIPAL=TOPIC,TOPIC")
        topics = named.split(",")
        if unknown := [topic for topic in topics if topic not in REPORT_TOPICS]:
            raise typer.BadParameter(f"`{unknown[0]}` is no report topic; one of {', '.join(REPORT_TOPICS)}")
        rights |= dict.fromkeys(rights_of("producer", _principal(principal), topics))
    return list(rights)


def _of_sources(said: str | None) -> Iterator[Right]:
    """Yield what the sources of a registry may write today."""
    try:
        registry = load_registry(said)
    except (RegistryError, OSError) as error:
        raise typer.BadParameter(str(error)) from error
    today = day_number(datetime.now(AMSTERDAM).date())
    if registry is None:  # open: anybody may write, and no rights follow from that
        return
    for source in registry.sources.values():
        if source.principal and registry.ended.get(source.id, today + 1) > today:
            yield from rights_of("producer", _principal(source.principal), source.topics)


def _principal(said: str) -> str:
    # `User:*` would be everybody.
    if not re.fullmatch(r"User:[^*\s][^\n]*", said):
        raise typer.BadParameter(f"`{said}` is no principal; say it as the broker does, such as User:ticker")
    return said


def _show(rights: list[Right], as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps([dataclasses.asdict(right) for right in rights]).decode())
        return
    for right in rights:
        typer.echo(_line(right))


def _tell(differences: AclDifferences, *, applied: bool, pruned: bool, as_json: bool) -> None:
    if as_json:
        told = dataclasses.asdict(differences) | {"applied": applied, "pruned": pruned}
        typer.echo(orjson.dumps(told).decode())
        return
    for right in differences.missing:
        typer.echo(f"{'granted' if applied else 'missing'}  {_line(right)}")
    for line in differences.extra:
        typer.echo(f"{'removed' if pruned else 'extra  '}  {line}")
    for line in differences.wider:
        typer.echo(f"wider    {line}")
    if not (differences.missing or differences.extra or differences.wider):
        typer.echo("cluster and rights agree")


def _line(right: Right) -> str:
    more = "..." if right.prefixed else ""
    return f"{right.principal:<16} {right.operation:<16} {right.resource} {right.name}{more}"
