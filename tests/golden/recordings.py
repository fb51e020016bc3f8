"""The recordings that two commits are compared by, and what the commands print of them, as files."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import orjson
from click.testing import Result
from typer.testing import CliRunner

from agents.pipeline import Pipeline
from alerts.norms import load_norms
from deploy.cli.main import app
from streams.calendar import iso
from streams.recording import read_recording
from streams.registry.load import registry_of_recording
from streams.replay import stretches
from streams.status import encode

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "real"
REAL = {
    "lcps": ("lcps-datafeed", "lcps_datafeed_v1_2020-02-27_2021-07-26.csv"),
    "coronadashboard": ("coronadashboard-nl", "coronadashboard_nl_2020-02-27_2021-07-26.json"),
    "nice-veiligheidsregio": ("nice-vr", "nice_admissions_per_veiligheidsregio_2020-02-27_2021-07-26.csv"),
    "nice-gemeente": ("nice-vr", "nice_admissions_per_gemeente_2021-03-15_2021-05-15.csv"),
    "ggz": ("nza-wachttijden-ggz", "nza_wachttijden_ggz_2016_instellingen.csv"),
}
"""The kind and the file of each real recording."""

RECORDING = "recording.jsonl.gz"
SEEDS = (1, 2, 3)
MOMENTS = 10
_SLOW = (
    "najaarsgolf",
    "rustig",
    "voorrang",
    "werkvoorraad",
    "informatieplicht",
    "maart-2020-december-2022",
)
"""Scenarios that take more than half a second: of these, only `--long` plays every seed."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recording.

    Attributes:
        name: scenario and seed, or the name of a real file.
        words: the command that makes it, without its output.
        long: played with `--long` only.
    """

    name: str
    words: tuple[str, ...]
    long: bool = False

    @property
    def at_hand(self) -> bool:
        """Whether what it is made from is there: public files are not everywhere."""
        return self.words[0] != "import" or Path(self.words[2]).is_file()

    def outputs(self, place: Path) -> Iterator[tuple[str, bytes]]:
        """Make the recording in a folder, and yield it and what the commands print of it, each with its file's name."""
        recording = place / RECORDING
        ketenwacht(*self.words, "-o", recording)
        yield "recording.jsonl", gzip.decompress(recording.read_bytes())  # whatever packed it
        yield from _judged(recording)


def ketenwacht(*words: object) -> Result:
    """Run a command in this process; it must succeed."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exit_code:
        raise RuntimeError(f"ketenwacht {words}: {result.output}") from result.exception
    return result


def recordings() -> tuple[Recorded, ...]:
    """Return every scenario with each seed, and the real files."""
    scenarios = [row["scenario"] for row in orjson.loads(ketenwacht("simulate", "--list", "--json").stdout)]
    drawn = [
        Recorded(
            f"{name}-{seed}", ("simulate", name, "--seed", str(seed)), seed != SEEDS[0] and name in _SLOW
        )
        for name in scenarios
        for seed in SEEDS
    ]
    return *drawn, *(
        Recorded(name, ("import", kind, str(DATA / file))) for name, (kind, file) in REAL.items()
    )


def moments(recording: Path) -> list[int]:
    """Return ten ticks of a recording, spread evenly, the last one included."""
    header, records = read_recording(recording, headers=False)
    ticks = [item for item in stretches(records, header.tick_seconds) if isinstance(item, int)]
    return sorted({ticks[(len(ticks) - 1) * number // MOMENTS] for number in range(1, MOMENTS + 1)})


def _judged(recording: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what `backtest --json` and, at the moments, `status --json` print; one pass does for all of them."""
    header, records = read_recording(recording, headers=False)
    pipeline = Pipeline(load_norms(), registry_of_recording(header.registry))
    asked = set(moments(recording))
    known: dict[int, bytes] = {}

    def watched() -> Iterator[list | int]:
        for item in stretches(records, header.tick_seconds):
            yield item
            if isinstance(item, int) and item in asked:
                known[item] = orjson.dumps(msgspec.to_builtins(pipeline.status(item))) + b"\n"

    lines = [encode(transition) + b"\n" for transition in pipeline.play(watched())]
    yield "backtest.jsonl", b"".join(lines)
    yield "backtest-summary.json", _summary(pipeline, len(lines))
    for at, printed in known.items():
        yield f"status-{iso(at)}.json", printed


def _summary(pipeline: Pipeline, transitions: int) -> bytes:
    counts = pipeline.counts
    summary = {
        "produced": counts.total,
        "applied": counts.applied,
        "duplicate": counts.duplicate,
        "late": counts.late,
        "dead_lettered": counts.dead_lettered,
        "skipped": counts.skipped,
        "held_back": counts.held_back,
        "other": sum(pipeline.other.values()),
        "transitions": transitions,
    }
    if unknown := pipeline.unknown_senders:
        summary["unknown_senders"] = len(unknown)
    return orjson.dumps(summary) + b"\n"
