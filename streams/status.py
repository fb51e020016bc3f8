"""What the stages say to each other and to readers: status entries, transitions, overviews.

These are the records of `care.region-status`, `care.breaches`, `care.overview` and `care.closings`. Times are whole
seconds since 1970 (UTC) inside status entries, ISO 8601 in what people and scripts read.
"""

from math import inf
from typing import Literal

import msgspec
import orjson

from streams.doubts import DoubtView
from streams.evidence import VIEWS, Bound, Evidence, Range, Silence, View
from streams.moments import moment_of
from streams.silent import Silent, SilentView, UnjudgedView
from streams.views import BreachView, IndicatorView
from streams.where import Where

Stage = Literal["fold", "nation", "join"]
BreachState = Literal["pending", "active", "reopened", "step", "resolved"]


class Indicator(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One figure of one region, as known at a tick.

    Attributes:
        name: kind, from `streams.indicators`.
        labels: its labels, without the region.
        value: the figure; null when nothing is known any more.
        observed_at: newest event time of the data behind it, seconds.
        completeness: share of what should be in it, 0...1.
        observations: number of readings it rests on.
        silence: what it would be with those who fell silent; null where nobody did, or the fold does not tell.
        silent: of a count of those who fell silent, the first `SILENT_NAMED` of them, the longest silent first.
        weight: what it is a ratio or a mean of (`IndicatorKind.weight`), by which regions are weighed; null where that is
            its observations.
        range: what it may be by now; null where nobody is carried forward, or where that has expired.
        evidence: what it rests on; null where it rests on no locations.
        where: who makes it so; null where the fold does not tell.
    """

    name: str
    labels: dict[str, str]
    value: float | int | None
    observed_at: int
    completeness: float = 1.0
    observations: int = 1
    silence: Silence | None = None
    silent: tuple[Silent, ...] = ()
    weight: int | None = None
    range: Range | None = None
    evidence: Evidence | None = None
    where: Where | None = None

    @property
    def weighs(self) -> int:
        """Return what regions are weighed by, and `min_weight` of a norm is held against."""
        return self.observations if self.weight is None else self.weight

    def seen(self, view: View | Bound, since: int = 0) -> "Indicator":
        """Return the figure as looked at: its value and observations may be other, and it has no silence and no range.

        Args:
            view: how it is looked at.
            since: with those who are given up, only where the newest of them was at or after this second.
        """
        silence, bounds = self.silence, self.range
        if view not in VIEWS:
            if bounds is None:
                return self.seen("carried")
            bound = getattr(bounds, view)
            without_end = -inf if view in {"low", "least"} else inf
            return Indicator(
                self.name,
                self.labels,
                without_end if bound is None else bound,
                self.observed_at,
                bounds.completeness,
                self.observations,
                weight=self.weight,
            )
        if silence is None:
            return self
        value, observations, weight = self.value, self.observations, self.weight
        own: tuple[int | None, int | None] = (None, None)
        if view == "expired" and silence.given_up is not None and silence.given_up_at >= since:
            value, own = silence.given_up, (silence.given_up_observations, silence.given_up_weight)
        elif view != "reported" and silence.missed is not None:
            value, own = silence.missed, (silence.missed_observations, silence.missed_weight)
        observations = observations if own[0] is None else own[0]
        weight = weight if own[1] is None else own[1]
        return Indicator(
            self.name,
            self.labels,
            value,
            self.observed_at,
            self.completeness,
            observations,
            weight=weight,
        )


class StatusEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What changed in one region by one topic at tick `at`; empty when nothing did.

    Regions of the same partition in which nothing changed are named in `also` of one entry of the tick, so a
    quiet tick costs one record a partition and not one a region.

    Attributes:
        stage: `fold`, `nation` for the country's totals, `join` for what follows from several topics or regions.
        topic: report topic it comes from, or the join.
        partition: partition of that topic; -1 for the second stage.
        region: region it is about.
        at: the tick, seconds.
        indicators: the indicators that changed.
        also: other regions that have passed this tick without a change.
        phase: the LNAZ phase in force in all these regions; empty where none is known, and outside of joins.
        after: last second that a wrong clock may have reached before the time began again; 0 once `at` is past it.
        finalized: of a fold, the format of state that an operator allowed; 0 where nobody said anything.
    """

    stage: Stage
    topic: str
    partition: int
    region: str
    at: int
    indicators: list[Indicator] = []
    also: list[str] = []
    phase: str = ""
    after: int = 0
    finalized: int = 0

    @property
    def moment(self) -> int:
        """Where the tick stands in the order of time (`streams.moments`)."""
        return moment_of(self.after, self.at)


class Transition(msgspec.Struct, frozen=True):
    """One step in the life of a breach, as on `care.breaches` and in `backtest --json`.

    Attributes:
        at: tick at which it became known, ISO 8601 UTC.
        region: region id or `NL`.
        norm: norm id.
        scope: label value that the norm is split by, or empty.
        state: `pending`, `active`, `reopened` (the same breach came back soon), `step` or `resolved`.
        value: value of the indicator, null if unknown by now.
        limit: limit in force, same unit.
        unit: unit of value and limit.
        severity: `info`, `warning` or `critical`.
        step: ladder step reached, 0 before active.
        since: tick at which the episode began, ISO 8601 UTC.
        observed_at: event time of the data behind the value, ISO 8601 UTC.
        episode: id of the breach episode: region, norm, scope and begin.
        reason: why it ended (`cleared`, `not-held`, `norm-ended`, `phase-ended`, `supply-ended`: nobody told better, but
            who was beyond the limit, or everybody, fell silent and is missed no more; `too-few`: the figure may be beyond
            the limit still, but is about fewer than its norm looks at), or `unjudged`: a step was taken though nobody knows
            whether the figure is over its limit; else empty.
        count: how often the breach had come back by then.
    """

    at: str
    region: str
    norm: str
    scope: str
    state: BreachState
    value: float | int | None
    limit: float
    unit: str
    severity: str
    step: int
    since: str
    observed_at: str
    episode: str
    reason: str = ""
    count: int = 0

    @property
    def id(self) -> str:
        """Identity by which readers drop repeats: episode, state and step, and how often it came back where it did."""
        again = f"/{self.count}" if self.count else ""
        return f"{self.episode}/{self.state}/{self.step}{again}"


class RegionOverview(msgspec.Struct, frozen=True, omit_defaults=True):
    """The latest state of one region, as on `care.overview`.

    Attributes:
        region: region id, also the record key.
        at: tick of the newest change, ISO 8601 UTC.
        indicators: the headline indicators (totals, not per specialism).
        breaches: pending and active breaches.
        silent: who fell silent, by topic; first those who are missed.
        unjudged: norms that cannot be judged because of that, here or in another region.
        after: last second that a wrong clock may have reached before the time began again; 0 once `at` is past it.
        doubts: locations that are not known to be who they say, or would be counted twice.
        left_out: how many of all these are not in it, because a broker takes no record of any size.
    """

    region: str
    at: str
    indicators: list[IndicatorView]
    breaches: list[BreachView]
    silent: list[SilentView] = []
    unjudged: list[UnjudgedView] = []
    after: int = 0
    doubts: list[DoubtView] = []
    left_out: int = 0


class Closing(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that a topic or join had told of a region by the last tick of a day, as on `care.closings`.

    Each day replaces what its week said before, so the last day of a week stays; that of a month stays as well.

    Attributes:
        region: region it is about.
        topic: report topic or join that told it.
        period: ISO week such as `2021-W47`, or month such as `2021-11`.
        at: last tick of the day, seconds.
        indicators: every figure, in order of name and labels; null where nothing is known any more.
        left_out: how many of them are not in it, because a broker takes no record of any size.
    """

    region: str
    topic: str
    period: str
    at: int
    indicators: list[Indicator] = []
    left_out: int = 0


_entry_decoder = msgspec.json.Decoder(StatusEntry)
_transition_decoder = msgspec.json.Decoder(Transition)
_overview_decoder = msgspec.json.Decoder(RegionOverview)
_closing_decoder = msgspec.json.Decoder(Closing)


def encode(record: StatusEntry | Transition | RegionOverview | Closing) -> bytes:
    """Return the compact JSON of a derived record, fields in declared order."""
    return orjson.dumps(msgspec.to_builtins(record))


def decode_entry(value: bytes) -> StatusEntry:
    """Return the status entry in a record value; raises `msgspec.MsgspecError`."""
    return _entry_decoder.decode(value)


def decode_transition(value: bytes) -> Transition:
    """Return the transition in a record value; raises `msgspec.MsgspecError`."""
    return _transition_decoder.decode(value)


def decode_overview(value: bytes) -> RegionOverview:
    """Return the overview in a record value; raises `msgspec.MsgspecError`."""
    return _overview_decoder.decode(value)


def decode_closing(value: bytes) -> Closing:
    """Return the closing in a record value; raises `msgspec.MsgspecError`."""
    return _closing_decoder.decode(value)
