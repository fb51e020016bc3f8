"""What each location adds to its region, kept until the location changes or a new day begins.

A report about one hospital then costs one hospital at the next tick, whatever the number of hospitals. Parts follow
from the state and the day alone; they are no part of the state, and after a restart all of them are made again.
"""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

_Held = TypeVar("_Held")
_Part = TypeVar("_Part")


class Parts(Generic[_Part]):
    """The parts of one region of one topic.

    Attributes:
        touched: locations that changed since the parts were last renewed; folds add to it.
        unsaved: locations that changed up to the last tick and since somebody last emptied it: what a
            snapshot that holds only changes has to write. Right after a tick it is complete.
        by_location: the parts as of the last tick.
    """

    __slots__ = ("_day", "by_location", "touched", "unsaved")

    def __init__(self) -> None:
        self.touched: set[str] = set()
        self.unsaved: set[str] = set()
        self.by_location: dict[str, _Part] = {}
        self._day = 0

    def renew(
        self, held: Mapping[str, _Held], today: int, part_of: Callable[[_Held, int], _Part]
    ) -> list[tuple[str, _Part | None, _Part | None]]:
        """Make the parts of what changed, or all of them on a new day.

        Args:
            held: state by location.
            today: local day.
            part_of: makes a part of the state of a location, on a day.

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
            own = held.get(name)
            now = None
            if own is not None:
                now = parts[name] = part_of(own, today)
            renewed.append((name, before, now))
        self.unsaved |= self.touched
        self.touched.clear()
        return renewed
