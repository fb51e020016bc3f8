"""Whether a worker moves: a decision over time, without a clock or a process of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from faust.types import TP
from typing_extensions import override

from agents.engine.vitals import Vitals

_STEP_SECONDS_MAX = 1.0
"""Most that one look adds to a clock: time in which nobody could look (a stopped process) proves nothing."""

_DIVISIONS = 5
"""A group that is divided over and over is given so many times the stall time before this worker leaves it."""


@dataclass(frozen=True, slots=True)
class Stall:
    """Something that does not move.

    Attributes:
        what: a sentence.
        seconds: for how long.
        facts: the same as names and values, for a log.
    """

    what: str
    seconds: float
    facts: Mapping[str, Any] = field(default_factory=dict)

    @override
    def __str__(self) -> str:
        return f"{self.what} for {self.seconds:.0f} s"


@dataclass(frozen=True, slots=True)
class Health:
    """What a worker is.

    Attributes:
        alive: its loop beats.
        ready: it has its partitions and their state, knows how far their logs go, and nothing stands still.
        reasons: why it is not ready, a line each; empty if it is.
        stalled: what stood still for the whole stall time: the worker must end. Empty otherwise.
    """

    alive: bool
    ready: bool
    reasons: tuple[str, ...] = ()
    stalled: tuple[Stall, ...] = ()


class Patience:
    """Decides from beats whether a worker moves.

    Every clock counts only while the brokers answer on a connection of their own: then standing still is the
    worker's fault. While they are silent (for a quarter of the stall time) it is not ready, and when they are back
    all clocks begin anew. Only a loop that does not beat needs no broker to be at fault.

    Args:
        stall_seconds: how long something may stand still; half of it makes the worker not ready.
    """

    def __init__(self, stall_seconds: float) -> None:
        self.stall_seconds = stall_seconds
        self._seen: Vitals | None = None
        self._unbeaten = 0.0
        self._unsettled = 0.0
        self._unsettled_in_all = 0.0
        self._most_restored = 0
        self._unlooked = 0.0
        self._still: dict[tuple[str, TP], tuple[int, float]] = {}

    def look(self, elapsed: float, vitals: Vitals | None) -> Health:
        """Return the health of a worker, `elapsed` seconds after the look before."""
        elapsed = min(elapsed, _STEP_SECONDS_MAX)
        if vitals is None or (self._seen is not None and vitals.beat == self._seen.beat):
            self._unbeaten += elapsed
        else:
            self._count(min(self._unbeaten + elapsed, _STEP_SECONDS_MAX), vitals)
            self._unbeaten, self._seen = 0.0, vitals
        stalls = self._stalls()
        reasons = [str(stall) for stall in stalls if stall.seconds >= self.stall_seconds / 2]
        alive = self._unbeaten < self.stall_seconds / 2
        if alive:
            reasons = self._not_ready() + reasons
        whole = tuple(stall for stall in stalls if stall.seconds >= self.stall_seconds)
        return Health(alive, not reasons, tuple(dict.fromkeys(reasons)), whole)

    def _count(self, elapsed: float, vitals: Vitals) -> None:
        if self._silent(vitals):
            self._unsettled = self._unsettled_in_all = self._unlooked = 0.0
            self._still.clear()
        elif vitals.unsettled is not None:
            self._count_unsettled(elapsed, vitals)
        else:
            self._unsettled = self._unsettled_in_all = self._most_restored = 0
            self._count_positions(elapsed, vitals)

    def _count_unsettled(self, elapsed: float, vitals: Vitals) -> None:
        """Time goes on while nothing is restored; a new division begins anew, but not for ever."""
        before = self._seen
        moved = before is None or before.restored < vitals.restored or before.generation != vitals.generation
        self._unsettled = 0.0 if moved else self._unsettled + elapsed
        self._unsettled_in_all = (
            0.0 if vitals.restored > self._most_restored else self._unsettled_in_all + elapsed
        )
        self._most_restored = max(self._most_restored, vitals.restored)
        self._unlooked = 0.0

    def _count_positions(self, elapsed: float, vitals: Vitals) -> None:
        """A rebalance in between stops these clocks but does not set them back: only a record does."""
        if vitals.positions is None or (self._seen is not None and self._seen.looks == vitals.looks):
            self._unlooked += elapsed
            return
        since_last_look = min(self._unlooked + elapsed, self.stall_seconds / 4)
        self._unlooked = 0.0
        still = {}
        for place, position in vitals.positions.items():
            if position.lag:
                offset, seconds = self._still.get(place, (None, 0.0))
                stands = offset == position.next_offset
                still[place] = position.next_offset, seconds + since_last_look if stands else 0.0
        self._still = still

    def _silent(self, vitals: Vitals) -> bool:
        return vitals.broker_silent_s >= self.stall_seconds / 4

    def _not_ready(self) -> list[str]:
        vitals = self._seen
        if vitals is None:
            return ["the worker starts"]
        if self._silent(vitals):
            return [f"the brokers have not answered for {vitals.broker_silent_s:.0f} s"]
        if vitals.unsettled is not None:
            return [vitals.unsettled]
        return ["it is not known yet how far the logs go"] if vitals.positions is None else []

    def _stalls(self) -> list[Stall]:
        """Return what does not move, the cause before what follows from it."""
        vitals = self._seen
        if self._unbeaten >= self.stall_seconds / 2 or vitals is None:
            return [Stall("the event loop has not beaten", self._unbeaten)]
        stalls = [Stall(f"no progress while {vitals.unsettled}", self._unsettled)]
        if self._unsettled_in_all >= _DIVISIONS * self.stall_seconds:
            stalls.append(Stall("the group is divided over and over", self._unsettled_in_all))
        stalls.append(Stall("nobody has looked how far the partitions are", self._unlooked))
        for (stage, tp), (_, seconds) in sorted(self._still.items()):
            position = (vitals.positions or {}).get((stage, tp))
            if position is not None:
                place = f"{tp.topic}/{tp.partition} at {position.next_offset} of {position.end}"
                facts = {
                    "stage": stage,
                    "topic": tp.topic,
                    "partition": tp.partition,
                    "next_offset": position.next_offset,
                    "end": position.end,
                }
                stalls.append(Stall(f"{stage} stands still in {place}", seconds, facts))
        return stalls
