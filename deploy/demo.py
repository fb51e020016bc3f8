"""The main job on this machine: play a log through the whole chain, see who was told, check that nothing was lost."""

import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from agents.domain.counts import OUTCOMES
from agents.pipeline import episode_order
from alerts.metrics import BREACH_ACTIVE, LAST_TICK, REPORTS, TICKS
from deploy.local import LocalStack
from deploy.mailbox import Mail
from streams.calendar import iso
from streams.joins import STATUS_SOURCES
from streams.log_end import read_all
from streams.player import Player
from streams.recording import Record
from streams.registry.registry import Registry
from streams.replay import with_ticks
from streams.signature import SigningKeys
from streams.status import Transition, decode_transition
from streams.topics import BREACHES, REPORT_PARTITIONS

_STUCK_SECONDS = 90.0
_QUIET_SECONDS = 8.0
_LAST_MAILS_SECONDS = 30.0
_POLL_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Summary:
    """What a demo came to; `seconds` is how long it took from the first record on."""

    produced: int
    applied: int
    duplicate: int
    late: int
    dead_lettered: int
    skipped: int
    held_back: int
    lost: int
    breaches: int
    notified: int
    seconds: float

    @property
    def conserved(self) -> bool:
        """Whether every record that was produced became something; ticks are among the lost."""
        read = sum(int(getattr(self, outcome)) for outcome in OUTCOMES)
        return read <= self.produced <= read + self.lost

    @property
    def ok(self) -> bool:
        """Nothing lost, and somebody was told."""
        return self.conserved and self.notified > 0

    def as_dict(self) -> dict[str, Any]:
        """Return it as its JSON object."""
        return asdict(self)


@dataclass
class Progress:
    """What a demo shows while it runs; written by several threads, read by one.

    Attributes:
        phase: what is being done now.
        produced: records written.
        log_time: second of the log that is being written.
        judged: second of the log up to which the judge came; 0 before the first.
        active: active breaches by region, each as (norm, severity); a region that nothing is known of is absent.
        subjects: subjects of the mails, oldest first.
        told: (region, norm, scope) of every breach that a notification was sent for.
        told_at: when the last of them was told, in seconds of the monotonic clock.
        first_mail_at: when the first mail came in, in Unix seconds; 0 before.
    """

    phase: str = "start"
    produced: int = 0
    log_time: int = 0
    judged: int = 0
    active: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    subjects: list[str] = field(default_factory=list)
    told: set[tuple[str, str, str]] = field(default_factory=set)
    told_at: float = 0.0
    first_mail_at: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def on_mail(self, mail: Mail) -> None:
        """Note a mail that came in."""
        with self.lock:
            self.first_mail_at = self.first_mail_at or time.time()
            self.subjects.append(mail.subject)

    def on_payload(self, payload: Mapping[str, Any]) -> None:
        """Note a notification that was sent."""
        with self.lock:
            for alert in payload["alerts"]:
                labels = alert["labels"]
                if alert["status"] == "firing" and "norm" in labels:
                    self.told.add((labels.get("region", ""), labels["norm"], labels.get("scope", "")))
                    self.told_at = time.monotonic()


