"""Norms as data: read and checked once, then handed down.

The file format is described at the top of `norms.toml`. A norm is valid from `valid_from` up to and
including `valid_to`; a limit can differ per region.
"""

import hashlib
import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from alerts.capacity import CapacityRecord, capacity_known, checked_capacity
from alerts.instruments import Instrument
from alerts.norm import LadderRole, Norm, NormsError, Step, duration_seconds
from alerts.norm_checks import check_targets, norm_of
from alerts.norm_file import Calendar, FeedEntry, NormsFile
from alerts.norm_groups import plain_norms
from alerts.parameter import Parameter, Retention, checked_parameters
from streams.calendar import day_number, day_start, idle_seconds, idle_weeks_seconds
from streams.joins import FIGURE_SOURCES, JUDGED_IN_PHASE
from streams.regions import REGIONS

__all__ = [
    "FeedCalendar",
    "LadderRole",
    "Norm",
    "Norms",
    "NormsError",
    "NormsOfPlace",
    "Step",
    "Treeknorm",
    "duration_seconds",
    "load_norms",
    "parse_norms",
]


@dataclass(frozen=True, slots=True)
class FeedCalendar:
    """How long a source is silent in ordinary life: `max_age` seconds, without the days on which it never comes.

    From second `working_days_from` on it pauses in weekends and on holidays, which it did not before; from `ended` on
    nothing is expected of it any more.
    """

    source: str
    max_age: int
    calendar: Calendar = "daily"
    ended: int | None = None
    working_days_from: int | None = None

    def silent_for(self, heard: int, at: int) -> int:
        """Return for how long it was silent at second `at`: seconds since it was heard, on days on which it may come."""
        if self.ended is not None and at >= self.ended:
            return 0
        silent = at - heard
        return max(silent, 0) if silent <= self.max_age else self.missing_for(heard, at)

    def missing_for(self, heard: int, at: int) -> int:
        """Return seconds since it was heard up to second `at`, without those of days on which it never comes."""
        silent = at - heard
        if self.calendar == "working-days":
            silent -= idle_seconds(heard, at)
        elif self.working_days_from is not None and at > self.working_days_from:
            silent -= idle_seconds(max(heard, self.working_days_from), at)
        elif self.calendar == "even-weeks":
            silent -= idle_weeks_seconds(heard, at)
        return max(silent, 0)


@dataclass(frozen=True, slots=True)
class Treeknorm:
    """What a fold needs to count waits of one access kind: days, and None where there is no target."""

    max_days: float
    target_days: int | None


class NormsOfPlace:
    """The norms that read one topic or join in one region, and what makes them be judged without a new figure.

    Attributes:
        norms: all of them, in the order of the file.
        ids: their ids.
        ages: those about an age, which grows by itself.
        edges: seconds at which one begins or ceases to be valid.
        phases: whether any holds in some phases only.
    """

    __slots__ = ("ages", "edges", "ids", "norms", "phases")

    def __init__(self, norms: tuple[Norm, ...]) -> None:
        self.norms = norms
        self.ids = frozenset(norm.id for norm in norms)
        self.ages = tuple(norm for norm in norms if norm.is_age)
        periods = [period for norm in norms for period in norm.periods]
        self.edges = tuple(sorted({at for period in periods for at in (period.since, period.until)}))
        self.phases = any(norm.phases for norm in norms)

    def turns_between(self, before: int, at: int) -> bool:
        """Return whether any begins or ceases to be valid after second `before` and up to `at`."""
        return bisect_right(self.edges, before) != bisect_right(self.edges, at)


