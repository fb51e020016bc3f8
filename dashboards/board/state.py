"""What the page shows, folded from overviews, transitions and ticks; no clock, no broker, no server.

The caller gives the wall clock (`now`, seconds) with everything that comes in, so that the page can say
when the stream stands still. Every change raises `version`; a reader asks for what changed since its own.
"""

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from alerts.norms import Norms
from alerts.rests_on import rests_on
from alerts.texts import Texts, read_texts
from alerts.where_text import counts_text, where_text
from alerts.worst import Worst, worst_of
from dashboards.board.figures import figures, fresh_seconds
from streams.calendar import iso
from streams.indicators import INDICATORS
from streams.moments import comes_after, moment_of, second_of
from streams.regions import NL, REGIONS
from streams.status import RegionOverview, Transition
from streams.topics import OCCUPANCY, REPORT_TOPICS
from streams.views import BreachView, IndicatorView

TileState = Literal["critical", "warning", "undecided-over", "info", "pending", "undecided", "ok", "unknown"]

_TILES: Mapping[Worst, TileState] = {
    "critical": "critical",
    "breach": "warning",
    "undecided-over": "undecided-over",
    "notice": "info",
    "pending": "pending",
    "undecided": "undecided",
    "unknown": "unknown",
    "within": "ok",
}
"""What the page calls the words of `alerts.worst`."""

TRANSITIONS_KEPT = 60

_WORST: tuple[Literal["critical", "warning", "info"], ...] = ("critical", "warning", "info")


class BoardState:
    """The document behind the page.

    Args:
        norms: how long reported figures stand. A region is stale once its newest bed figures are older.
        quiet_seconds: the stream stands still after this long without anything new (wall clock).
        behind_seconds: judgement stands still after this long without an overview of the country while the
            stream goes on (wall clock): the judge writes that one a minute even when nothing changed.
        replay_seconds: a stream this much older than the wall clock is a look back.
    """

    def __init__(
        self,
        norms: Norms,
        quiet_seconds: float = 30,
        behind_seconds: float = 150,
        replay_seconds: int = 3600,
    ) -> None:
        self._norms = norms
        self._fresh = {topic: fresh_seconds(topic, norms) for topic in REPORT_TOPICS}
        self.version = 0
        self._quiet_seconds = quiet_seconds
        self._behind_seconds = behind_seconds
        self._replay_seconds = replay_seconds
        self._moment = 0
        self._at = 0
        self._reported_at = 0
        self._judged: float | None = None
        self._progressed: float | None = None
        self._replay = False
        self._ignored = 0
        self._regions: dict[str, _Region] = {}
        self._transitions: deque[tuple[int, Transition]] = deque(maxlen=TRANSITIONS_KEPT)
        self._seen: deque[str] = deque(maxlen=4 * TRANSITIONS_KEPT)

    def overview(self, record: RegionOverview, now: float) -> None:
        """Take in the latest state of a region; an older one than is known changes nothing."""
        if record.region not in REGIONS:
            self._ignore()
            return
        moment = moment_of(record.after, _seconds(record.at))
        known = self._regions.get(record.region)
        if known and comes_after(known.moment, moment):
            return
        self.version += 1
        self._regions[record.region] = _Region(record, self.version, moment)
        if record.region == NL or self._judged is None:
            self._judged = now
        if comes_after(moment, self._moment):
            self._moment = moment
            if record.after:  # the time began again
                self._at = self._reported_at = 0
        self._advance(second_of(moment), now)

    def transition(self, record: Transition, now: float) -> None:
        """Take in a transition; a repeat (same episode, state and step) changes nothing."""
        if record.region not in REGIONS:
            self._ignore()
            return
        if record.id in self._seen or self._is_before_all(record):
            return
        self.version += 1
        self._seen.append(record.id)
        self._transitions.append((self.version, record))
        self._advance(_seconds(record.at), now)

    def tick(self, at: int, now: float) -> None:
        """Hear that the reports up to second `at` are folded; what is judged follows. It never goes back."""
        if at > self._reported_at:
            self._hear(at, now)

    def clock(self, now: float) -> dict[str, Any]:
        """Return where the stream stands.

        Keys: `at` (what is shown was judged at this time, ISO 8601 UTC, null before the first record),
        `reported_at` (reports up to this time are folded), `state` (`waiting`, `running`, `quiet` or
        `behind`), `idle_seconds` since anything new came, `replay` (the stream is in the past), `ignored`
        (records of unknown regions).
        """
        idle = None if self._progressed is None else max(0.0, now - self._progressed)
        return {
            "at": iso(self._at) if self._at else None,
            "reported_at": iso(self._reported_at) if self._reported_at else None,
            "state": self._standing(now, idle),
            "idle_seconds": None if idle is None else round(idle, 1),
            "replay": self._replay,
            "ignored": self._ignored,
        }

    def document(self, now: float, since: int = -1) -> dict[str, Any]:
        """Return what changed after version `since` (everything by default), plain data for JSON.

        Keys: `version`, `clock` (see `clock`), `regions` by id and `transitions`, newest first.
        """
        return {
            "version": self.version,
            "clock": self.clock(now),
            "regions": {
                name: region.document(self._fresh, self._norms)
                for name, region in self._regions.items()
                if region.version > since
            },
            "transitions": [
                msgspec.to_builtins(record)
                for version, record in reversed(self._transitions)
                if version > since
            ],
        }

    def _standing(self, now: float, idle: float | None) -> str:
        if idle is None:
            return "waiting"
        if idle > self._quiet_seconds:
            return "quiet"
        if self._judged is None:
            return "waiting"
        # In a fast replay judgement may be days of the stream behind while it works; live that is a fault.
        lags = not self._replay and self._reported_at - self._at > self._behind_seconds
        return "behind" if lags or now - self._judged > self._behind_seconds else "running"

    def _advance(self, at: int, now: float) -> None:
        self._at = max(self._at, at)
        self._hear(at, now)
        for region in self._regions.values():
            stale = self._at - region.observed_at > (self._fresh[OCCUPANCY] or 0)
            if stale != region.stale:
                self.version += 1
                region.stale = stale
                region.version = self.version

    def _hear(self, at: int, now: float) -> None:
        self._reported_at = max(self._reported_at, at)
        self._progressed = now
        self._replay = now - self._reported_at > self._replay_seconds

    def _is_before_all(self, record: Transition) -> bool:
        """Return whether the list is full of later ones: the log is read again from its start after a break."""
        return len(self._transitions) == TRANSITIONS_KEPT and record.at < self._transitions[0][1].at

    def _ignore(self) -> None:
        self._ignored += 1
        self.version += 1


