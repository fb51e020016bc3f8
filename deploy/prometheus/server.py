"""Prometheus on this machine: scrapes and judges every second, on a free loopback port."""

import http.client
import shutil
import signal
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson
import yaml

from deploy.child import ChildProcess, ProgramMissing, free_ports

WORKER_JOB = "ketenwacht-worker"
START_TIMEOUT_S = 20.0


class PrometheusServer:
    """One Prometheus, used as a context manager or by start and stop.

    Args:
        folder: configuration, data, targets and log go here; data stay at stop.
        rules: rule files to evaluate.
        alertmanagers: `host:port` of every Alertmanager; none: nobody is alerted (replays).
        targets: `host:port` of the workers' `/metrics`, until `set_targets` says otherwise.
        targets_file: a `file_sd` JSON file that somebody else keeps, instead of `targets`.
        port: listen here; a free port if None.
    """

    def __init__(
        self,
        folder: Path,
        rules: Sequence[Path],
        alertmanagers: Sequence[str] = (),
        *,
        targets: Sequence[str] = (),
        targets_file: Path | None = None,
        port: int | None = None,
    ) -> None:
        self.folder = folder
        self.port = port or 0
        self._rules = [str(path.resolve()) for path in rules]
        self._alertmanagers = list(alertmanagers)
        self._targets = list(targets)
        self._targets_file = targets_file
        self._process: ChildProcess | None = None

    @property
    def address(self) -> str:
        """`127.0.0.1:PORT`; known after `start`."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Its web page and API."""
        return f"http://{self.address}"

    @property
    def pid(self) -> int | None:
        """Process id while it runs, else None."""
        return self._process.pid if self._process and self._process.running() else None

    @property
    def log(self) -> Path:
        """File with what it wrote."""
        return self.folder / "prometheus.log"

    def start(self) -> None:
        """Write the configuration, start it, return when it is ready (about 0.5 s).

        Raises:
            ProgramMissing: Prometheus is not installed.
            ChildFailed: it did not start; nothing is left running.
        """
        program = shutil.which("prometheus")
        if program is None:
            raise ProgramMissing("prometheus is not installed; run: apt-get install prometheus")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_ports(1)[0]
        if self._targets_file is None:
            self.set_targets(self._targets)
        config = self.folder / "prometheus.yml"
        config.write_text(yaml.safe_dump(self._config(), sort_keys=False))
        self._process = ChildProcess(
            [
                program,
                f"--config.file={config}",
                f"--storage.tsdb.path={self.folder / 'data'}",
                "--storage.tsdb.retention.time=30d",
                f"--web.listen-address={self.address}",
                "--log.level=warn",
            ],
            log=self.log,
            env={"TZ": "Europe/Amsterdam"},  # local times in the texts of alerts
        )
        try:
            self._process.wait_until(
                lambda: answers(self.port, "/-/ready"), START_TIMEOUT_S, f"Prometheus at {self.address}"
            )
        except BaseException:
            self.stop()
            raise

    def wait_until_heard(self, timeout: float = 15.0) -> None:
        """Return when Prometheus has found its Alertmanagers (up to 5 s after the start).

        What fires before that is offered again a minute later; who measures latency waits for this.

        Raises:
            ChildFailed: it did not in time.
        """
        if self._process and self._alertmanagers:
            self._process.wait_until(
                lambda: _alertmanagers_found(self.url) == len(self._alertmanagers),
                timeout,
                "the way from Prometheus to Alertmanager",
            )

    def set_targets(self, targets: Sequence[str]) -> None:
        """Scrape these workers from now on (noticed within a second).

        Raises:
            ValueError: the targets file belongs to somebody else.
        """
        if self._targets_file is not None:
            raise ValueError(f"targets come from {self._targets_file}; change that file")
        self._targets = list(targets)
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / "targets.json.new"
        fresh.write_bytes(orjson.dumps([{"targets": self._targets}]))
        fresh.replace(self.folder / "targets.json")

    def reload(self) -> None:
        """Read the rule files again."""
        if self._process:
            self._process.send(signal.SIGHUP)

    def stop(self) -> None:
        """Shut it down cleanly; data stay."""
        if self._process:
            self._process.stop()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process:
            self._process.kill()

    def _config(self) -> dict[str, Any]:
        workers = self._targets_file or self.folder / "targets.json"
        every_second = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
        jobs: list[dict[str, Any]] = [
            {
                "job_name": WORKER_JOB,
                "file_sd_configs": [{"files": [str(workers.resolve())], "refresh_interval": "5s"}],
            },
            {"job_name": "prometheus", "static_configs": [{"targets": [self.address]}]},
        ]
        config: dict[str, Any] = {
            "global": every_second,
            "rule_files": self._rules,
            "scrape_configs": jobs,
        }
        if self._alertmanagers:
            heard_by = [{"targets": self._alertmanagers}]
            jobs.append({"job_name": "alertmanager", "static_configs": heard_by})
            config["alerting"] = {"alertmanagers": [{"static_configs": heard_by}]}
        return config

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _alertmanagers_found(url: str) -> int:
    try:
        with urllib.request.urlopen(f"{url}/api/v1/alertmanagers", timeout=1) as answer:  # noqa: S310 - our own URL
            return len(orjson.loads(answer.read())["data"]["activeAlertmanagers"])
    except OSError:
        return 0


def answers(port: int, path: str) -> bool:
    """Tell whether an HTTP server on 127.0.0.1 answers 200 to a GET of `path`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
