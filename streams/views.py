"""A figure and a breach as they stand now, for status output, pages and reports."""

from datetime import datetime
from typing import Literal

import msgspec

from streams.calendar import seconds
from streams.evidence import Evidence
from streams.where import Place


class BreachView(msgspec.Struct, frozen=True):
    """A breach as it stands now.

    Attributes:
        norm, scope, severity, state, value, limit, unit, since, step, episode, observed_at: as in a transition.
        judged: whether there is enough to judge by, else the value proves nothing.
        part, of: the counts that its value is a ratio of, such as occupied beds and beds with staff; null where it is none.
        where: the locations, regions or specialisms behind it, the worst first; none where nobody tells.
        others: how many there are besides.
    """

    norm: str
    scope: str
    severity: str
    state: Literal["pending", "active"]
    value: float | int | None
    limit: float
    unit: str
    since: str
    step: int
    episode: str
    observed_at: str
    judged: bool = True
    part: float | int | None = None
    of: float | int | None = None
    where: tuple[Place, ...] = ()
    others: int = 0


class IndicatorView(msgspec.Struct, frozen=True):
    """An indicator as it stands now, for status output and pages.

    Attributes:
        name, labels, value, unit: the figure.
        observed_at: newest event time in it, ISO 8601 UTC, as `newest`.
        completeness: share of what should be in it, 0...1.
        expected, counted, carried, expired, suspect: locations, as in `Evidence`; null where it rests on no locations.
        oldest, newest: event times of the oldest and the newest statement in it, ISO 8601 UTC; empty where not known.
        low, high: what it likely is by now (`Range`), where `carried` is not 0; null is without end.
    """

    name: str
    labels: dict[str, str]
    value: float | int | None
    unit: str
    observed_at: str
    completeness: float
    expected: int | None = None
    counted: int | None = None
    carried: int | None = None
    expired: int | None = None
    oldest: str = ""
    newest: str = ""
    low: float | int | None = None
    high: float | int | None = None
    suspect: int | None = None

    @property
    def evidence(self) -> Evidence | None:
        """What it rests on, as `Indicator` has it."""
        if self.expected is None:
            return None
        return Evidence(
            self.expected,
            self.counted or 0,
            self.carried or 0,
            self.expired or 0,
            seconds(datetime.fromisoformat(self.oldest)) if self.oldest else 0,
            self.suspect or 0,
        )
