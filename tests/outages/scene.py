"""A broker that goes away under a chain of real processes and comes back; what became of each of them.

The parts run under the supervisor's own watch (`deploy.supervisor.watched`), so that an end is followed by what follows it
in operation. Those that were running, those that were just starting and those that were begun without a broker are told
apart. All of one scene live through the same outage.
"""

import contextlib
import re
import signal
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from alerts.metrics import LAST_TICK
from deploy.chain import Chain
from deploy.own_program import OwnProgram
from deploy.part import Program
from deploy.supervisor.handle import PartState, StackState
from deploy.supervisor.progress import progress_of
from deploy.supervisor.ticker import Ticker
from deploy.supervisor.watched import Watched
from streams.kafka import KafkaSettings
from streams.topic_admin import apply_topics
from streams.topics import catalogue
from tests.outages.outage import Ended, Outage, Row

_SESSION_SECONDS = {"kafka": 10.0, "embedded": 2.0}
"""As a worker has it by default, which goes well with a cluster; and as the embedded broker wants it."""

_STALLED_SECONDS = {"page": 45.0, "ticker": 45.0}
"""As under `ketenwacht up`; a worker ends itself."""

_UP_SECONDS = 90.0
_BACK_SECONDS = 180.0
"""So long it is waited for a part; then it counts as hung."""

_FAULT = re.compile(
    r"Traceback|Unclosed|never retrieved|never awaited|ResourceWarning|Unhandled|Task was destroyed"
)


@dataclass
class Member:
    """One process in a scene."""

    kind: str
    phase: str
    watched: Watched
    progress: Callable[[], float | None]
    said: list[str] = field(default_factory=list)
    before: list[float] = field(default_factory=list)
    back_after: float | None = None

    def goes_on(self, since: float) -> bool:
        """Tell whether it has done work that it began after that second: seen twice, for the first may have waited."""
        if self.watched.state != "ready" or not self.watched.program.ready():
            return False
        at = self.progress()
        if at is not None and at >= since and at not in self.before:
            self.before.append(at)
        return len(self.before) >= (2 if self.kind == "ticker" else 1)


