"""What each location adds to its region, kept until the location changes or a new day begins.

A report about one hospital then costs one hospital at the next tick, whatever the number of hospitals. Parts follow
from the state and the day alone; they are no part of the state, and after a restart all of them are made again.
"""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from agents.domain.statements.silent import Last

_Held = TypeVar("_Held")
_Part = TypeVar("_Part")


def _nobody(_part: object) -> Last | None:
    return None


class Parts(Generic[_Part]):
    """The parts of one region of one topic.

    Attributes:
        touched: locations that changed since the parts were last renewed; folds add to it.
        unsaved: locations that changed up to the last tick and since somebody last emptied it: what a
            snapshot that holds only changes has to write. Right after a tick it is complete.
        by_location: the parts as of the last tick.
        silent: the locations among them that are silent, with when they told last.
    """

    __slots__ = ("_day", "by_location", "silent", "touched", "unsaved")

    def __init__(self) -> None:
        self.touched: set[str] = set()
        self.unsaved: set[str] = set()
        self.by_location: dict[str, _Part] = {}
        self.silent: dict[str, Last] = {}
        self._day = 0

    def renew(
        self,
        held: Mapping[str, _Held],
        today: int,
        part_of: Callable[[_Held, int], _Part],
        last_of: Callable[[_Part], Last | None] = _nobody,
    ) -> list[tuple[str, _Part | None, _Part | None]]:
        """Make the parts of what changed, or all of them on a new day.

        Args:
            held: state by location.
            today: local day.
            part_of: makes a part of the state of a location, on a day.
            last_of: says of a part whether its location is silent, and when it told last.

        Returns:
            Location, part before, part now; None where there is none.
        """
        parts = self.by_location
        names = set(self.touched)
        if self._day != today:
            self._day = today
            names |= parts.keys() | held.keys()
        renewed = []
        for name in names:
            before = parts.pop(name, None)
            self.silent.pop(name, None)
            own = held.get(name)
            now = None
            if own is not None:
                now = parts[name] = part_of(own, today)
                last = last_of(now)
                if last is not None:
                    self.silent[name] = last
            renewed.append((name, before, now))
        self.unsaved |= self.touched
        self.touched.clear()
        return renewed
