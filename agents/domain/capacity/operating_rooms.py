"""`care.operating-rooms` becomes state: rooms in use against what is usual, by location and day.

Rooms in use are held against what is usual on such a day: as told for the same day, else as last told for another day
of the same kind, since fewer rooms run in a weekend and on a holiday. Rooms in use stand for three days, and longer
where no working day has passed since: who tells on working days only is not silent on Tuesday after Easter. Usual rooms
are a reference that seldom changes: told once they stand until others are told, for as long as the location tells its
rooms in use and for `rooms-usual-stand` days at most. Who never told any, or told them longer ago, leaves the reduction
less complete, and is not missed in it. The reduction is that of the newest working day that stands, and of other days
only where there is none: planned care is cut on working days, and comes back on one.

A location that falls silent has neither all of its rooms nor none: each figure is told with what it told last as well,
while that is missed (parameter `rooms-missed`) and once it is given up. Of the reduction that is its last working day.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import msgspec

from agents.domain.capacity.usual_rooms import (
    Pair,
    pair_given_up_at,
    pair_last,
    pair_now,
    stands,
    usual_views,
)
from agents.domain.figures.silence import with_silent
from agents.domain.statements.outcome import Outcome
from agents.domain.statements.parts import Parts
from agents.domain.statements.ring import (
    RING_DAYS,
    Days,
    Places,
    Slot,
    beats,
    day_of,
    expire,
    given_up_at,
    in_views,
    ring,
    share,
)
from agents.domain.statements.silent import Last, last_of_slots
from alerts.norms import Norms
from streams.calendar import DAY_OF_QUARTER, QUARTER, is_working_day, local_day
from streams.reports import OperatingRoomsReport
from streams.status import Indicator

_COLUMNS = 2
_IN_USE, _NORMAL = range(_COLUMNS)


class _Rooms(NamedTuple):
    """Rooms of one location: in use, usual, and the pair of them that gives its reduction."""

    in_use: Slot | None = None
    normal: Slot | None = None
    pair: Pair | None = None


_NOTHING = _Rooms()


class _Part(NamedTuple):
    """What one location says: now, with what is missed of it, and with what was given up, and when that last was."""

    told: _Rooms
    missed: _Rooms
    given_up: _Rooms
    given_up_at: int


class OperatingRoomsState(msgspec.Struct, dict=True):
    """By location and day two columns: rooms in use, usual rooms."""

    places: Places = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[_Part] = Parts()


def fold(
    state: OperatingRoomsState, report: OperatingRoomsReport, observed: int, received: int, today: int
) -> Outcome:
    """Take a report into the state; `late` if it is about a day that the ring no longer holds."""
    day = DAY_OF_QUARTER[observed // QUARTER]
    if day < today - RING_DAYS:
        return "late"
    location = report.location
    stamps, values = day_of(state.places, location, day, _COLUMNS)
    stamp = (observed, report.revision, received, report.completeness)
    changed = False
    for column, value in ((_IN_USE, report.rooms_in_use), (_NORMAL, report.rooms_normal)):
        if value is not None:
            held = stamps[column]
            if held is None or beats(stamp, value, held, values[column]):
                stamps[column] = stamp
                values[column] = value
                changed = True
    if changed:
        state.parts.touched.add(location)
        return "applied"
    return "duplicate"


def advance(state: OperatingRoomsState, today: int) -> None:
    """Forget what is older than the ring, but for what each location told last of a working day and of another one."""
    state.parts.touched.update(expire(state.places, today, range(_COLUMNS), is_working_day))


def indicators(state: OperatingRoomsState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield the rooms as known at second `at`; the reduction rests on as many usual rooms as its `observations`."""
    missed = norms.parameter("rooms-missed")
    usual_days = norms.parameter("rooms-usual-stand")
    state.parts.renew(
        state.places, local_day(at), partial(_part, missed=missed, usual_days=usual_days), _last
    )
    parts = list(state.parts.by_location.values())
    expected = sum(part.missed != _NOTHING for part in parts)
    told = [part.told for part in parts]
    missing, gone = [part.missed for part in parts], [part.given_up for part in parts]
    if told == gone:
        yield from _sums(told, expected)
        yield from _reduction(told, expected)
        return
    ended = [part for part in parts if part.given_up != part.missed]
    least = _reduced([rooms.pair for rooms in missing]) or 0
    # Who was given up with fewer rooms closed than the others has made the reduction no worse.
    fewer = [part for part in ended if (_reduced([part.given_up.pair]) or 0) > least]
    for figures, worse in ((_sums, ended), (_reduction, fewer)):
        yield from with_silent(
            figures(told, expected),
            figures(missing, expected),
            figures(gone, expected),
            max((part.given_up_at for part in worse), default=0),
        )


