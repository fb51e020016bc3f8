"""Where the time of our worker goes: py-spy samples of a run, added up by part of the work."""

import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from deploy.bench.ground import Ground
from deploy.bench.log import Shape
from deploy.bench.work import Outcome, Work
from deploy.kafka.broker import BrokerKind

_PARTITIONS = 4
_SAMPLES_A_SECOND = 500
_SECONDS_MAX = 120

_NOT_COUNTED = re.compile(
    r"_find_and_load|look \(deploy/bench|create_app|load_norms|select \(selectors\.py|_shutdown"
    r"|Condition\.wait \(threading|_end_at_last|collect_rarely"
)
"""Starting up, waiting, and the measurement itself."""

_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ticks: indicators and status entries", re.compile(r"\btick \(agents/domain/partition\.py")),
    ("decode: bytes to a checked report", re.compile(r"streams/(codec|intake|reports)")),
    ("fold: report into state", re.compile(r"agents/domain/|streams/calendar\.py")),
    ("snapshots", re.compile(r"engine/snapshot\.py|partition_image\.py|_put_away|_save_if_due")),
    ("judge and nation", re.compile(r"judge_status\.py|sum_nation\.py|alerts/")),
    ("metrics page", re.compile(r"photograph\.py|exporter\.py|prometheus_client/")),
    (
        "fetch: network and record batches",
        re.compile(r"agents/delivery/|aiokafka/(consumer|record|protocol|conn|client)"),
    ),
    ("produce", re.compile(r"aiokafka/producer|producer")),
    ("shell: batches, offsets", re.compile(r"agents/(engine|fold_reports)")),
)
"""Parts by the frames of a stack; the first that matches has it."""

_REST = "event loop and Faust"


def profile(kind: BrokerKind, python: str, records: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Return for each log the share of every part and what it costs a record; empty where py-spy is missing."""
    spy = Path(python).with_name("py-spy")
    if not spy.exists():
        say("profile: py-spy is not installed here; `make bench` does")
        return {}
    found: dict[str, Any] = {}
    for shape in (Shape("mixture", records), Shape("single", records * 5)):
        sampled = _sampled(kind, python, spy, shape)
        if sampled is None:
            say("profile: py-spy may not look into processes here")
            return {}
        outcome, lines = sampled
        found[shape.kind] = {
            "records": shape.records,
            "parts": parts_of(lines, outcome.cpu_seconds / outcome.records),
        }
        say(f"profile {shape.kind}: {found[shape.kind]['parts'][0]}")
    return {"profile": found}


def parts_of(lines: Iterable[str], cpu_seconds_a_record: float) -> list[dict[str, Any]]:
    """Return part, share and microseconds a record from collapsed stacks, largest first."""
    counts: Counter[str] = Counter()
    for line in lines:
        stack, _, number = line.rpartition(" ")
        if stack and not _NOT_COUNTED.search(stack):
            part = next((title for title, pattern in _PARTS if pattern.search(stack)), _REST)
            counts[part] += int(number)
    total = counts.total() or 1
    return [
        {
            "part": part,
            "share": round(number / total, 4),
            "microseconds_per_record": round(number / total * cpu_seconds_a_record * 1e6, 2),
        }
        for part, number in counts.most_common()
    ]


def _sampled(kind: BrokerKind, python: str, spy: Path, shape: Shape) -> tuple[Outcome, list[str]] | None:
    with Ground(kind, shape, _PARTITIONS) as ground, tempfile.TemporaryDirectory(dir=ground.folder) as folder:
        part = ground.part(1)
        work = Work(
            bootstrap=ground.broker.bootstrap,
            topic=part.topic,
            partitions=_PARTITIONS,
            records=part.records,
            figures=part.truth("fold")[1],
            log=shape.kind,
            group="bench-profile",
            session_seconds=ground.broker.session_seconds,
            folder=folder,
        )
        stacks = Path(folder) / "stacks.txt"
        argv = [
            str(spy),
            "record",
            "--rate",
            str(_SAMPLES_A_SECOND),
            "--format",
            "raw",
            "--output",
            str(stacks),
            "--",
        ]
        argv += [python, "-m", "deploy.bench.child", "ketenwacht", msgspec.json.encode(work).decode()]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=_SECONDS_MAX, check=False)
        told = [line for line in done.stdout.splitlines() if line.startswith('{"records"')]
        if not told or not stacks.exists():
            return None
        return msgspec.json.decode(told[-1], type=Outcome), stacks.read_text("utf-8").splitlines()