class Scene:
    """A broker and what runs on it, in a folder of its own.

    Args:
        outage: what is going to happen.
        folder: for data and logs.
        settle_seconds: so long all of them are watched at least once the broker is back: somebody may fall over late.
    """

    def __init__(self, outage: Outage, folder: Path, settle_seconds: float = 20.0) -> None:
        self.outage = outage
        self.folder = folder
        self.settle_seconds = settle_seconds
        self.chain = Chain(folder, folder, outage.broker)
        self.session_seconds = _SESSION_SECONDS[outage.broker]
        self.members: list[Member] = []

    def play(self) -> list[Row]:
        """Let it happen and return what became of each part."""
        if (
            signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        ):  # as a shell does in the background; the parts would inherit it
            signal.signal(signal.SIGINT, signal.default_int_handler)
        with self._broker():
            apply_topics(KafkaSettings.own(self.chain.broker.bootstrap), catalogue())
            try:
                return self._play()
            finally:
                for each in reversed(self.members):
                    each.watched.program.stop()

    @contextlib.contextmanager
    def _broker(self) -> Iterator[None]:
        broker = self.chain.broker
        broker.start()
        try:
            yield
        finally:
            if broker.process is not None:
                broker.process.send(signal.SIGCONT)
            broker.stop()

    def _play(self) -> list[Row]:
        for kind in ("worker", "worker", "page", "ticker"):
            self._begin(kind, "running")
        self.chain.prometheus.set_targets(
            [each.watched.program.address for each in self.members if each.kind == "worker"]
        )
        for _ in range(self.outage.alerting):
            self._begin("alerts", "running")
        self._until(lambda: all(each.goes_on(0.0) for each in self.members), _UP_SECONDS)
        if self.outage.starting:
            starting = [self._begin(kind, "starting") for kind in ("worker", "page", "ticker")]
            self._until(lambda: "metrics http" in _log(starting[0]), _UP_SECONDS)
        self._take_away()
        gone = time.monotonic()
        if not self.outage.starting:
            for kind in ("worker", "page", "ticker"):
                self._begin(kind, "begun without it")
        stopped = self._stop_some(gone)
        self._until(lambda: time.monotonic() - gone >= self.outage.seconds, self.outage.seconds + 60)
        self._bring_back()
        back = time.time()
        for each in self.members:
            each.before.clear()

        def all_go_on() -> bool:
            for each in self.members:
                if each.back_after is None and each.goes_on(back):
                    each.back_after = time.time() - back
            return all(each.back_after is not None for each in self.members)

        self._until(all_go_on, _BACK_SECONDS, must=False)
        self._until(lambda: time.time() - back > self.settle_seconds, self.settle_seconds + 10)
        return [self._row(each) for each in self.members] + stopped

    def _begin(self, kind: str, phase: str) -> Member:
        name = f"{kind}-{len(self.members)}-{phase.split(maxsplit=1)[0]}"
        program, progress = self._program(kind, name)
        said: list[str] = []
        watched = Watched(name, program, lambda what: said.append(f"{time.strftime('%H:%M:%S')} {what}"),
                          _STALLED_SECONDS.get(kind))  # fmt: skip
        member = Member(kind, phase, watched, progress, said)
        self.members.append(member)
        watched.begin()
        return member

    def _program(self, kind: str, name: str) -> tuple[Program, Callable[[], float | None]]:
        if kind == "alerts":
            return self.chain.prometheus, self._seen_by_prometheus
        if kind == "ticker":
            ticked = self.folder / f"{name}.ticked"
            own = self.chain.own(name, "ticker", "--progress", str(ticked))
            ticker = Ticker(own, ticked, self.chain.broker.bootstrap)
            return ticker, lambda: ticked.stat().st_mtime if ticked.exists() else None
        if kind == "page":
            own = self.chain.own(name, "board", "--port", "{port}", path="/healthz")
            return own, lambda: progress_of(_as_part("live-page", own), StackState(pid=0, born=0, urls={}))
        words = ("worker", "--metrics-port", "{port}", "--session-timeout", str(self.session_seconds))
        own = self.chain.own(name, *words, path="/readyz")
        return own, lambda: progress_of(_as_part("worker", own), StackState(pid=0, born=0, urls={}))

    def _seen_by_prometheus(self) -> float | None:
        """Return the newest tick of which an alert could tell now."""
        query = f"{self.chain.prometheus.url}/api/v1/query?query=max({LAST_TICK.name})"
        try:
            with urllib.request.urlopen(query, timeout=2) as answer:
                found = orjson.loads(answer.read())["data"]["result"]
        except (OSError, ValueError):
            return None
        return float(found[0]["value"][1]) if found else None

    def _until(self, found: Callable[[], bool], seconds: float, *, must: bool = True) -> None:
        """Watch over all of them, as the supervisor does, until something is so."""
        deadline = time.monotonic() + seconds
        while True:
            for each in self.members:
                each.watched.look()
            if found():
                return
            if time.monotonic() > deadline:
                if must:
                    raise AssertionError(f"{self.outage}: not in {seconds} s; " + self._states())
                return
            time.sleep(0.1)

    def _states(self) -> str:
        return ", ".join(
            f"{each.watched.name} {each.watched.state} {each.watched.why}" for each in self.members
        )

    def _take_away(self) -> None:
        broker = self.chain.broker
        match self.outage.way:
            case "frozen":
                broker.process.send(signal.SIGSTOP)
            case "killed":
                broker.kill()
            case "stopped":
                broker.process.stop(broker.grace_seconds)

    def _bring_back(self) -> None:
        if self.outage.way == "frozen":
            self.chain.broker.process.send(signal.SIGCONT)
        else:
            starting = threading.Thread(target=self.chain.broker.start)
            starting.start()
            self._until(lambda: not starting.is_alive(), 60)

    def _stop_some(self, gone: float) -> list[Row]:
        """Ask some that lived to stop while the broker is away: they must not wait for it."""
        if not self.outage.stopping:
            return []
        self._until(lambda: time.monotonic() - gone >= 3, 30)
        rows = []
        for kind in ("worker", "page", "ticker"):
            member = next(each for each in self.members if (each.kind, each.phase) == (kind, "running"))
            self.members.remove(member)
            process = member.watched.program.process
            began = time.monotonic()
            process.send(signal.SIGINT if kind == "ticker" else signal.SIGTERM)
            while process.running() and time.monotonic() - began < 60:
                time.sleep(0.05)
            seconds = time.monotonic() - began if not process.running() else None
            ends = (Ended(process.returncode, ""),)
            rows.append(Row(self.outage, kind, "stopping", seconds, ends, _faults(_log(member))))
            process.kill()
        return rows

    def _row(self, member: Member) -> Row:
        codes = [
            re.search(r"ended with code (\S+):|(made no progress|was not ready)", each)
            for each in member.said
        ]
        ends = tuple(
            Ended(int(found[1]) if found[1] else found[2], said)
            for found, said in zip(codes, member.said, strict=True)
            if found
        )
        return Row(self.outage, member.kind, member.phase, member.back_after, ends, _faults(_log(member)))


def _log(member: Member) -> str:
    process = member.watched.program.process
    return process.log.read_text(errors="replace") if process and process.log.exists() else ""


def _faults(log: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip()[:160] for line in log.splitlines() if _FAULT.search(line)))


def _as_part(name: str, program: OwnProgram) -> PartState:
    return PartState(part=name, state="", since=0, pid=None, born=None, deaths=0, why="",
                     address=program.address, log="")  # fmt: skip
