"""Norms as data: read and checked once, then handed down.

The file format is described at the top of `norms.toml`. A norm is valid from `valid_from` up to and
including `valid_to`; a limit can differ per region.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from alerts.norm import (
    Assumption,
    Audience,
    Comparison,
    LadderRole,
    Norm,
    NormsError,
    Severity,
    Step,
    duration_seconds,
)
from streams.calendar import day_number, day_start
from streams.indicators import ALL, INDICATORS, IndicatorKind
from streams.regions import NL, REGIONS, ROAZ_IDS
from streams.reports.coordination import Phase
from streams.reports.follow_up import Sector
from streams.reports.occupancy import Label, Unit
from streams.reports.waiting_times import AccessKind
from streams.topics import REPORT_TOPICS

__all__ = [
    "FeedCalendar",
    "LadderRole",
    "Norm",
    "Norms",
    "NormsError",
    "Step",
    "Treeknorm",
    "duration_seconds",
    "load_norms",
    "parse_norms",
]

FOREVER = 1 << 62

_Finite = Annotated[float, Meta(ge=-1e9, le=1e9)]
"""No NaN and no infinity: nothing would ever lie beyond them."""

_LABEL_VALUES: Mapping[str, tuple[str, ...]] = {
    "unit": get_args(Unit),
    "label": (*get_args(Label), ALL),
    "access": get_args(AccessKind),
    "sector": (*get_args(Sector), ALL),
    "target": ("hospital", "zbc", ALL),
    "topic": REPORT_TOPICS,
}
"""Labels with a fixed vocabulary; a norm that selects another value would silently never be judged."""


class _NormFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{2,60}$")]
    family: Annotated[str, Meta(min_length=3)]
    title: Annotated[str, Meta(min_length=3, max_length=120)]
    indicator: str
    comparison: Comparison
    limit: _Finite
    clear_limit: _Finite
    severity: Severity
    audience: Audience
    applies_to: Literal["regions", "country", "both"]
    source: Annotated[str, Meta(min_length=3)]
    article: Annotated[str, Meta(min_length=3)]
    valid_from: date
    valid_to: date | None = None
    labels: dict[str, str] = {}
    split: list[str] = []
    target_days: Annotated[int, Meta(ge=0)] | None = None
    hold: str | None = None
    clear_hold: str | None = None
    min_observations: Annotated[int, Meta(ge=0)] | None = None
    min_completeness: Annotated[float, Meta(ge=0, le=1)] | None = None
    lower_bound: bool = False
    phases: list[Phase] = []
    assumption: Assumption | None = None
    steps: Annotated[list[Step], Meta(min_length=1)]
    overrides: dict[str, dict[Literal["limit", "clear_limit"], _Finite]] = {}


class _Defaults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hold: str
    clear_hold: str
    min_observations: Annotated[int, Meta(ge=0)]
    min_completeness: Annotated[float, Meta(ge=0, le=1)]


class _FeedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    max_age: str
    calendar: Literal["daily", "working-days"]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: str
    defaults: _Defaults
    norm: list[_NormFile]
    feed: list[_FeedFile]


@dataclass(frozen=True, slots=True)
class FeedCalendar:
    """How long a source is silent in ordinary life: `max_age` seconds, weekends counted or not."""

    source: str
    max_age: int
    working_days_only: bool


@dataclass(frozen=True, slots=True)
class Treeknorm:
    """What a fold needs to count waits of one access kind: days, and None where there is no target."""

    max_days: float
    target_days: int | None


@dataclass(frozen=True)
class Norms:
    """All norms of one file, with the calendars of the feeds."""

    version: str
    norms: tuple[Norm, ...]
    feeds: Mapping[str, FeedCalendar]

    @cached_property
    def by_id(self) -> Mapping[str, Norm]:
        """Norms by id."""
        return {norm.id: norm for norm in self.norms}

    @cached_property
    def by_place(self) -> Mapping[tuple[str, str], tuple[Norm, ...]]:
        """Norms by the report topic that they read and the region in which they hold."""
        places = [(topic, region) for topic in REPORT_TOPICS for region in REGIONS]
        return {(t, r): tuple(n for n in self.norms if t in n.topics and r in n.regions) for t, r in places}

    def feed(self, source: str) -> FeedCalendar:
        """Return the calendar of a source, or the default one."""
        return self.feeds.get(source) or self.feeds["default"]

    def treeknorms(self, region: str, at: int) -> Mapping[str, Treeknorm]:
        """Return the Treeknorm of each access kind in a region, as valid at second `at`."""
        longest: dict[str, float] = {}
        target: dict[str, int] = {}
        for norm in self.norms:
            if norm.family == "treeknorm" and norm.holds_at(at):
                if norm.indicator == "wait_days_max":
                    longest[norm.labels["access"]] = norm.limit_in(region)
                elif norm.target_days is not None:
                    target[norm.labels["access"]] = norm.target_days
        return {access: Treeknorm(days, target.get(access)) for access, days in longest.items()}


def load_norms(path: Path | None = None) -> Norms:
    """Return the norms of a file, or the project's own.

    Raises:
        NormsError: the file is no valid norms file.
        OSError: it cannot be read.
    """
    if path is None:
        return parse_norms(resources.files("alerts").joinpath("norms.toml").read_text("utf-8"))
    try:
        return parse_norms(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise NormsError(f"norms file {path.name}: {error}; save it as UTF-8") from error


def parse_norms(text: str) -> Norms:
    """Return the norms in the text of a norms file; raises `NormsError`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NormsError(f"norms file: {error}; correct the TOML") from error
    try:
        file = msgspec.convert(raw, _File)
    except msgspec.ValidationError as error:
        raise NormsError(
            f"{_named(raw, str(error))}; see the description at the top of alerts/norms.toml"
        ) from error
    norms = tuple(_norm(entry, file.defaults) for entry in file.norm)
    repeated = {norm.id for norm in norms if sum(other.id == norm.id for other in norms) > 1}
    if repeated:
        raise NormsError(f"norm ids must be unique; repeated: {', '.join(sorted(repeated))}")
    feeds = {entry.source: _feed(entry) for entry in file.feed}
    if "default" not in feeds:
        raise NormsError('there is no [[feed]] with source = "default"; add one')
    _check_targets(norms)
    return Norms(file.version, norms, feeds)


