"""One norm: what is too much, since when, according to whom, and who hears it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

import msgspec

from streams.indicators import FEED_HEARD, indicator_key
from streams.reports.coordination import Anchor

Comparison = Literal[">", ">=", "<", "<="]
Severity = Literal["info", "warning", "critical"]
Audience = Literal["chair", "national", "operations"]
LadderRole = Literal[
    "zorgaanbieder", "zorgverzekeraar", "roaz-voorzitter", "lcps", "lnaz", "nza", "igj", "minister", "beheer"
]  # fmt: skip

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
    of value and limit, `valid_until` the first second at which it no longer holds.
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
    min_observations: int
    min_weight: int
    few_ends: bool
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
    steps: tuple[Step, ...]
    overrides: Mapping[str, Mapping[Literal["limit", "clear_limit"], float]]
    topics: tuple[str, ...]
    unit: str
    valid_since: int = field(repr=False)
    valid_until: int = field(repr=False)

    def limit_in(self, region: str) -> float:
        """Return the limit in force in a region."""
        own = self.overrides.get(region) if self.overrides else None
        return self.limit if own is None else own.get("limit", self.limit)

    def clear_limit_in(self, region: str) -> float:
        """Return the limit at or beyond which a breach in a region ends."""
        own = self.overrides.get(region) if self.overrides else None
        return self.clear_limit if own is None else own.get("clear_limit", self.clear_limit)

    def holds_at(self, at: int) -> bool:
        """Return whether the norm is valid at second `at`."""
        return self.valid_since <= at < self.valid_until

    def holds_in(self, phase: str) -> bool:
        """Return whether the norm holds in an LNAZ phase; without phases in every one, and when none is known."""
        return not self.phases or phase in self.phases

    @cached_property
    def key(self) -> str:
        """The identity of the one series that it selects; without meaning where it is split."""
        return indicator_key(self.indicator, self.labels)

    @cached_property
    def is_age(self) -> bool:
        """Whether the indicator is the moment at which a source was heard, of which the age is judged."""
        return self.indicator == FEED_HEARD
