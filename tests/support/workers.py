"""Crews of real workers for tests, and the metrics pages by which they say how far they are."""

import contextlib
import re
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from deploy.kafka.broker import Broker
from streams.joins import STATUS_SOURCES
from streams.topics import REPORT_PARTITIONS
from tests.support.worker_process import WorkerProcess

POLL_SECONDS = 0.1
_SAMPLE = re.compile(r"^(\w+)\{(.*)\} (\S+)$")


class Crew:
    """Workers of one group on one broker.

    Args:
        bootstrap: the broker.
        folder: where their logs go.
        env: variables for all of them.
        own_interpreter: start each by the command line.
        settings: of the workers, by name.

    Attributes:
        prepare: what each does before it begins, from now on.
    """

    prepare: Callable[[], None] | None = None

    def __init__(
        self,
        bootstrap: str,
        folder: Path,
        env: dict[str, str],
        settings: dict[str, float],
        *,
        own_interpreter: bool,
    ) -> None:
        self.bootstrap = bootstrap
        self.folder = folder
        self.log = folder / "workers.log"
        self.env = env
        self.settings = settings
        self.own_interpreter = own_interpreter
        self.workers: list[WorkerProcess] = []
        self._numbers = count()

    def hire(self) -> WorkerProcess:
        """Start one more worker."""
        worker = self._start()
        self.workers.append(worker)
        return worker

    def kill(self, number: int) -> None:
        """Kill a worker with -9 and start another in its place."""
        self.workers[number].kill()
        self.workers[number] = self._start()

    def lose(self, number: int) -> None:
        """Kill a worker with -9; nobody comes in its place."""
        self.workers.pop(number).kill()

    def dismiss(self, number: int) -> None:
        """Ask a worker to stop, and wait until it has, in peace."""
        worker = self.workers.pop(number)
        assert worker.exit_code is None, f"it had ended by itself: {self.tail()}"
        worker.stop()
        # By the signal itself only if it came before Faust listened for it.
        assert worker.exit_code in {0, -signal.SIGTERM}, f"ended with {worker.exit_code}: {self.tail()}"

    def samples(self) -> Iterator[tuple[str, dict[str, str], float]]:
        """Every sample on every page: name, labels, value."""
        for worker in self.workers:
            for line in worker.page().splitlines():
                if found := _SAMPLE.match(line):
                    labels = dict(re.findall(r'(\w+)="([^"]*)"', found[2]))
                    yield found[1], labels, float(found[3])

    def judged_until(self) -> int:
        """The tick up to which every topic is judged; 0 while one is not heard of."""
        passed = {
            labels["topic"]: value
            for name, labels, value in self.samples()
            if name == "ketenwacht_tick_timestamp_seconds" and labels["stage"] == "judge"
        }
        return int(min(passed.values())) if passed.keys() == set(STATUS_SOURCES) else 0

    def counts(self) -> Counter[tuple[str, str]]:
        """What became of the records, by topic and outcome."""
        counts: Counter[tuple[str, str]] = Counter()
        for name, labels, value in self.samples():
            if name == "ketenwacht_reports_total":
                counts[labels["topic"], labels["outcome"]] += int(value)
        return counts

    def wait_until_judged(self, tick: int, seconds: float) -> None:
        """Wait until everything up to a tick is judged."""
        deadline = time.monotonic() + seconds
        while (passed := self.judged_until()) < tick:
            if time.monotonic() > deadline:
                raise TimeoutError(f"judged until {passed}, not {tick}: {self.tail()}")
            time.sleep(POLL_SECONDS)

    def wait_for_counts(self, total: int, seconds: float) -> Counter[tuple[str, str]]:
        """Wait until the pages account for so many records; return the counts."""
        deadline = time.monotonic() + seconds
        while (counts := self.counts()).total() != total:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{counts.total()} records accounted for, not {total}: {counts}")
            time.sleep(POLL_SECONDS)
        return counts

    def tail(self) -> str:
        """The end of what they wrote on standard error, without what tells of nothing wrong."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(line for line in lines if "level=info" not in line)[-6000:]

    def _start(self) -> WorkerProcess:
        said = self.folder / f"said-{next(self._numbers)}"
        return WorkerProcess(
            self.settings,
            self.bootstrap,
            self.env,
            self.log,
            said,
            own_interpreter=self.own_interpreter,
            prepare=self.prepare,
        )


@contextlib.contextmanager
def crew(
    broker: Broker,
    *,
    env: dict[str, str] | None = None,
    own_interpreter: bool = False,
    **settings: float,
) -> Iterator[Crew]:
    """Give a crew without workers on a broker; ends every worker that it hired at the end.

    The group misses a dead worker after two seconds; the embedded broker takes half of that to let one join.
    """
    settings = {
        "session_timeout_s": 2.0,
        "report_partitions": REPORT_PARTITIONS,
        "metrics_port": 0,
        "leaves_group": broker.may_be_left,
    } | settings
    with tempfile.TemporaryDirectory(prefix="ketenwacht-crew-") as folder:
        workers = Crew(broker.bootstrap, Path(folder), env or {}, settings, own_interpreter=own_interpreter)
        try:
            yield workers
        finally:
            for worker in workers.workers:
                worker.kill()  # nothing is measured after this, and a stop in peace takes its time
