"""What is usual for operating rooms, and which rooms in use may be held against it.

Usual rooms told on a day are those of that day; of other days those told last for a day of the same kind, whether that
was before it or after. Days of a kind are working days, or weekends and holidays.
"""

from itertools import count

from agents.domain.statements.ring import FRESH_DAYS, Ring, Slot, Views, given_up_at, latest
from streams.calendar import is_working_day

Pair = tuple[Slot, Slot]
"""Rooms in use and usual rooms that may be held against each other."""


def stands(today: int) -> int:
    """Return for how many days after its own what was told stands: as long as no working day has passed since."""
    before = next(day for day in count(today - 1, -1) if is_working_day(day))
    return max(FRESH_DAYS, today - before)


def pair_now(in_use: Ring, normal: Ring, today: int, fresh: int, usual_days: float) -> Pair | None:
    """Return the rooms in use that stand, `fresh` days old at most, with what is usual then, as told in `usual_days`."""
    days = range(today + 1, today - fresh - 1, -1)
    # Working days first: a few rooms of a weekend, all in use, are no recovery until Monday.
    for day in sorted(days, key=is_working_day, reverse=True):
        used = in_use.get(day)
        if used is not None and (usual := _usual_on(normal, day, today, usual_days)) is not None:
            return used, usual
    return None


def pair_last(
    in_use: Ring, normal: Ring, today: int, days: float = float("inf"), usual_days: float = float("inf")
) -> Pair | None:
    """Return what was told last of a working day; of other days where nothing of one is held, or not of so many days."""
    for working in (True, False):
        day = _newest(in_use, today, days, working=working)
        usual = None if day is None else _usual_on(normal, day, today, usual_days)
        if day is not None and usual is not None:
            return in_use[day], usual
    return None


def usual_views(normal: Ring, used: Views, today: int, missed: float, fresh: int, usual_days: float) -> Views:
    """Return the usual rooms: as they stand, or those of a working day where others are told no more.

    They stand as long as the rooms in use do (`used`), and are missed as long; without these, as rooms in use would be.
    """
    now = latest(normal, today, fresh)
    if now is not None:
        return Views(now, now, now)
    day = next(
        (found for working in (True, False) if (found := _newest(normal, today, working=working))), None
    )
    if day is None:
        return Views()
    last = normal[day]
    standing = last if day >= today - usual_days else None
    own = last if day >= today - missed else None
    return Views(
        None if used.told is None else standing,
        own if used.missed is None else standing,
        last,
    )


def pair_given_up_at(pair: Pair, missed: float, usual_days: float) -> int:
    """Return the second at which a pair is given up: when either of its halves is."""
    return min(given_up_at(pair[0][0], missed), given_up_at(pair[1][0], usual_days))


def _usual_on(normal: Ring, day: int, today: int, usual_days: float) -> Slot | None:
    if day in normal and day >= today - usual_days:
        return normal[day]
    alike = _newest(normal, today, usual_days, working=is_working_day(day))
    return None if alike is None else normal[alike]


def _newest(ring: Ring, today: int, days: float = float("inf"), *, working: bool) -> int | None:
    told = (day for day in ring if today - days <= day <= today + 1 and is_working_day(day) is working)
    return max(told, default=None)
