"""Who has passed which tick, and what waits until everyone has.

Members pass their ticks in order, each at its own pace. A tick is complete once every member has passed it; then what
the members changed up to it is handed over, in an order that does not depend on who came first. One member sets the
pace: its ticks are those that become complete, and what others changed at a tick of their own comes with the next one.
Ticks are moments (`streams.moments`).
"""

from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

import msgspec

from streams.moments import comes_after, earliest, place_of

_Change = TypeVar("_Change")


class Run(msgspec.Struct, array_like=True):
    """Ticks at equal steps, first and last included; a day of seconds takes no more room than two of them."""

    first: int
    step: int
    last: int


class Alignment(msgspec.Struct, Generic[_Change], dict=True):
    """Ticks of several members.

    Attributes:
        passed: newest tick of each member.
        waiting: what changed at ticks that are not complete, by tick and member. A member that changed nothing is
            not in it, so nothing piles up while another stands still and nothing happens.
        ahead: ticks of the pace setter that are not complete, oldest first.
    """

    passed: dict[str, int] = {}
    waiting: dict[int, dict[str, _Change]] = {}
    ahead: list[Run] = []

    def __post_init__(self) -> None:
        """Put what waits in its order, so that one who was away for a day catches up in a time that grows with the day."""
        self._order = [(place_of(tick), tick) for tick in self.waiting]
        heapify(self._order)

    def take(self, member: str, at: int, change: _Change | None, *, sets_pace: bool) -> bool:
        """Let a member pass a tick, with what changed or None; False if it had passed that before."""
        if not comes_after(at, self.passed.get(member, 0)):
            return False
        self.passed[member] = at
        if change is not None:
            self.wait(member, at, change)
        if sets_pace:
            self._append(at)
        return True

    def wait(self, member: str, at: int, change: _Change) -> None:
        """Hand a change over with the next tick that is complete, at `at` or later."""
        waits = self.waiting.get(at)
        if waits is None:
            waits = self.waiting[at] = {}
            heappush(self._order, (place_of(at), at))
        waits[member] = change

    def complete(self, members: int) -> Iterator[tuple[int, list[tuple[str, _Change]]]]:
        """Yield the ticks that all have passed by now, each once, with the changes up to it by tick and member."""
        if not self.ahead or len(self.passed) < members:
            return
        until = earliest(self.passed.values())
        while self.ahead and not comes_after(self.ahead[0].first, until):
            at = self._pop()
            yield at, self._changes(at)

    def _append(self, at: int) -> None:
        run = self.ahead[-1] if self.ahead else None
        if run is not None and run.first == run.last:
            run.step, run.last = at - run.first, at
        elif run is not None and run.last + run.step == at:
            run.last = at
        else:
            self.ahead.append(Run(at, 0, at))

    def _pop(self) -> int:
        run = self.ahead[0]
        at = run.first
        if at == run.last:
            self.ahead.pop(0)
        else:
            run.first = at + run.step
        return at

    def _changes(self, at: int) -> list[tuple[str, _Change]]:
        until = place_of(at)
        changes: list[tuple[str, _Change]] = []
        while self._order and self._order[0][0] <= until:
            _, tick = heappop(self._order)
            changes += sorted(self.waiting.pop(tick).items(), key=_member)
        return changes


def _member(change: tuple[str, object]) -> str:
    member, _ = change
    return member
