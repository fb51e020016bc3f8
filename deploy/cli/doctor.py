"""`ketenwacht doctor`: is everything here that the chain needs, and what to do if not."""

import os
import shutil
import sys
from collections.abc import Iterator
from typing import Annotated

import msgspec
import orjson
import typer
from kafka.errors import KafkaError

from alerts.norms import NormsError, load_norms
from deploy.cli.reach_kafka import Bootstrap, kafka_settings, setting_faults
from deploy.kafka.artifacts import KafkaUnavailable, java
from streams.kafka import KafkaSettingError, KafkaSettings
from streams.knock import knock
from streams.topic_admin import check_topics, live_partitions, what_producers_set
from streams.topics import REPORT_PARTITIONS, catalogue

_PYTHONS = ((3, 11), (3, 12), (3, 13))


class Finding(msgspec.Struct, frozen=True):
    """One check: what, whether it holds, what was found or what to do."""

    check: str
    ok: bool
    detail: str


def doctor(
    bootstrap: Bootstrap = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON.")] = False,
) -> None:
    """Check this machine, the settings, the norms, and where a broker is named its topics.

    Exit codes: 0 all right, 1 a check fails, 2 a setting cannot be used.

    Example: ketenwacht doctor --bootstrap 127.0.0.1:9092
    """
    wrong = setting_faults()
    findings = [
        Finding("settings", not wrong, "; ".join(wrong) or "can be used"),
        *_findings(bootstrap, wrong),
    ]
    if as_json:
        typer.echo(orjson.dumps(msgspec.to_builtins(findings)).decode())
    else:
        for finding in findings:
            typer.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.check}: {finding.detail}")
    if wrong:
        raise typer.Exit(2)
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)


def _findings(bootstrap: str | None, wrong: list[str]) -> Iterator[Finding]:
    version = sys.version_info[:2]
    yield Finding(
        "Python",
        version in _PYTHONS,
        f"{version[0]}.{version[1]}; one of {', '.join(f'{major}.{minor}' for major, minor in _PYTHONS)}",
    )
    for names, package in (
        (("prometheus",), "prometheus"),
        (("prometheus-alertmanager", "alertmanager"), "prometheus-alertmanager"),
        (("promtool",), "prometheus"),
        (("amtool",), "prometheus-alertmanager"),
    ):
        found = next((path for name in names if (path := shutil.which(name))), None)
        yield Finding(names[0], found is not None, found or f"apt-get install {package}")
    try:
        yield Finding("Java, for Apache Kafka", True, java())
    except KafkaUnavailable as error:
        yield Finding("Java, for Apache Kafka", True, f"{error}; the embedded broker does without")
    try:
        norms = load_norms()
        yield Finding("norms", True, f"{len(norms.norms)} norms, version {norms.version}")
    except NormsError as error:
        yield Finding("norms", False, str(error))
    try:
        settings = kafka_settings(bootstrap)
    except KafkaSettingError as error:
        wrong.append(str(error))
        yield Finding("topics", False, str(error))
    else:
        if bootstrap or "KETENWACHT_KAFKA_BOOTSTRAP" in os.environ:
            yield _topics(settings, wrong)


def _topics(settings: KafkaSettings, wrong: list[str]) -> Finding:
    bootstrap = settings.bootstrap
    try:
        knock(settings)
        there = live_partitions(settings)
        differences = check_topics(settings, catalogue(there or REPORT_PARTITIONS))
    except KafkaSettingError as error:
        wrong.append(str(error))
        return Finding("topics", False, str(error))
    except (KafkaError, OSError) as error:
        return Finding("topics", False, f"{bootstrap}: {error}; is a broker listening there?")
    if differences:
        return Finding(
            "topics", False, f"{differences[0]} ({len(differences)} in all); ketenwacht topics apply"
        )
    producers = what_producers_set(there)
    return Finding(
        "topics", True, f"as in the catalogue at {bootstrap}" + (f"; {producers}" if producers else "")
    )
