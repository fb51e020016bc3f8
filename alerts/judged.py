"""What the judge knows: of each region the figures, the open episodes, and how far each topic has passed."""

import re

import msgspec

from alerts.episode import Episode, Verdict
from alerts.in_phase import InPhase
from alerts.norms import Norm, Norms
from alerts.notices_due import NoticesDue
from streams.indicators import indicator_key
from streams.status import Indicator
from streams.views import IndicatorView
from streams.where import Where


class Cooling(msgspec.Struct, frozen=True, array_like=True):
    """An episode that ended and may come back within the cooling time of its norm: when it ended, second, and why."""

    episode: Episode
    ended: int
    reason: str


class Judged(msgspec.Struct, dict=True):
    """What the judge knows of one region.

    Attributes:
        passed: newest tick of each topic and join, as a moment (`streams.moments`), as all ticks here.
        phases: the LNAZ phase that each join said last.
        known: latest indicators by topic or join, then by name, then by key.
        episodes: open episodes by (norm, scope).
        verdicts: last verdict and value by (norm, scope), for metrics.
        ended: why the last breach ended by (norm, scope), where nobody told that it is over.
        cooling: the last episode that ended, by (norm, scope), where it may come back.
        overview_at: tick of the last overview.
        changes: ticks after it at which something that an overview shows changed, oldest first. One topic may be
            ahead of the others: an overview of each of these ticks comes once all have passed it.
        due: what is known of the notices that the ladder asks for.
        passed_notices: newest tick at which they were judged.
        in_phase: the figures that wait until the phase is known.
    """

    passed: dict[str, int] = {}
    phases: dict[str, str] = {}
    known: dict[str, dict[str, dict[str, Indicator]]] = {}
    episodes: dict[tuple[str, str], Episode] = {}
    verdicts: dict[tuple[str, str], tuple[Verdict, float | int | None, int]] = {}
    ended: dict[tuple[str, str], str] = {}
    cooling: dict[tuple[str, str], Cooling] = {}
    overview_at: int = 0
    changes: list[int] = []
    due: NoticesDue = msgspec.field(default_factory=NoticesDue)
    passed_notices: int = 0
    in_phase: InPhase = msgspec.field(default_factory=InPhase)

    def __post_init__(self) -> None:
        """Begin without what follows from the rest.

        `under` are the norms it was checked against, `headlines` what overviews show of each topic, `behind` who is behind
        figures of each topic, by norm and scope (`alerts.where`), as far as anybody asked since it changed, `trailing` how many
        topics and joins have not gone beyond `complete`, the tick that all have passed.
        """
        self.under: Norms | None = None
        self.headlines: dict[str, list[IndicatorView]] = {}
        self.behind: dict[str, dict[tuple[str, str], Where | None]] = {}
        self.trailing = 0
        self.complete = 0

    def figure_of(self, norm: Norm, scope: str = "") -> Indicator | None:
        """Return the figure that a norm is held against; None where none is known, or it reads several topics."""
        known = self.known.get(norm.topics[0], {}).get(norm.indicator, {})
        if not norm.split:
            return known.get(norm.key)
        if len(norm.topics) > 1:
            return None
        # A value may hold a comma: what it is called is made of the names that the norm is split by.
        told = re.fullmatch(",".join(f"{name}=(.*)" for name in norm.split), scope)
        labels = {} if told is None else dict(zip(norm.split, told.groups(), strict=True))
        return known.get(indicator_key(norm.indicator, {**norm.labels, **labels}))

    def limit_of(self, norm: Norm, name: str) -> float:
        """Return the limit that the figure of a norm is held against now in this region, called `name`."""
        found = None
        if norm.chance:
            found = self.figure_of(norm)
        return norm.limit_in(name, None if found is None else found.weighs)


class JudgeState(msgspec.Struct):
    """What the judge knows, by region."""

    regions: dict[str, Judged] = {}