class Demo:
    """Plays one log through a local stack that has been started.

    Args:
        stack: the chain.
        records: the log, in order.
        tick_seconds: step of its ticks.
        progress: told what happens; its `on_mail` and `on_payload` belong to the stack.
        speed: seconds of the log in a second; None goes as fast as the broker takes it.
        registry: who may say what, in force before the first record; None: everybody may speak.
        keys: sign ticks and control records.
    """

    def __init__(
        self,
        stack: LocalStack,
        records: list[Record],
        tick_seconds: int,
        progress: Progress,
        speed: float | None,
        registry: Registry | None = None,
        keys: SigningKeys | None = None,
    ) -> None:
        self.stack = stack
        self.progress = progress
        self._records = records
        self._tick_seconds = tick_seconds
        self._speed = speed
        self._registry = registry
        self._keys = keys
        self._stopped = False
        self._error: BaseException | None = None
        self._refused = 0

    @property
    def span(self) -> tuple[int, int]:
        """First and last second of the log."""
        if not self._records:
            return 0, 0
        return self._records[0].timestamp // 1000, self._records[-1].timestamp // 1000

    def stop(self) -> None:
        """End the play early."""
        self._stopped = True

    def run(self) -> Iterator[Progress]:
        """Play, wait until everything is judged and told; yield the progress every second and a half.

        Raises:
            TimeoutError: the workers did not come to the end in time, or a part of the chain died.
            kafka.errors.KafkaError: a record could not be written.
        """
        player = Player(self.stack.kafka, REPORT_PARTITIONS, self._keys)
        thread = Thread(target=self._play, args=(player,), name="player", daemon=True)
        self._began = time.monotonic()
        self.progress.phase = "spelen"
        thread.start()
        try:
            while thread.is_alive():
                yield self._look()
                thread.join(_POLL_SECONDS)
            if self._error is not None:
                raise self._error
            self.progress.phase = "verwerken"
            yield from self._until_judged(player.played.last_tick)
            self.progress.phase = "laatste meldingen"
            yield from self._until_told()
        finally:
            self._stopped = True
            thread.join(10)

    def summary(self) -> Summary:
        """Return what it came to, counted by the workers and in the logs."""
        outcomes = dict.fromkeys((*OUTCOMES, "lost"), 0)
        for sample_labels, value in _samples(self.stack.metrics(), REPORTS.name):
            outcomes[sample_labels["outcome"]] += int(value)
        outcomes["dead_lettered"] += self._refused
        active = {t.episode: (t.region, t.norm, t.scope) for t in self.transitions() if t.state == "active"}
        with self.progress.lock:
            told = set(self.progress.told)
        return Summary(
            produced=self.progress.produced,
            **outcomes,
            breaches=len(active),
            notified=sum(breach in told for breach in active.values()),
            seconds=round(time.monotonic() - self._began, 1),
        )

    def transitions(self) -> list[Transition]:
        """Return the transitions on the breach log, repeats dropped, in order of episode."""
        found: dict[str, Transition] = {}
        for record in read_all(self.stack.kafka, BREACHES):
            if record.value is not None:
                transition = decode_transition(record.value)
                found.setdefault(transition.id, transition)
        return sorted(found.values(), key=episode_order)

    def _play(self, player: Player) -> None:
        def watched() -> Iterator[Record | int]:
            for item in with_ticks(self._records, self._tick_seconds):
                yield item
                self.progress.produced = player.played.records
                if isinstance(item, int):
                    self.progress.log_time = item

        try:
            if self._registry is not None:
                player.registry(self._registry, self.span[0])
            player.play(watched(), self._speed, lambda: self._stopped)
            player.close()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that shows it
            self._error = error
        self.progress.produced = player.played.records
        self._refused = player.played.refused

    def _look(self) -> Progress:
        processes = [worker.process for worker in self.stack.workers]
        dead = [process for process in processes if process is not None and not process.running()]
        if dead:
            raise TimeoutError(f"a worker ended with code {dead[0].returncode}:\n{dead[0].tail()}")
        page = self.stack.metrics()
        ticks = [int(value) for labels, value in _samples(page, LAST_TICK.name) if labels["stage"] == "judge"]
        self.progress.judged = min(ticks) if len(ticks) == len(STATUS_SOURCES) else 0
        active: dict[str, list[tuple[str, str]]] = {}
        for labels, value in _samples(page, BREACH_ACTIVE.name):
            breaches = active.setdefault(labels["region"], [])
            if value:
                breaches.append((labels["norm"], labels["severity"]))
        if ticks:
            self.progress.active = active
        return self.progress

    def _until_judged(self, last_tick: int) -> Iterator[Progress]:
        """Wait for the judge, however slow the machine, as long as the workers get on."""
        standing, since = "", time.monotonic()
        while self._look().judged < last_tick:
            yield self.progress
            page = self.stack.metrics()
            at = ",".join(str(value) for _, value in _samples(page, TICKS.name))
            if at != standing:
                standing, since = at, time.monotonic()
            if time.monotonic() - since > _STUCK_SECONDS:
                raise TimeoutError(
                    f"the workers stand still: judged up to {iso(self.progress.judged)}, the log ends at "
                    f"{iso(last_tick)}; see the logs in {self.stack.folder}"
                )
            time.sleep(_POLL_SECONDS)
        yield self.progress

    def _until_told(self) -> Iterator[Progress]:
        """Wait until no notification has come for a while."""
        deadline = time.monotonic() + _LAST_MAILS_SECONDS
        since = time.monotonic()
        while time.monotonic() < deadline:
            if time.monotonic() - max(self.progress.told_at, since) > _QUIET_SECONDS:
                return
            yield self._look()
            time.sleep(_POLL_SECONDS)


def _samples(page: str, metric: str) -> Iterator[tuple[dict[str, str], float]]:
    wanted = "\n".join(line for line in page.splitlines() if line.startswith(metric + "{"))
    for family in text_string_to_metric_families(wanted + "\n"):
        for sample in family.samples:
            yield sample.labels, sample.value


def folder_of_run(base: Path) -> Path:
    """Return a new folder for one run, named after the moment it began."""
    folder = base / time.strftime("demo-%Y%m%d-%H%M%S")
    folder.mkdir(parents=True)
    return folder


def key_of_run(folder: Path) -> Path:
    """Write a key that signs the ticks and control records of one run; return its file, which nobody else reads."""
    file = folder / "signing-keys"
    file.touch(mode=0o600)
    file.write_text(f"demo {secrets.token_hex(32)}\n")
    return file
