"""Real worker processes for tests, and the metrics pages by which they say how far they are.

A worker takes more than a second to import Faust, on a machine that should be busy with records; so most are forked
from a process that has imported it already. One that needs an interpreter of its own (a hash seed, a time zone) is
started by the command line, as a user does.
"""

import contextlib
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path

from deploy.kafka.broker import Broker
from streams.joins import STATUS_SOURCES
from streams.topics import REPORT_PARTITIONS

POLL_SECONDS = 0.1
_START_SECONDS = 60
_STOP_SECONDS = 20
_SAMPLE = re.compile(r"^(\w+)\{(.*)\} (\S+)$")
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["agents.worker"])


class WorkerProcess:
    """One worker on a metrics port of its own.

    Args:
        settings: of the worker, by name.
        bootstrap: the broker.
        env: variables on top of our own.
        log: file for what it writes on standard error.
        said: file for what it writes on standard output.
        own_interpreter: start `ketenwacht worker` afresh instead of forking.
        prepare: called in the forked process before it begins.
    """

    def __init__(
        self,
        settings: dict[str, float],
        bootstrap: str,
        env: dict[str, str],
        log: Path,
        said: Path,
        *,
        own_interpreter: bool,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        self.log = log
        self.said = said
        self.process: subprocess.Popen | BaseProcess
        if own_interpreter:
            self.process = _by_command(settings, bootstrap, env, log, said)
        else:
            arguments = (settings, bootstrap, env, str(log), str(said), prepare)
            self.process = _forks.Process(target=_work, args=arguments)
            self.process.start()
        self._url: str | None = None

    @property
    def exit_code(self) -> int | None:
        """How it ended, negative for a signal; None while it runs."""
        if isinstance(self.process, subprocess.Popen):
            return self.process.poll()
        return self.process.exitcode

    @property
    def url(self) -> str:
        """Where its metrics page is; waits for the line in which it says so."""
        deadline = time.monotonic() + _START_SECONDS
        while self._url is None:
            words = self.said.read_text().split() if self.said.exists() else []
            if len(words) > 1:
                self._url = words[1]
                break
            assert self.exit_code is None, f"worker ended at once: {self.log.read_text()[-2000:]}"
            assert time.monotonic() < deadline, "worker does not say where its page is"
            time.sleep(0.01)
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
        self._wait(None)

    def stop(self) -> None:
        """Ask it to stop, and kill it if it does not."""
        if self.exit_code is None:
            self.process.terminate()
            self._wait(_STOP_SECONDS)
        if self.exit_code is None:
            self.kill()

    def _wait(self, seconds: float | None) -> None:
        if isinstance(self.process, subprocess.Popen):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        else:
            self.process.join(seconds)


def _by_command(
    settings: dict[str, float], bootstrap: str, env: dict[str, str], log: Path, said: Path
) -> subprocess.Popen:
    env = env | {"KETENWACHT_WORKER_LEAVES_GROUP": str(settings["leaves_group"])}
    options = {
        "--session-timeout": settings["session_timeout_s"],
        "--partitions": settings["report_partitions"],
    }
    said_so = [word for name, value in options.items() for word in (name, str(value))]
    with log.open("ab") as errors, said.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "deploy.cli.main", "worker", "--bootstrap", bootstrap, *said_so],
            env=os.environ | env,
            stdout=out,
            stderr=errors,
        )


def _work(
    settings: dict[str, float],
    bootstrap: str,
    env: dict[str, str],
    log: str,
    said: str,
    prepare: Callable[[], None] | None = None,
) -> None:
    """Be a worker, in a forked process: what `ketenwacht worker` does once it knows its settings."""
    for path, number in ((said, 1), (log, 2)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, number)
        os.close(file)
    os.environ.update(env)
    if prepare is not None:
        prepare()
    from agents.settings import WorkerSettings
    from agents.worker import run_worker
    from streams.kafka import KafkaSettings
    from streams.signing_keys import SigningSettings

    signing = SigningSettings()
    keys = {"keys": signing.keys(), "source_keys": signing.source_keys()}
    run_worker(WorkerSettings(**settings), KafkaSettings(bootstrap=bootstrap), **keys)


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
