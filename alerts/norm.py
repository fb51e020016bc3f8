"""One norm: what is too much, since when, according to whom, and who hears it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import copysign, sqrt
from typing import Literal

import msgspec

from alerts.instruments import Period, Reference
from streams.indicators import FEED_HEARD, indicator_key
from streams.joins import JOINS, JUDGED_NOTICES
from streams.reports.coordination import Anchor

Comparison = Literal[">", ">=", "<", "<="]
Severity = Literal["info", "warning", "critical"]
Audience = Literal["chair", "national", "operations"]
LadderRole = Literal[
    "zorgaanbieder", "zorgverzekeraar", "roaz-voorzitter", "roaz-voorzitters", "lcps", "lnaz", "nza", "igj", "minister", "beheer"
]  # fmt: skip

EVERY_CHAIR: LadderRole = "roaz-voorzitters"
"""Every ROAZ chair: who hears it where something national asks something of each region."""

_UNIT_SECONDS = {"m": 60, "h": 3600, "d": 86_400}


class NormsError(ValueError):
    """A norms file that cannot be used; the message names the norm, the field and what to do."""


def duration_seconds(text: str) -> int:
    """Return a duration such as `90m`, `6h` or `2d` in seconds.

    Raises:
        NormsError: it is not a whole number followed by m, h or d.
    """
    match = re.fullmatch(r"(\d+)([mhd])", text)
    if not match:
        raise NormsError(f"`{text}` is no duration; write a whole number and m, h or d, such as 6h")
    return int(match[1]) * _UNIT_SECONDS[match[2]]


class Assumption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Says that a number is our reading, not a source's: who owns it, since when, what was assumed."""

    owner: str
    date: str
    text: str


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """One step of the ladder: the role that hears it, and how long after the breach became active.

    `anchor` is the step in the frameworks' ladder (E1...E6), or empty.
    """

    after: str
    role: LadderRole
    anchor: Anchor | Literal[""] = ""

    @cached_property
    def after_seconds(self) -> int:
        """The delay in seconds."""
        return duration_seconds(self.after)


@dataclass(frozen=True)
class Norm:
    """One norm, ready to judge by. Durations in seconds, limits in the unit of the indicator.

    Attributes are those of `norms.toml`; `topics` are the report topics, or the join, that it reads, `unit` is the unit
    of value and limit. `periods` say when it holds and in which phases, `phases` all of those, empty where it holds in
    every phase at some time; `valid_until` is the first second at which it no longer holds.
    """

    id: str
    family: str
    title: str
    indicator: str
    labels: Mapping[str, str]
    split: tuple[str, ...]
    regions: tuple[str, ...]
    comparison: Comparison
    limit: float
    clear_limit: float
    target_days: int | None
    hold: int
    clear_hold: int
    cooling: int
    min_observations: int
    min_weight: int
    few_ends: bool
    chance: float
    min_completeness: float
    lower_bound: bool
    severity: Severity
    audience: Audience
    phases: tuple[str, ...]
    source: str
    article: str
    valid_from: date
    valid_to: date | None
    assumption: Assumption | None
    rests_on: tuple[Reference, ...]
    periods: tuple[Period, ...]
    steps: tuple[Step, ...]
    overrides: Mapping[str, Mapping[Literal["limit", "clear_limit"], float]]
    topics: tuple[str, ...]
    unit: str
    valid_since: int = field(repr=False)
    valid_until: int = field(repr=False)

    def limit_in(self, region: str, weight: float | None = None) -> float:
        """Return the limit in force in a region, of a figure with a weight: no nearer to 0 than chance explains."""
        own = self.overrides.get(region) if self.overrides else None
        limit = self.limit if own is None else own.get("limit", self.limit)
        return limit if weight is None or not self.chance else self._at_least_chance(limit, weight)

    def clear_limit_in(self, region: str, weight: float | None = None) -> float:
        """Return the limit at or beyond which a breach in a region ends."""
        own = self.overrides.get(region) if self.overrides else None
        limit = self.clear_limit if own is None else own.get("clear_limit", self.clear_limit)
        return limit if weight is None or not self.chance else self._at_least_chance(limit, weight)

    def _at_least_chance(self, limit: float, weight: float) -> float:
        band = round(self.chance / sqrt(weight), 4) if weight > 0 else 1.0
        return copysign(max(abs(limit), band), limit)

    def holds_at(self, at: int) -> bool:
        """Return whether the norm is valid at second `at`, in whatever phase."""
        return any(one.since <= at < one.until for one in self.periods)

    def holds_in(self, phase: str, at: int) -> bool:
        """Return whether the norm holds at second `at` in an LNAZ phase; without phases in every one, and when none is known."""
        return any(
            one.since <= at < one.until and (not one.phases or phase in one.phases) for one in self.periods
        )

    @cached_property
    def waits_for_phase(self) -> bool:
        """Whether its figure carries no phase while it holds in some only: the judge waits until the phase is known."""
        return bool(self.phases) and not set(self.topics) & {*JOINS, JUDGED_NOTICES}

    @cached_property
    def key(self) -> str:
        """The identity of the one series that it selects; without meaning where it is split."""
        return indicator_key(self.indicator, self.labels)

    @cached_property
    def is_age(self) -> bool:
        """Whether the indicator is the moment at which a source was heard, of which the age is judged."""
        return self.indicator == FEED_HEARD
