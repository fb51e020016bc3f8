"""One real worker process for a test.

A worker takes more than a second to import Faust, on a machine that should be busy with records; so most are forked
from a process that has imported it already. One that needs an interpreter of its own (a hash seed, a time zone) is
started by the command line, as a user does.
"""

import contextlib
import multiprocessing
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

_START_SECONDS = 60
_STOP_SECONDS = 20
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["agents.worker"])


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
            self.process = FORKS.Process(target=work, args=arguments)
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


def work(
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
