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

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from math import inf
from operator import attrgetter
from typing import NamedTuple

import msgspec
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
from agents.domain.figures.sums import Addend, Fraction, places, quotient, ratio, total
from agents.domain.statements.daily import Daily
from agents.domain.statements.moved import moved
from agents.domain.statements.parts import Located
from agents.domain.statements.ring import Days, Ring, Slot, newest_views, ring
from agents.domain.statements.stale import Last, expired_of, last_of
from agents.domain.statements.standing import Bounds, Views
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
    carried: bool = False


class _Location(NamedTuple):
    """Rooms of one location in each view, at their bounds where they are carried forward, and since when it is stale."""

    views: Views[_Rooms]
    bounds: Bounds[_Rooms] | None
    last: Last | None


class OperatingRoomsState(Located[Days, _Location]):
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
    def gone(self, state: OperatingRoomsState, at: int, norms: Norms) -> Collection[str]:
        """Return who has expired: the carried forward are counted still."""
        return expired_of(state.parts.stale)

    @override
    def indicators(
        self, state: OperatingRoomsState, at: int, norms: Norms, _region: str
    ) -> Iterator[Indicator]:
        """Yield the rooms as known at second `at`; the weight of the reduction is the usual rooms."""
        standing = RoomsStanding.on(local_day(at), norms)
        state.parts.renew(
            state.places,
            local_day(at),
            partial(_part, standing=standing),
            attrgetter("last"),
            of_missed=partial(_part, standing=standing, missed=True),
        )
        every = state.parts.by_location.values()
        rooms = InViews([one.views for one in every], [one.bounds for one in every])
        yield from rooms.figures(_sums)
        told = [
            (name, fraction)
            for name, one in state.parts.by_location.items()
            if one.views.reported is not None
            for fraction in _reductions([one.views.reported])
        ]
        for found in rooms.figures(_reduction, worse=_reduced):
            yield msgspec.structs.replace(found, where=places(told))


def _sums(own: Sequence[_Rooms], expected: Sequence[_Rooms]) -> Iterator[Indicator]:
    for name, slots in (
        ("or_rooms_in_use", [(rooms.in_use, rooms.carried) for rooms in own]),
        ("or_rooms_normal", [(rooms.normal, rooms.carried) for rooms in own]),
    ):
        known = [
            Addend(slot.value, slot.observed, slot.completeness, carried)
            for slot, carried in slots
            if slot is not None
        ]
        if expected or known:
            yield total(name, {}, known, len(expected))


def _reduction(own: Sequence[_Rooms], expected: Sequence[_Rooms]) -> Iterator[Indicator]:
    reductions = _reductions(own)
    if expected or reductions:
        yield ratio("or_reduction_ratio", {}, reductions, len(expected))


def _reductions(every: Sequence[_Rooms]) -> list[Fraction]:
    """Return how many rooms fewer than usual are in use, of the usual ones; as complete as the lesser of the two."""
    return [
        Fraction(
            rooms.pair.usual.value - rooms.pair.used.value,
            rooms.pair.usual.value,
            rooms.pair.used.observed,
            min(rooms.pair.used.completeness, rooms.pair.usual.completeness),
            rooms.carried,
        )
        for rooms in every
        if rooms.pair is not None
    ]


def _reduced(every: Sequence[_Rooms]) -> float | None:
    return quotient(_reductions(every))


def _part(days: Days, _today: int, standing: RoomsStanding, *, missed: bool = False) -> _Location:
    in_use, normal = ring(days, _IN_USE), ring(days, _NORMAL)
    used = newest_views(in_use, standing.in_use)
    usual = usual_views(normal, used, standing)
    now = pair_now(in_use, normal, standing)
    last = now or pair_last(in_use, normal, standing, standing.in_use.carried, standing.usual.carried)
    ever = now or pair_last(in_use, normal, standing)
    pair_expired_at = pair_expires_at(ever, standing) if ever is not None and ever != last else 0
    views = Views(
        _or_none(used.reported, usual.reported, now),
        _or_none(used.carried, usual.carried, last),
        _or_none(used.expired, usual.expired, ever),
        max(used.expired_at, usual.expired_at, pair_expired_at),
    )
    rooms, missed = views.carried, missed and _is_missed(in_use, standing.in_use.today)
    if rooms is None or (rooms == views.reported and not missed):
        return _Location(views, None, _last(views))
    own = _with(rooms, 0.0)
    expired = own if views.expired == rooms else views.expired
    counted = Views(own, own, expired, views.expired_at)
    return _Location(counted, _bounds(rooms, in_use, standing.in_use.today), _last(views, missed=missed))


def _is_missed(in_use: Ring, today: int) -> bool:
    """Return whether two working days passed without a report: many tell on working days only."""
    last = max((day for day in in_use if day <= today + 1), default=today)
    return sum(map(is_working_day, range(last + 1, today + 1))) > 1


def _bounds(rooms: _Rooms, in_use: Ring, today: int) -> Bounds[_Rooms]:
    """Return rooms in use as they may be by now; whatever is reported, from none to all that are usual."""
    told = {day: slot.value for day, slot in in_use.items() if day <= today + 1 and is_working_day(day)}
    last = rooms.pair.used if rooms.pair is not None else rooms.in_use
    far = moved(told, today) if told else inf
    value = 0 if last is None else last.value
    usual = inf if rooms.pair is None else rooms.pair.usual.value
    most = max(usual, value)
    around = (value - far, min(value + far, most), 0.0, most)
    return Bounds(*(_with(rooms, None, max(0.0, one)) for one in around))


def _with(rooms: _Rooms, completeness: float | None, in_use: float | None = None) -> _Rooms:
    """Return rooms that are carried forward, so complete (else as reported), and with as many in use where that is given."""

    def slot(own: Slot | None, value: float | None = None) -> Slot | None:
        if own is None:
            return None
        complete = own.completeness if completeness is None else completeness
        return Slot(*own[:3], own.value if value is None else value, complete)

    pair = rooms.pair
    if pair is not None:
        used, usual = slot(pair.used, in_use), slot(pair.usual)
        pair = None if used is None or usual is None else Pair(used, usual)
    return _Rooms(slot(rooms.in_use, in_use), slot(rooms.normal), pair, carried=True)


def _or_none(in_use: Slot | None, normal: Slot | None, pair: Pair | None) -> _Rooms | None:
    return None if in_use is None and normal is None else _Rooms(in_use, normal, pair)


def _last(views: Views[_Rooms], *, missed: bool = False) -> Last | None:
    """Return when a location last reported the rooms that it is stale on; all of them where its reports are missed."""
    told = zip(*(_slots(rooms) for rooms in views[:3]), strict=True)
    firsts = [first for slots in told if (first := Views(*slots).first()) is not None]
    return last_of(
        ("carried" if missed and view == "reported" else view, slot.observed) for view, slot in firsts
    )


def _slots(rooms: _Rooms | None) -> tuple[Slot | None, ...]:
    """Return what is reported of rooms; of a pair, its rooms in use: both halves may be told of other kinds of days."""
    if rooms is None:
        return None, None, None
    return rooms.in_use, rooms.normal, None if rooms.pair is None else rooms.pair.used