def _sums(every: list[_Rooms], expected: int) -> Iterator[Indicator]:
    for name, known in (
        ("or_rooms_in_use", [rooms.in_use for rooms in every if rooms.in_use is not None]),
        ("or_rooms_normal", [rooms.normal for rooms in every if rooms.normal is not None]),
    ):
        if expected or known:
            value = sum(slot[3] for slot in known) if known else None
            observed = max((slot[0] for slot in known), default=0)
            yield Indicator(name, {}, value, observed, share(known, expected), len(known))


def _reduction(every: list[_Rooms], expected: int) -> Iterator[Indicator]:
    pairs = [rooms.pair for rooms in every if rooms.pair is not None]
    if expected or pairs:
        observed = max((used[0] for used, _ in pairs), default=0)
        # As complete as the lesser of the two.
        complete = share([min(pair, key=lambda slot: slot[4]) for pair in pairs], expected)
        usual = sum(usual[3] for _, usual in pairs)
        yield Indicator("or_reduction_ratio", {}, _reduced(pairs), observed, complete, usual)


def _reduced(pairs: Sequence[Pair | None]) -> float | None:
    """Return how much less than usual the rooms in use are, as a share of the usual ones; None where these are none."""
    known = [pair for pair in pairs if pair is not None]
    normal = sum(usual[3] for _, usual in known)
    return round(1 - sum(used[3] for used, _ in known) / normal, 6) if normal else None


def _part(days: Days, today: int, missed: float, usual_days: float) -> _Part:
    in_use, normal, fresh = ring(days, _IN_USE), ring(days, _NORMAL), stands(today)
    used = in_views(in_use, today, missed, fresh)
    usual = usual_views(normal, used, today, missed, fresh, usual_days)
    now = pair_now(in_use, normal, today, fresh, usual_days)
    last = now or pair_last(in_use, normal, today, missed, usual_days)
    ever = now or pair_last(in_use, normal, today)
    ended = []
    if used.given_up is not None and used.missed is None:
        ended.append(given_up_at(used.given_up[0], missed))
    if usual.given_up is not None and usual.missed is None:
        with_used = 0 if used.given_up is None else given_up_at(used.given_up[0], missed)
        observed = usual.given_up[0]
        ended.append(max(given_up_at(observed, missed), min(with_used, given_up_at(observed, usual_days))))
    if ever is not None and ever != last:
        ended.append(pair_given_up_at(ever, missed, usual_days))
    return _Part(
        _Rooms(used.told, usual.told, now),
        _Rooms(used.missed, usual.missed, last),
        _Rooms(used.given_up, usual.given_up, ever),
        max(ended, default=0),
    )


def _last(part: _Part) -> Last | None:
    if part.told == part.given_up:
        return None
    views = (part.told, part.missed, part.given_up)
    return last_of_slots(zip(*(_slots(rooms) for rooms in views), strict=True))


def _slots(rooms: _Rooms) -> tuple[Slot | None, ...]:
    """Return what is told of rooms; of a pair, its rooms in use: both halves may be told of other kinds of days."""
    return rooms.in_use, rooms.normal, None if rooms.pair is None else rooms.pair[0]
