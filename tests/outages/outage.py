"""What an outage is, and what is written down of each part that lives through it."""

from dataclasses import dataclass
from typing import Literal, Self

Way = Literal["frozen", "killed", "stopped"]
STARTS_AGAIN = (1, 75)
"""The codes after which starting again helps (docs/operations.md)."""
BY_SUPERVISOR = ("made no progress", "was not ready")


@dataclass(frozen=True)
class Outage:
    """One outage.

    Attributes:
        broker: `kafka` for Apache Kafka, or `embedded`, which forgets what it held when it ends, so it is only frozen.
        way: `frozen` by SIGSTOP: its connections stay and nothing answers; `killed` by SIGKILL; or `stopped` in order.
        seconds: for so long.
        starting: whether it comes while a second set of parts is just starting; else they are begun during it.
        stopping: whether some of the parts are asked to stop during it.
    """

    broker: Literal["kafka", "embedded"]
    way: Way
    seconds: int
    starting: bool = False
    stopping: bool = False

    @property
    def name(self) -> str:
        """How it is asked for."""
        more = "-starting" * self.starting + "-stopping" * self.stopping
        return f"{self.broker}-{self.way}-{self.seconds}{more}"

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the outage of a name."""
        broker, way, seconds, *more = name.split("-")
        return cls(broker, way, int(seconds), "starting" in more, "stopping" in more)

    @property
    def alerting(self) -> bool:
        """Whether a Prometheus looks on: where nothing else is going on."""
        return not self.starting and not self.stopping


@dataclass(frozen=True)
class Ended:
    """How a part ended: its exit code or, if somebody ended it, a word; and the line of its supervisor."""

    code: int | str | None
    said: str


@dataclass(frozen=True)
class Row:
    """What became of one part.

    Attributes:
        outage: that it lived through.
        kind: `worker`, `ticker`, `page`, or `alerts` for Prometheus.
        phase: what it was doing when the broker went away.
        seconds: from the broker's return until it did new work (stopping: until it had ended); None if it did not.
        ends: how it ended meanwhile, each time.
        faults: lines of its log that no user should see.
    """

    outage: Outage
    kind: str
    phase: str
    seconds: float | None
    ends: tuple[Ended, ...]
    faults: tuple[str, ...]

    @property
    def unexpected(self) -> list[str]:
        """What is not as it should be, but for the time that it took."""
        allowed = (0,) if self.phase == "stopping" else (*STARTS_AGAIN, *BY_SUPERVISOR)
        wrong = [f"ended with {each.code}: {each.said}" for each in self.ends if each.code not in allowed]
        return wrong + [f"logged: {each}" for each in self.faults] + ["hangs"] * (self.seconds is None)
