"""Real worker processes for tests, and the metrics pages by which they say how far they are."""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from streams.topics import REPORT_TOPICS

POLL_SECONDS = 0.25
_SAMPLE = re.compile(r"^(\w+)\{(.*)\} (\S+)$")


class WorkerProcess:
    """One `ketenwacht worker` on a metrics port of its own."""

    def __init__(self, bootstrap: str, session_timeout: float, log: Path, env: dict[str, str]) -> None:
        self.log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [
                    sys.executable, "-m", "deploy.cli.main", "worker",
                    "--bootstrap", bootstrap, "--session-timeout", str(session_timeout), "--metrics-port", "0",
                ],
                env=os.environ | env,
                stdout=subprocess.PIPE,
                stderr=errors,
            )  # fmt: skip
        self._url: str | None = None

    @property
    def url(self) -> str:
        """Where its metrics page is; waits for the line in which it says so."""
        if self._url is None:
            assert self.process.stdout is not None
            line = self.process.stdout.readline().decode().split()
            assert line, f"worker ended at once: {self.log.read_text()[-2000:]}"
            self._url = line[1]
        return self._url

    def page(self) -> str:
        """Its metrics page; empty while it does not answer."""
        try:
            with urllib.request.urlopen(self.url, timeout=5) as answer:
                return answer.read().decode()
        except (urllib.error.URLError, OSError):
            return ""

    def kill(self) -> None:
        """Kill it with -9."""
        self.process.kill()
        self.process.wait()
        self._close()

    def stop(self) -> None:
        """Ask it to stop, and kill it if it does not."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._close()

    def _close(self) -> None:
        if self.process.stdout is not None:
            self.process.stdout.close()


class Crew:
    """Workers of one group on one broker."""

    def __init__(self, bootstrap: str, session_timeout: float, folder: Path, env: dict[str, str]) -> None:
        self.bootstrap = bootstrap
        self.session_timeout = session_timeout
        self.log = folder / "workers.log"
        self.env = env
        self.workers: list[WorkerProcess] = []

    def hire(self) -> WorkerProcess:
        """Start one more worker."""
        worker = WorkerProcess(self.bootstrap, self.session_timeout, self.log, self.env)
        self.workers.append(worker)
        return worker

    def kill(self, number: int) -> None:
        """Kill a worker with -9 and start another in its place."""
        self.workers[number].kill()
        self.workers[number] = WorkerProcess(self.bootstrap, self.session_timeout, self.log, self.env)

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
        return int(min(passed.values())) if passed.keys() == set(REPORT_TOPICS) else 0

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
                raise TimeoutError(f"judged until {passed}, not {tick}: {self.log.read_text()[-3000:]}")
            time.sleep(POLL_SECONDS)

    def wait_for_counts(self, total: int, seconds: float) -> Counter[tuple[str, str]]:
        """Wait until the pages account for so many records; return the counts."""
        deadline = time.monotonic() + seconds
        while (counts := self.counts()).total() != total:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{counts.total()} records accounted for, not {total}: {counts}")
            time.sleep(POLL_SECONDS)
        return counts


@contextlib.contextmanager
def crew(bootstrap: str, kind: str, **env: str) -> Iterator[Crew]:
    """Give a crew without workers; stops every worker that it hired at the end."""
    session_timeout = (
        2.0 if kind == "embedded" else 6.0
    )  # the embedded broker takes half of it to let one join
    with tempfile.TemporaryDirectory(prefix="ketenwacht-crew-") as folder:
        workers = Crew(bootstrap, session_timeout, Path(folder), env)
        try:
            yield workers
        finally:
            for worker in workers.workers:
                worker.stop()