def _named(raw: dict[str, Any], message: str) -> str:
    """Say which norm or feed a schema error is about: people know ids, not places in a list."""
    place = re.search(r"\$\.(norm|feed)\[(\d+)\]\.?(\w*)", message)
    if place is None:
        return f"norms file: {message}"
    table = raw[place[1]][int(place[2])]
    name = table.get("id" if place[1] == "norm" else "source") if isinstance(table, dict) else None
    return f"{place[1]} {name or 'number ' + str(int(place[2]) + 1)}, `{place[3]}`: {message}"


def _feed(entry: _FeedFile) -> FeedCalendar:
    try:
        age = duration_seconds(entry.max_age)
    except NormsError as error:
        raise NormsError(f"feed {entry.source}, `max_age`: {error}") from error
    if age <= 0:
        raise NormsError(f"feed {entry.source}, `max_age`: it must be more than 0")
    return FeedCalendar(entry.source, age, entry.calendar == "working-days")


def _check_targets(norms: tuple[Norm, ...]) -> None:
    """Refuse a target that the fold would never count by: nobody would notice that it is not judged."""
    longest = {
        norm.labels["access"]
        for norm in norms
        if norm.indicator == "wait_days_max" and "access" in norm.labels
    }
    for norm in norms:
        if norm.indicator.startswith("waits_within_target"):
            if norm.target_days is None:
                raise NormsError(f"norm {norm.id}, `target_days`: missing; say within how many days")
            if norm.labels.get("access") not in longest:
                raise NormsError(
                    f"norm {norm.id}, `labels`: its access kind has no norm on wait_days_max; add that one too"
                )


