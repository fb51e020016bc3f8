"""The alerts that Alertmanager brought: which breaches it told of, and which it told of though the log knows nothing.

Order and repeats of posts make no difference: what counts is which alerts there were, each by when it began to fire.
"""

from collections import defaultdict
from collections.abc import Iterator

from alerts.courier.matching import AlertKey
from alerts.courier.openings import Openings, key_of
from streams.notifications import AlertHeard, NoticeAbout
from streams.status import Transition

FIRED: NoticeAbout = "fired-without-transition"
RESOLVED: NoticeAbout = "resolved-without-transition"

_Place = tuple[AlertKey, int]


class Brought:
    """Alerts by episode and step, and when each was first heard, seconds."""

    def __init__(self) -> None:
        self._firing: dict[_Place, dict[str, float]] = defaultdict(dict)
        self._resolved: dict[_Place, dict[str, float]] = defaultdict(dict)
        self._doubtful: set[_Place] = set()

    def take(self, record: AlertHeard) -> bool:
        """Take an alert; return whether it was not known."""
        place = AlertKey(record.region, record.norm, record.scope, record.since), record.step
        heard = (self._firing if record.status == "firing" else self._resolved)[place]
        self._doubtful.add(place)
        if record.starts_at in heard:
            heard[record.starts_at] = min(heard[record.starts_at], record.at)
            return False
        heard[record.starts_at] = record.at
        return True

    def knows(self, record: AlertHeard) -> bool:
        """Return whether an alert was heard before."""
        place = AlertKey(record.region, record.norm, record.scope, record.since), record.step
        heard = (self._firing if record.status == "firing" else self._resolved).get(place, {})
        return record.starts_at in heard

    def transition(self, transition: Transition, steps: int) -> None:
        """Look again at the alerts of an episode, of which a transition came that reached this step."""
        self._doubtful |= {
            place
            for step in range(1, steps + 1)
            if (place := (key_of(transition), step)) in self._firing or place in self._resolved
        }

    def told_of(self, transition: Transition, first: int) -> bool:
        """Return whether a start or a step was brought: as often as it was taken, where the breach came back.

        Args:
            transition: the start or the step; of one that came back any step counts.
            first: how often the breach had come back when its step was first taken.
        """
        steps = range(1, transition.step + 1) if transition.state == "reopened" else (transition.step,)
        times = 1 + transition.count - first
        return any(len(self._firing.get((key_of(transition), step), ())) >= times for step in steps)

    def unexplained(
        self, openings: Openings, now: float, held: float, gathered: float
    ) -> Iterator[tuple[NoticeAbout, str, bool]]:
        """Yield what the log does not explain: what it is, the alert, and whether it is due.

        Args:
            openings: the log.
            now: seconds.
            held: how long an alert waits for its transition, seconds.
            gathered: how long one must have waited to be told with others that are due, seconds.
        """
        for place in sorted(self._doubtful):
            key, step = place
            known = openings.about(key)
            name = "|".join((*key, str(step)))
            waiting = False
            if (firing := self._firing.get(place)) and not any(one.reached >= step for one in known):
                waiting = True
                if (age := now - min(firing.values())) >= gathered:
                    yield FIRED, name, age >= held
            ends = sum(one.end is not None and one.reached >= step for one in known)
            resolved = sorted(self._resolved.get(place, {}).values())
            for number, since in enumerate(resolved[ends:], start=ends + 1):
                waiting = True
                if now - since >= gathered:
                    yield RESOLVED, f"{name}|{number}", now - since >= held
            if not waiting:
                self._doubtful.discard(place)
