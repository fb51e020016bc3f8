"""Prometheus on this machine: scrapes and judges every second, on a free loopback port."""

import signal
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import yaml
from typing_extensions import override

from deploy.part import WebProgram

WORKER_JOB = "ketenwacht-worker"


class PrometheusServer(WebProgram):
    """One Prometheus; it is ready after about 0.5 s.

    Args:
        folder: configuration, data, targets and log go here; data stay at stop.
        rules: rule files to evaluate.
        alertmanagers: `host:port` of every Alertmanager; none: nobody is alerted (replays).
        targets: `host:port` of the workers' `/metrics`, until `set_targets` says otherwise.
        targets_file: a `file_sd` JSON file that somebody else keeps, instead of `targets`.
        port: listen here; a free port if None.
    """

    name = "Prometheus"
    programs = ("prometheus",)
    ready_when_heard = False
    """Whether it counts as ready only once it has found its Alertmanagers."""

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
        super().__init__(folder, port)
        self._rules = [str(path.resolve()) for path in rules]
        self._alertmanagers = list(alertmanagers)
        self._targets = list(targets)
        self._targets_file = targets_file

    @override
    def _arguments(self) -> list[str]:
        if self._targets_file is None:
            self.set_targets(self._targets)
        config = self.folder / "prometheus.yml"
        config.write_text(yaml.safe_dump(self._config(), sort_keys=False))
        return [
            f"--config.file={config}",
            f"--storage.tsdb.path={self.folder / 'data'}",
            "--storage.tsdb.retention.time=30d",
        ]

    def wait_until_heard(self, timeout: float = 15.0) -> None:
        """Return when Prometheus has found its Alertmanagers (up to 5 s after the start).

        What fires before that is offered again a minute later; who measures latency waits for this.

        Raises:
            ChildFailed: it did not in time.
        """
        if self._process:
            self._process.wait_until(self.heard, timeout, "the way from Prometheus to Alertmanager")

    @override
    def _answers(self) -> bool:
        return super()._answers() and (self.heard() or not self.ready_when_heard)

    def heard(self) -> bool:
        """Tell whether it has found all its Alertmanagers."""
        return not self._alertmanagers or _alertmanagers_found(self.url) == len(self._alertmanagers)

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


def _alertmanagers_found(url: str) -> int:
    try:
        with urllib.request.urlopen(f"{url}/api/v1/alertmanagers", timeout=1) as answer:  # noqa: S310 - our own URL
            return len(orjson.loads(answer.read())["data"]["activeAlertmanagers"])
    except OSError:
        return 0
