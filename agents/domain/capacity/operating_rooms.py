"""`care.operating-rooms` becomes state: rooms in use against what is usual, by location and day.

Rooms in use are held against what is usual on such a day: as told for the same day, else as last told for another day
of the same kind, since fewer rooms run in a weekend and on a holiday. Rooms in use stand for three days, and longer
where no working day has passed since: who tells on working days only is not silent on Tuesday after Easter. Usual rooms
are a reference that seldom changes: told once they stand until others are told, for as long as the location tells its
rooms in use and for `rooms-usual-stand` days at most. Who never told any, or told them longer ago, leaves the reduction
less complete, and is not missed in it. The reduction is that of the newest working day that stands, and of other days
only where there is none: planned care is cut on working days, and comes back on one.

Of a stale location, what it reported last of a working day stands in its reduction.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from typing_extensions import override

from agents.domain.capacity.usual_rooms import (
    Pair,
    RoomsStanding,
    pair_expires_at,
    pair_last,
    pair_now,
    usual_views,
)
from agents.domain.figures.in_views import InViews
from agents.domain.figures.sums import Addend, Fraction, quotient, ratio, total
from agents.domain.statements.daily import Daily
from agents.domain.statements.parts import Located
from agents.domain.statements.ring import Days, Slot, newest_views, ring
from agents.domain.statements.stale import Last, last_of_views
from agents.domain.statements.standing import Views
from alerts.norms import Norms
from streams.calendar import is_working_day, local_day
from streams.reports import OperatingRoomsReport
from streams.status import Indicator

_IN_USE, _NORMAL = range(2)


class _Rooms(NamedTuple):
    """Rooms of one location: in use, usual, and the pair of them that gives its reduction."""

    in_use: Slot | None
    normal: Slot | None
    pair: Pair | None


class OperatingRoomsState(Located[Days, Views[_Rooms]]):
    """By location and day two columns: rooms in use, usual rooms."""


class OperatingRooms(Daily[OperatingRoomsState, OperatingRoomsReport]):
    """The fold of `care.operating-rooms`; of working days and of other ones the newest statement is held."""

    state = OperatingRoomsState
    name = "rooms"
    columns = 2
    held = range(columns)

    @staticmethod
    @override
    def kind(day: int) -> bool:
        """Return whether a day is a working day."""
        return is_working_day(day)

    @override
    def readings(self, report: OperatingRoomsReport) -> Iterable[tuple[int, int | None]]:
        """Return rooms in use and usual rooms."""
        return (_IN_USE, report.rooms_in_use), (_NORMAL, report.rooms_normal)

    @override
    def indicators(
        self, state: OperatingRoomsState, at: int, norms: Norms, _region: str
    ) -> Iterator[Indicator]:
        """Yield the rooms as known at second `at`; the weight of the reduction is the usual rooms."""
        standing = RoomsStanding.on(local_day(at), norms)
        state.parts.renew(state.places, local_day(at), partial(_part, standing=standing), _last)
        every = InViews(list(state.parts.by_location.values()))
        yield from every.figures(_sums)
        yield from every.figures(_reduction, worse=_reduced)


def _sums(own: Sequence[_Rooms], expected: Sequence[_Rooms]) -> Iterator[Indicator]:
    for name, slots in (
        ("or_rooms_in_use", [rooms.in_use for rooms in own]),
        ("or_rooms_normal", [rooms.normal for rooms in own]),
    ):
        known = [Addend(slot.value, slot.observed, slot.completeness) for slot in slots if slot is not None]
        if expected or known:
            yield total(name, {}, known, len(expected))


def _reduction(own: Sequence[_Rooms], expected: Sequence[_Rooms]) -> Iterator[Indicator]:
    reductions = _reductions(own)
    if expected or reductions:
        yield ratio("or_reduction_ratio", {}, reductions, len(expected))


def _reductions(every: Sequence[_Rooms]) -> list[Fraction]:
    """Return how many rooms fewer than usual are in use, of the usual ones; as complete as the lesser of the two."""
    pairs = [rooms.pair for rooms in every if rooms.pair is not None]
    return [
        Fraction(
            usual.value - used.value, usual.value, used.observed, min(used.completeness, usual.completeness)
        )
        for used, usual in pairs
    ]


def _reduced(every: Sequence[_Rooms]) -> float | None:
    return quotient(_reductions(every))


def _part(days: Days, _today: int, standing: RoomsStanding) -> Views[_Rooms]:
    in_use, normal = ring(days, _IN_USE), ring(days, _NORMAL)
    used = newest_views(in_use, standing.in_use)
    usual = usual_views(normal, used, standing)
    now = pair_now(in_use, normal, standing)
    last = now or pair_last(in_use, normal, standing, standing.in_use.carried, standing.usual.carried)
    ever = now or pair_last(in_use, normal, standing)
    pair_expired_at = pair_expires_at(ever, standing) if ever is not None and ever != last else 0
    return Views(
        _or_none(used.reported, usual.reported, now),
        _or_none(used.carried, usual.carried, last),
        _or_none(used.expired, usual.expired, ever),
        max(used.expired_at, usual.expired_at, pair_expired_at),
    )


def _or_none(in_use: Slot | None, normal: Slot | None, pair: Pair | None) -> _Rooms | None:
    return None if in_use is None and normal is None else _Rooms(in_use, normal, pair)


def _last(part: Views[_Rooms]) -> Last | None:
    return (
        last_of_views(Views(*slots) for slots in zip(*(_slots(rooms) for rooms in part[:3]), strict=True))
        if part.is_stale
        else None
    )


def _slots(rooms: _Rooms | None) -> tuple[Slot | None, ...]:
    """Return what is reported of rooms; of a pair, its rooms in use: both halves may be told of other kinds of days."""
    if rooms is None:
        return None, None, None
    return rooms.in_use, rooms.normal, None if rooms.pair is None else rooms.pair.used
