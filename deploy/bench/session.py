"""One whole measurement: the systems on both logs, then latency, recovery and scaling of ours."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from deploy.bench.document import document
from deploy.bench.ground import Ground
from deploy.bench.latency import latency
from deploy.bench.log import LogKind, Shape
from deploy.bench.peers import System
from deploy.bench.profiling import profile
from deploy.bench.recovery import recovery
from deploy.bench.run import Runs, bench_python, compare
from deploy.bench.scaling import scaling
from deploy.bench.stolen import watching
from deploy.kafka.broker import BrokerKind

PARTITIONS = 4
SCALING_ROUNDS = 1
SINGLE_PER_MIXTURE = 5
"""Records of the single log for each of the mixture, so that both take about as long."""


@dataclass(frozen=True)
class Plan:
    """What to measure.

    Attributes:
        broker: which broker.
        systems: those that are compared.
        records: reports in the mixture.
        rounds: runs of each system on each log.
        parts: of `systems`, `latency`, `recovery`, `scaling`, `profile`.
        root: folder of the project, where `.venv-bench` lies if there is one.
    """

    broker: BrokerKind
    systems: tuple[System, ...]
    records: int
    rounds: int
    parts: tuple[str, ...]
    root: Path


def measure(plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Return the document of a measurement; progress goes to `say`."""
    began = time.monotonic()
    python = bench_python(plan.root)
    measured: dict[LogKind, dict[str, Runs]] = {}
    stolen: dict[str, float] = {}
    if "systems" in plan.parts:
        sizes: tuple[tuple[LogKind, int], ...] = (
            ("mixture", plan.records),
            ("single", plan.records * SINGLE_PER_MIXTURE),
        )
        for log, records in sizes:
            with watching(stolen, log), Ground(plan.broker, Shape(log, records), PARTITIONS) as ground:
                measured[log] = dict(compare(ground, plan.systems, plan.rounds, python, say))
    parts: dict[str, Any] = {"stolen_percent": stolen}
    if "latency" in plan.parts:
        with watching(stolen, "latency"):
            parts |= latency(plan.broker, python, say)
    if "recovery" in plan.parts:
        with watching(stolen, "recovery"):
            parts |= recovery(plan.broker, python, plan.rounds, say)
    if "scaling" in plan.parts:
        with watching(stolen, "scaling"):
            parts["scaling"] = scaling(plan.broker, python, plan.records // 2, SCALING_ROUNDS, say)
    if "profile" in plan.parts:
        parts |= profile(plan.broker, python, plan.records // 2, say)
    say(f"took {time.monotonic() - began:.0f} s")
    return document(measured, plan.broker, plan.rounds, PARTITIONS, parts, packages_of(python))


def packages_of(python: str) -> dict[str, str]:
    """Return the versions of the packages that matter in another interpreter."""
    code = "import orjson, sys; from deploy.bench.document import versions; sys.stdout.buffer.write(orjson.dumps(versions()))"
    told = subprocess.run([python, "-c", code], capture_output=True, check=True).stdout
    return dict(orjson.loads(told))