@dataclass(frozen=True)
class Norms:
    """All norms of one file, with feed calendars, parameters, instruments and register of capacity; `digest` is of its text."""

    version: str
    norms: tuple[Norm, ...]
    feeds: Mapping[str, FeedCalendar]
    parameters: Mapping[str, Parameter]
    capacity: tuple[CapacityRecord, ...] = ()
    digest: str = ""
    instruments: Mapping[str, Instrument] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> Mapping[str, Norm]:
        """Norms by id."""
        return {norm.id: norm for norm in self.norms}

    @cached_property
    def by_place(self) -> Mapping[tuple[str, str], NormsOfPlace]:
        """Norms by the report topic or join that they read and the region in which they hold."""
        places = [(topic, region) for topic in (*FIGURE_SOURCES, JUDGED_IN_PHASE) for region in REGIONS]
        return {
            (topic, region): NormsOfPlace(
                tuple(norm for norm in self.norms if region in norm.regions and topic in _judged_on(norm))
            )
            for topic, region in places
        }

    @cached_property
    def waiting(self) -> Mapping[str, frozenset[str]]:
        """By topic the names of the figures of norms that wait until the phase is known."""
        return {
            topic: frozenset(
                norm.indicator for norm in self.norms if norm.waits_for_phase and topic in norm.topics
            )
            for topic in FIGURE_SOURCES
        }

    def feed(self, source: str) -> FeedCalendar:
        """Return the calendar of a source, or the default one."""
        return self.feeds.get(source) or self.feeds["default"]

    def parameter(self, name: str) -> float:
        """Return the value of a parameter that is a number; raises KeyError or TypeError where there is none."""
        value = self.parameters[name].value
        if isinstance(value, str):
            raise TypeError(f"parameter {name} is a choice, no number")
        return value

    @cached_property
    def retentions(self) -> Mapping[str, Retention]:
        """How long the statements of a topic are remembered, by how its parameters begin."""
        return {
            name.removesuffix("-kept"): Retention(
                int(self.parameter(name)), int(self.parameter(name.removesuffix("kept") + "held"))
            )
            for name in self.parameters
            if name.endswith("-kept") and name.removesuffix("kept") + "held" in self.parameters
        }

    def capacity_known(self, region: str, unit: str, day: int) -> CapacityRecord | None:
        """Return what the register says of a region's beds with staff, as known on a local day; None where it says nothing."""
        return capacity_known(self.capacity, region, unit, day)

    def choice(self, name: str) -> str:
        """Return the value of a parameter that is a choice; raises KeyError where there is none."""
        return str(self.parameters[name].value)

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


def _judged_on(norm: Norm) -> tuple[str, ...]:
    return (JUDGED_IN_PHASE,) if norm.waits_for_phase else norm.topics


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
        raw = plain_norms(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise NormsError(f"norms file: {error}; correct the TOML") from error
    try:
        file = msgspec.convert(raw, NormsFile)
    except msgspec.ValidationError as error:
        raise NormsError(
            f"{_named(raw, str(error))}; see the description at the top of alerts/norms.toml"
        ) from error
    instruments = {one.id: one for one in file.instrument}
    if len(instruments) < len(file.instrument):
        raise NormsError("instrument ids must be unique; one is repeated")
    norms = tuple(norm_of(entry, file.defaults, instruments) for entry in file.norm)
    repeated = {norm.id for norm in norms if sum(other.id == norm.id for other in norms) > 1}
    if repeated:
        raise NormsError(f"norm ids must be unique; repeated: {', '.join(sorted(repeated))}")
    feeds = {entry.source: _feed(entry) for entry in file.feed}
    if "default" not in feeds:
        raise NormsError('there is no [[feed]] with source = "default"; add one')
    check_targets(norms)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Norms(
        file.version,
        norms,
        feeds,
        checked_parameters(file.parameter),
        checked_capacity(file.capacity),
        digest,
        instruments,
    )


def _named(raw: dict[str, Any], message: str) -> str:
    """Say which norm, feed, parameter or other table a schema error is about: people know ids, not places in a list."""
    place = re.search(r"\$\.(norm|feed|parameter|instrument|capacity)\[(\d+)\]\.?(\w*)", message)
    if place is None:
        return f"norms file: {message}"
    table = raw[place[1]][int(place[2])]
    identity = {
        "norm": "id",
        "instrument": "id",
        "feed": "source",
        "parameter": "name",
        "capacity": "known",
    }[place[1]]
    name = table.get(identity) if isinstance(table, dict) else None
    return f"{place[1]} {name or 'number ' + str(int(place[2]) + 1)}, `{place[3]}`: {message}"


def _feed(entry: FeedEntry) -> FeedCalendar:
    try:
        age = duration_seconds(entry.max_age)
    except NormsError as error:
        raise NormsError(f"feed {entry.source}, `max_age`: {error}") from error
    if age <= 0:
        raise NormsError(f"feed {entry.source}, `max_age`: it must be more than 0")
    if entry.source == "default" and entry.ended is not None:
        raise NormsError("feed default, `ended`: it stands for every other source; name the one that ended")
    return FeedCalendar(
        entry.source, age, entry.calendar, _begin_of(entry.ended), _begin_of(entry.working_days_from)
    )


def _begin_of(day: date | None) -> int | None:
    return None if day is None else day_start(day_number(day))