def _norm(entry: _NormFile, defaults: _Defaults) -> Norm:
    kind = _selected(entry)
    _check_limits(entry)
    if entry.phases:
        raise _problem(entry, "phases", "norms that depend on the phase are not judged yet; leave it empty")
    if entry.valid_to is not None and entry.valid_to < entry.valid_from:
        raise _problem(entry, "valid_to", "it lies before valid_from")
    hold = _duration(entry, "hold", entry.hold or defaults.hold)
    clear_hold = _duration(entry, "clear_hold", entry.clear_hold or defaults.clear_hold)
    delays = [_duration(entry, "steps", step.after) for step in entry.steps]
    if delays != sorted(set(delays)) or delays[0] != 0:
        raise _problem(entry, "steps", "the first step is after 0h, each next one later")
    regions = {"regions": ROAZ_IDS, "country": (NL,), "both": (*ROAZ_IDS, NL)}[entry.applies_to]
    ended = entry.valid_to and day_start(day_number(entry.valid_to) + 1)
    return Norm(
        id=entry.id,
        family=entry.family,
        title=entry.title,
        indicator=entry.indicator,
        labels=entry.labels,
        split=tuple(entry.split),
        regions=regions,
        comparison=entry.comparison,
        limit=entry.limit,
        clear_limit=entry.clear_limit,
        target_days=entry.target_days,
        hold=hold,
        clear_hold=clear_hold,
        min_observations=defaults.min_observations
        if entry.min_observations is None
        else entry.min_observations,
        min_completeness=defaults.min_completeness
        if entry.min_completeness is None
        else entry.min_completeness,
        lower_bound=entry.lower_bound,
        severity=entry.severity,
        audience=entry.audience,
        phases=tuple(entry.phases),
        source=entry.source,
        article=entry.article,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        assumption=entry.assumption,
        steps=tuple(entry.steps),
        overrides={region: dict(changed) for region, changed in entry.overrides.items()},
        topics=(kind.topic,) if kind.topic else REPORT_TOPICS,
        unit="ratio" if kind.unit == "s" else kind.unit,
        valid_since=day_start(day_number(entry.valid_from)),
        valid_until=ended or FOREVER,
    )


def _selected(entry: _NormFile) -> IndicatorKind:
    """Return the kind of indicator that an entry selects."""
    kind = INDICATORS.get(entry.indicator)
    if kind is None:
        raise _problem(entry, "indicator", f"`{entry.indicator}` is unknown; one of {', '.join(INDICATORS)}")
    if set(entry.labels) | set(entry.split) != set(kind.labels):
        raise _problem(entry, "labels", f"with `split` they must name {', '.join(kind.labels) or 'nothing'}")
    if set(entry.labels) & set(entry.split):
        raise _problem(entry, "split", "a label is either fixed or split by, not both")
    for label, value in entry.labels.items():
        allowed = _LABEL_VALUES.get(label)
        if allowed is not None and value not in allowed:
            raise _problem(entry, "labels", f"`{label}` is `{value}`; one of {', '.join(allowed)}")
    return kind


def _check_limits(entry: _NormFile) -> None:
    upward = entry.comparison.startswith(">")
    pairs = [(entry.limit, entry.clear_limit)]
    pairs += [
        (o.get("limit", entry.limit), o.get("clear_limit", entry.clear_limit))
        for o in entry.overrides.values()
    ]
    if any((clear > limit) if upward else (clear < limit) for limit, clear in pairs):
        raise _problem(
            entry, "clear_limit", "it lies on the wrong side of the limit; a breach would never end"
        )
    unknown = set(entry.overrides) - set(REGIONS)
    if unknown:
        raise _problem(
            entry, "overrides", f"unknown region {', '.join(sorted(unknown))}; use R01...R11 or NL"
        )


def _duration(entry: _NormFile, name: str, text: str) -> int:
    try:
        return duration_seconds(text)
    except NormsError as error:
        raise _problem(entry, name, str(error)) from error


def _problem(entry: _NormFile, name: str, what: str) -> NormsError:
    return NormsError(f"norm {entry.id}, `{name}`: {what}")
