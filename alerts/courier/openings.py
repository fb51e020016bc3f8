"""What the log says of each breach: its openings, each with the starts and steps that people hear of, and its end."""

from dataclasses import dataclass, field

from alerts.courier.matching import AlertKey
from streams.status import Transition

STARTS = ("active", "reopened", "step")


@dataclass
class Opening:
    """A breach from where it began, or came back, to where it ended.

    Attributes:
        episode: its id.
        count: how often it had come back by then.
        starts: the beginning and the steps, in the order of the log.
        end: where it ended.
    """

    episode: str
    count: int
    starts: list[Transition] = field(default_factory=list)
    end: Transition | None = None

    @property
    def reached(self) -> int:
        """The highest step that was taken."""
        return max((each.step for each in self.starts), default=0)


class Openings:
    """All of them; a transition that comes again counts once."""

    def __init__(self) -> None:
        self.by_id: dict[str, Transition] = {}
        self.offsets: dict[str, int] = {}
        self.seen: dict[str, float] = {}
        self._by_episode: dict[str, dict[int, Opening]] = {}
        self._by_key: dict[AlertKey, set[str]] = {}

    def take(self, transition: Transition, offset: int, seen: float) -> bool:
        """Take a transition that stands at an offset and was first seen then, seconds; return whether it is news to people."""
        said = transition.state in STARTS or (transition.state == "resolved" and transition.step > 0)
        if not said or transition.id in self.by_id:
            return False
        self.by_id[transition.id] = transition
        self.offsets[transition.id] = offset
        self.seen[transition.id] = seen
        openings = self._by_episode.setdefault(transition.episode, {})
        opening = openings.setdefault(transition.count, Opening(transition.episode, transition.count))
        if transition.state == "resolved":
            opening.end = transition
        else:
            opening.starts.append(transition)
        self._by_key.setdefault(key_of(transition), set()).add(transition.episode)
        return True

    def of(self, episode: str) -> list[Opening]:
        """Return the openings of an episode, the first one first."""
        return [each for _, each in sorted(self._by_episode.get(episode, {}).items())]

    def of_transition(self, transition: Transition) -> Opening:
        """Return the opening that a transition belongs to."""
        return self._by_episode[transition.episode][transition.count]

    def about(self, key: AlertKey) -> list[Opening]:
        """Return the openings of what an alert is about."""
        return [opening for episode in sorted(self._by_key.get(key, ())) for opening in self.of(episode)]

    def episodes(self, key: AlertKey) -> set[str]:
        """Return the episodes of what an alert is about: one, or none that is known yet."""
        return self._by_key.get(key, set())


def key_of(transition: Transition) -> AlertKey:
    """Return an episode as its alerts say it."""
    return AlertKey(transition.region, transition.norm, transition.scope, transition.since)
