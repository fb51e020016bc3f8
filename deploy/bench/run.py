"""Runs the systems on a log, each in a process of its own, in turns, and takes medians."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import msgspec

from deploy.bench.child import MISSING
from deploy.bench.ground import Ground
from deploy.bench.log import LogKind
from deploy.bench.peers import System
from deploy.bench.work import Outcome, Work

RUN_SECONDS_MAX = 120.0

Say = Callable[[str], None]


@dataclass
class Runs:
    """The runs of one system on one log, and why it has none."""

    outcomes: list[Outcome] = field(default_factory=list)
    failed: str = ""

    @property
    def records_per_second(self) -> float:
        """Median over the runs."""
        return median(run.records / run.seconds for run in self.outcomes)

    @property
    def figures_per_second(self) -> float:
        """Median over the runs."""
        return median(run.figures / run.seconds for run in self.outcomes)

    @property
    def cpu_seconds_per_million(self) -> float:
        """Median over the runs: processor seconds for a million figures."""
        return median(run.cpu_seconds / run.figures for run in self.outcomes) * 1e6

    @property
    def peak_mb(self) -> float:
        """Largest over the runs, MiB."""
        return max(run.peak_mb for run in self.outcomes)


class WrongResult(RuntimeError):  # noqa: N818 - named after what it gave
    """A system's result is not that of the single pass; its time means nothing."""


def compare(
    ground: Ground, systems: Iterable[System], rounds: int, python: str, say: Say
) -> Mapping[str, Runs]:
    """Return the runs of each system, `rounds` of them, in turns; every result is held against the single pass.

    A system that fails or gives a wrong result is not run again.
    """
    found = {system.name: Runs() for system in systems}
    for number in range(rounds):
        for system in systems:
            runs = found[system.name]
            if runs.failed:
                continue
            try:
                outcome = run_once(ground, system, f"{number}-{system.name.replace('_', '-')}", python)
            except (WrongResult, SystemFailed) as error:
                runs.failed = str(error)
                say(f"{ground.log:8} {system.name:15} {error}")
                continue
            runs.outcomes.append(outcome)
            rate = outcome.records / outcome.seconds
            say(f"{ground.log:8} {system.name:15} {rate:11,.0f} records/s in {outcome.seconds:.2f} s")
    return found


class SystemFailed(RuntimeError):  # noqa: N818 - named after what happened
    """A system is not installed or did not come to the end of the log; the message says which and why."""


def run_once(ground: Ground, system: System, name: str, python: str) -> Outcome:
    """Return the outcome of one run.

    Raises:
        SystemFailed: it is not installed, or did not come to the end of the log.
        WrongResult: its result is not that of the single pass.
    """
    share = share_of(system, ground.log)
    part = ground.part(share, by_series=system.name == "quix_window" and ground.log == "single")
    expected, count = part.truth(system.job)
    with tempfile.TemporaryDirectory(dir=ground.folder) as folder:
        work = Work(
            bootstrap=ground.broker.bootstrap,
            topic=part.topic,
            partitions=ground.partitions,
            records=part.records,
            figures=count,
            log=ground.log,
            group=f"bench-{name}",
            session_seconds=ground.broker.session_seconds,
            folder=folder,
            recording=str(ground.recording()) if system.name == "backtest" else "",
        )
        outcome = run_child(system.name, work, python)
    ground.clear()
    check(outcome, system, expected, part.records)
    return outcome


def check(outcome: Outcome, system: System, expected: str, records: int) -> None:
    """Hold a result against the single pass.

    Raises:
        WrongResult: it is another, or records are missing.
    """
    if outcome.records != records:
        raise WrongResult(f"{outcome.records} records instead of {records}: not timed")
    if system.job != "none" and outcome.digest != expected:
        raise WrongResult("another result than the single pass: not timed")


def run_child(name: str, work: Work, python: str) -> Outcome:
    """Run one system in a process and return what it tells.

    Raises:
        SystemFailed: it did not tell anything.
    """
    argv = [python, "-m", "deploy.bench.child", name, msgspec.json.encode(work).decode()]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=RUN_SECONDS_MAX, check=False)
    except subprocess.TimeoutExpired as error:
        raise SystemFailed(f"not ready in {RUN_SECONDS_MAX:.0f} s") from error
    last = done.stdout.strip().rpartition("\n")[2]
    tail = done.stderr.strip()[-600:]
    if done.returncode == MISSING:
        raise SystemFailed(f"not installed: {tail}")
    try:
        return msgspec.json.decode(last, type=Outcome)
    except msgspec.MsgspecError as error:
        raise SystemFailed(f"ended with code {done.returncode}: {tail}") from error


def share_of(system: System, log: LogKind) -> float:
    """Return the share of a log that a system is given."""
    return system.mixture if log == "mixture" else system.single


def bench_python(root: Path) -> str:
    """Return the interpreter that has the peers: that of `.venv-bench` if `make bench` made it, else our own."""
    own = root / ".venv-bench" / "bin" / "python"
    return str(own) if own.exists() else sys.executable
