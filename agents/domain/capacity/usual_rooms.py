"""What is usual for operating rooms, and which rooms in use may be held against it.

Usual rooms reported on a day are those of that day; of other days those reported last for a day of the same kind, whether
that was before it or after. Days of a kind are working days, or weekends and holidays.
"""

from itertools import count
from typing import NamedTuple

from agents.domain.statements.ring import Ring, Slot, latest
from agents.domain.statements.standing import Standing, Views
from alerts.norms import Norms
from streams.calendar import is_working_day, local_day

_ALWAYS = float("inf")


class Pair(NamedTuple):
    """Rooms in use and usual rooms that may be held against each other."""

    used: Slot
    usual: Slot


class RoomsStanding(NamedTuple):
    """How long rooms in use count, and how long the usual rooms of a location that reports rooms in use.

    Attributes:
        in_use: rooms in use.
        usual: usual rooms.
        kept: days up to which the usual rooms of a day are those reported on that day, where others were reported since.
    """

    in_use: Standing
    usual: Standing
    kept: int

    @classmethod
    def on(cls, today: int, norms: Norms) -> "RoomsStanding":
        """Return that on a local day: rooms stand at least as long as no working day has passed since."""
        before = next(day for day in count(today - 1, -1) if is_working_day(day))
        stands = max(norms.parameter("rooms-stand"), today - before)
        return cls(
            Standing(today, stands, norms.parameter("rooms-missed")),
            Standing(today, stands, norms.parameter("rooms-usual-stand")),
            norms.retentions["rooms"].kept,
        )


def pair_now(in_use: Ring, normal: Ring, standing: RoomsStanding) -> Pair | None:
    """Return the rooms in use that stand, with what is usual then."""
    today = standing.in_use.today
    days = range(today + 1, today - int(standing.in_use.stands) - 1, -1)
    # Working days first: a few rooms of a weekend, all in use, are no recovery until Monday.
    for day in sorted(days, key=is_working_day, reverse=True):
        used = in_use.get(day)
        if (
            used is not None
            and (usual := _usual_on(normal, day, standing, standing.usual.carried)) is not None
        ):
            return Pair(used, usual)
    return None


def pair_last(
    in_use: Ring, normal: Ring, standing: RoomsStanding, days: float = _ALWAYS, usual_days: float = _ALWAYS
) -> Pair | None:
    """Return what was reported last of a working day; of other days where nothing of one is held, or not of so many days."""
    for working in (True, False):
        day = _newest(in_use, standing.in_use.today, days, working=working)
        usual = None if day is None else _usual_on(normal, day, standing, usual_days)
        if day is not None and usual is not None:
            return Pair(in_use[day], usual)
    return None


def usual_views(normal: Ring, used: Views[Slot], standing: RoomsStanding) -> Views[Slot]:
    """Return the usual rooms: as they stand, or those of a working day where others are reported no more.

    They stand as long as the rooms in use do (`used`), and are carried forward as long; without these, as rooms in use
    would be.
    """
    today = standing.in_use.today
    now = latest(normal, standing.in_use)
    if now is not None:
        return Views(now, now, now)
    day = next(
        (found for working in (True, False) if (found := _newest(normal, today, working=working))), None
    )
    if day is None:
        return Views()
    last = normal[day]
    standing_still = last if day >= today - standing.usual.carried else None
    own = last if day >= today - standing.in_use.carried else None
    carried = own if used.carried is None else standing_still
    expired_at = 0
    if carried is None:
        with_used = (
            0 if used.expired is None else standing.in_use.expires_at(local_day(used.expired.observed))
        )
        in_time = min(with_used, standing.usual.expires_at(day))
        expired_at = max(standing.in_use.expires_at(day), in_time)
    return Views(None if used.reported is None else standing_still, carried, last, expired_at)


def pair_expires_at(pair: Pair, standing: RoomsStanding) -> int:
    """Return the second at which a pair expires: when either of its halves does."""
    used, usual = (local_day(slot.observed) for slot in pair)
    return min(standing.in_use.expires_at(used), standing.usual.expires_at(usual))


def _usual_on(normal: Ring, day: int, standing: RoomsStanding, usual_days: float) -> Slot | None:
    today = standing.in_use.today
    if day in normal and day >= today - min(usual_days, standing.kept):
        return normal[day]
    alike = _newest(normal, today, usual_days, working=is_working_day(day))
    return None if alike is None else normal[alike]


def _newest(ring: Ring, today: int, days: float = _ALWAYS, *, working: bool) -> int | None:
    reported = (day for day in ring if today - days <= day <= today + 1 and is_working_day(day) is working)
    return max(reported, default=None)