class _Region:
    """One region with the version at which it last changed."""

    def __init__(self, overview: RegionOverview, version: int, moment: int) -> None:
        self.overview = overview
        self.moment = moment
        self.version = version
        self.stale = False
        self.observed_at = _observed_at(overview)

    def document(self, fresh: Mapping[str, int | None], norms: Norms) -> dict[str, Any]:
        overview, texts = self.overview, read_texts()
        return {
            "id": overview.region,
            "at": overview.at,
            "observed_at": iso(self.observed_at) if self.observed_at else None,
            "stale": self.stale,
            "state": tile_state(overview),
            "breaches": [
                _breach(each, overview, norms, texts) for each in sorted(overview.breaches, key=_rank)
            ],
            "pending": sum(breach.state == "pending" for breach in overview.breaches),
            "silent": msgspec.to_builtins(overview.silent),
            "unjudged": msgspec.to_builtins(overview.unjudged),
            "doubts": msgspec.to_builtins(overview.doubts),
            "figures": msgspec.to_builtins(figures(overview.indicators)),
            "indicators": [
                {
                    **msgspec.to_builtins(each),
                    "fresh_seconds": fresh.get(_topic_of(each)),
                    "rests_on": rests_on(
                        each.evidence, _seconds(each.observed_at), each.completeness, texts.rests_on
                    ),
                }
                for each in overview.indicators
            ],
        }


def _breach(breach: BreachView, overview: RegionOverview, norms: Norms, texts: Texts) -> dict[str, Any]:
    """Return a breach with its counts, who is behind it and, where its figure is shown, what that rests on, in words."""
    norm = norms.by_id.get(breach.norm)
    indicator = "" if norm is None else norm.indicator
    shown = (
        rests_on(each.evidence, _seconds(each.observed_at), each.completeness, texts.rests_on)
        for each in overview.indicators
        if norm is not None and not norm.split and (each.name, each.labels) == (indicator, norm.labels)
    )
    return {
        **msgspec.to_builtins(breach),
        "counts": counts_text(breach.part, breach.of, indicator, texts),
        "where": where_text(breach.where, breach.others, indicator, texts),
        "rests_on": next(shown, ""),
    }


def _topic_of(indicator: IndicatorView) -> str:
    kind = INDICATORS.get(indicator.name)
    return kind.topic if kind else ""


def tile_state(overview: RegionOverview) -> TileState:
    """Return the worst that holds in a region; without any figure nothing is known, so it is not `ok`."""
    return _TILES[worst_of(overview.breaches, overview.unjudged, overview.indicators)]


def _rank(breach: BreachView) -> tuple[bool, int, str, str, str]:
    severity = _WORST.index(breach.severity) if breach.severity in _WORST else len(_WORST)
    return breach.state != "active", severity, breach.since, breach.norm, breach.scope


def _observed_at(overview: RegionOverview) -> int:
    """Return the event time of the newest bed figures, or of anything where there are none."""
    beds = [each for each in overview.indicators if each.name in ("beds_occupied", "beds_staffed")]
    known = [each.observed_at for each in (beds or overview.indicators) if each.value is not None]
    return max((_seconds(moment) for moment in known), default=0)


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
