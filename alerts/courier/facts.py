"""What is known from both logs, and how long the courier waits for what is not."""

from dataclasses import dataclass, field

from alerts.courier.brought import Brought
from alerts.courier.deliveries import Deliveries
from alerts.courier.openings import Openings
from streams.notifications import Missed, Standing


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the courier waits, seconds.

    Attributes:
        brought: for Alertmanager to bring what the log has.
        logged: for the log to have what Alertmanager brought.
        gathered: an alert must be this old to be told with others that are due.
        apart: between two notices to operations about the same.
        past: what is further behind the clock is told to nobody.
        live: the stream is of now if it is no further behind the clock.
        asked: how long an answer about a silence holds.
        replay: whether the past is told as well.
    """

    brought: float = 15.0
    logged: float = 60.0
    gathered: float = 10.0
    apart: float = 900.0
    past: float = 86_400.0
    live: float = 600.0
    asked: float = 30.0
    replay: bool = False


@dataclass
class Facts:
    """The fold over both logs.

    Attributes:
        patience: how long to wait.
        openings: the log of transitions.
        brought: the alerts.
        deliveries: what was given to whom.
        missed: what was written down as missed, by transition and recipient.
        standings: messages of what is open.
        begin: first offset of `care.breaches` that is news; None before the first courier began.
        stream_at: how far the stream is, seconds.
    """

    patience: Patience
    openings: Openings = field(default_factory=Openings)
    brought: Brought = field(default_factory=Brought)
    deliveries: Deliveries = field(default_factory=Deliveries)
    missed: dict[tuple[str, str], Missed] = field(default_factory=dict)
    standings: list[Standing] = field(default_factory=list)
    begin: int | None = None
    stream_at: float = 0.0

    def told(self, transition: str, recipient: str) -> bool:
        """Return whether somebody may have been told a transition, or the mail server refuses them for good."""
        return any(
            each.recipient == recipient and (each.heard or each.settled)
            for each in self.deliveries.telling(transition)
        )

    def is_live(self, now: float) -> bool:
        """Return whether the stream is of now: what is open in it is open."""
        return self.patience.replay or self.stream_at >= now - self.patience.live
