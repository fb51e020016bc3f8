"""The format of a norms file, as it stands in TOML; described for its readers at the top of `norms.toml`."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from alerts.capacity import CapacityRecord
from alerts.instruments import Instrument
from alerts.norm import Assumption, Audience, Comparison, Severity, Step
from alerts.parameter import Parameter
from streams.reports.coordination import Phase

Calendar = Literal["daily", "working-days", "even-weeks"]
"""Days on which a source may come: all; no weekends and holidays; all but the third week in a year of 53 weeks."""

Finite = Annotated[float, Meta(ge=-1e9, le=1e9)]
"""No NaN and no infinity: nothing would ever lie beyond them."""


class NormEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One `[[norm]]`."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{2,60}$")]
    family: Annotated[str, Meta(min_length=3)]
    title: Annotated[str, Meta(min_length=3, max_length=120)]
    indicator: str
    comparison: Comparison
    limit: Finite
    clear_limit: Finite
    severity: Severity
    audience: Audience
    applies_to: Literal["regions", "country", "both"]
    source: Annotated[str, Meta(min_length=3)] | None = None
    article: Annotated[str, Meta(min_length=3)]
    rests_on: list[str] = []
    signal: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    labels: dict[str, str] = {}
    split: list[str] = []
    target_days: Annotated[int, Meta(ge=0)] | None = None
    hold: str | None = None
    clear_hold: str | None = None
    cooling: str | None = None
    min_observations: Annotated[int, Meta(ge=0)] | None = None
    min_weight: Annotated[int, Meta(ge=0)] | None = None
    few_ends: bool = False
    chance: Annotated[float, Meta(ge=0, le=5)] = 0.0
    min_completeness: Annotated[float, Meta(ge=0, le=1)] | None = None
    lower_bound: bool = False
    phases: list[Phase] = []
    assumption: Assumption | None = None
    steps: Annotated[list[Step], Meta(min_length=1)]
    overrides: dict[str, dict[Literal["limit", "clear_limit"], Finite]] = {}


class Defaults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What holds where a norm says nothing."""

    hold: str
    clear_hold: str
    min_observations: Annotated[int, Meta(ge=0)]
    min_completeness: Annotated[float, Meta(ge=0, le=1)]
    cooling: str = "0h"


class FeedEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[feed]]`."""

    source: str
    max_age: str
    calendar: Calendar
    working_days_from: date | None = None
    ended: date | None = None


class NormsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file."""

    version: str
    defaults: Defaults
    norm: list[NormEntry]
    feed: list[FeedEntry]
    parameter: list[Parameter] = []
    instrument: list[Instrument] = []
    capacity: list[CapacityRecord] = []
