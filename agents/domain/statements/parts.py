"""What each location adds to its region, kept until the location changes or a new day begins.

A report about one hospital then costs one hospital at the next tick, whatever the number of hospitals. Parts follow
from the state and the day alone; they are no part of the state, and after a restart all of them are made again.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

import msgspec

from agents.domain.plausible.pasts import Pasts
from agents.domain.statements.revisions import ByDay, Revised, forget
from agents.domain.statements.stale import Last

_Held = TypeVar("_Held")
_Part = TypeVar("_Part")


def _nobody(_part: object) -> Last | None:
    return None


def _from_scratch(_location: str, _held: object, _before: object) -> None:
    return None


class Parts(Generic[_Part]):
    """The parts of one region of one topic.

    Attributes:
        touched: locations that changed since the parts were last renewed; folds add to it.
        unsaved: locations that changed up to the last tick and since somebody last emptied it: what a
            snapshot that holds only changes has to write. Right after a tick it is complete. A fold adds to it where
            it remembers more and no figure is other.
        by_location: the parts as of the last tick.
        stale: the locations among them that are stale, with when each was last seen.
        held_back: locations that are held and add nothing (`agents/domain/speakers/`).
        ended: locations that others replaced, or that moved, with the day from which they count no more, where what they did
            before that still counts; nothing after it is missed.
        missed: locations of which reports are missed, so that what they said last is carried forward.
    """

    __slots__ = (
        "_again",
        "_day",
        "by_location",
        "ended",
        "held_back",
        "missed",
        "stale",
        "touched",
        "unsaved",
    )

    def __init__(self) -> None:
        self.touched: set[str] = set()
        self.unsaved: set[str] = set()
        self.by_location: dict[str, _Part] = {}
        self.stale: dict[str, Last] = {}
        self.held_back: set[str] = set()
        self.ended: dict[str, int] = {}
        self.missed: frozenset[str] = frozenset()
        self._again: set[str] = set()
        self._day = 0

    def hold_back(self, names: set[str]) -> bool:
        """Let these locations add nothing until another call; return whether they are others than before."""
        others = self.held_back ^ names
        if not others:
            return False
        # Not as touched: what is held of them is what it was.
        self._again |= others
        self.held_back = names
        return True

    def look_again(self, names: Iterable[str]) -> None:
        """Look anew at locations of which more is known, though they reported nothing."""
        self._again.update(names)

    def miss(self, names: frozenset[str]) -> None:
        """Carry these locations forward until another call."""
        self._again |= self.missed ^ names
        self.missed = names

    def renew(
        self,
        held: Mapping[str, _Held],
        today: int,
        part_of: Callable[[_Held, int], _Part],
        last_of: Callable[[_Part], Last | None] = _nobody,
        again: Callable[[str, _Held, _Part], _Part | None] = _from_scratch,
        of_missed: Callable[[_Held, int], _Part] | None = None,
    ) -> list[tuple[str, _Part | None, _Part | None]]:
        """Make the parts of what changed, or all of them on a new day.

        Args:
            held: state by location.
            today: local day.
            part_of: makes a part of the state of a location, on a day.
            again: makes it of the part before where that costs less, on the same day; None where it does not.
            of_missed: makes it of one of which reports are missed; None where that is no other.
            last_of: says of a part whether its location is stale, and when it was last seen.

        Returns:
            Location, part before, part now; None where there is none.
        """
        parts = self.by_location
        part_of_missed = of_missed or part_of
        names = self.touched | self._again
        same_day = self._day == today
        if not same_day:
            self._day = today
            names |= parts.keys() | held.keys()
        renewed = []
        for name in names:
            before = parts.pop(name, None)
            self.stale.pop(name, None)
            own = None if name in self.held_back else held.get(name)
            now = None
            if own is not None:
                if same_day and before is not None and name not in self._again:
                    now = again(name, own, before)
                now = parts[name] = (
                    (part_of_missed if name in self.missed else part_of)(own, today) if now is None else now
                )
                last = last_of(now)
                if last is not None:
                    self.stale[name] = last
            renewed.append((name, before, now))
        self.unsaved |= self.touched
        self.touched.clear()
        self._again.clear()
        return renewed


class Located(msgspec.Struct, Generic[_Held, _Part], dict=True):
    """State that is held by location; what each location adds to its region follows from it.

    Attributes:
        places: what is held of each location.
        revised: what revisions did to each location of which a report was revised.
        pasts: what each location ever did before the days that are held, where that is asked.
        told: what each of several sources told last, of the locations for which they speak; who speaks knows it.
        parts: what each adds; no part of what is stored.
        unlike: seconds about which some report was revised, and locations of which something is withdrawn: a report about
            none of them is taken without a look at `revised`, from which this follows.
    """

    places: dict[str, _Held] = {}
    revised: dict[str, ByDay] = {}
    pasts: dict[str, Pasts] = {}

    def __post_init__(self) -> None:
        """Begin without parts."""
        self.parts: Parts[_Part] = Parts()
        self.told: Mapping[str, Mapping[str, Mapping[str, tuple[int, float]]]] = {}
        self.see_revised()

    def see_revised(self) -> None:
        """Look anew at what was revised."""
        self.unlike: set[int | str] = set()
        for location, by_day in self.revised.items():
            for revised in by_day.values():
                self.unlike.update(revised.reports)
                if revised.withdrawn:
                    self.unlike.add(location)

    def note_revised(self, location: str, second: int, revised: Revised) -> None:
        """Take note that more is known of revisions of a report about a second; it is put away with the next snapshot."""
        self.parts.unsaved.add(location)
        self.unlike.add(second)
        if revised.withdrawn:
            self.unlike.add(location)

    def forget_revised(self, first: int) -> None:
        """Forget days or weeks before `first`, about which reports are late."""
        aged = forget(self.revised, first)
        if aged:
            self.parts.touched.update(aged)
            self.see_revised()
