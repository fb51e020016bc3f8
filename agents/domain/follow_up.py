"""Vervolgzorg: who waits in hospital for it, against the places that are free.

Strain is the share of those who wait in all who wait and all free places together: 0.5 is one place for each,
above 0.67 rather more than two wait for each free place.

A location that falls silent is no free place and nobody who waits: as long as the ring holds what it told last, each
figure is told with that as well.
"""

from collections.abc import Iterator
from math import fsum
from typing import NamedTuple, get_args

import msgspec

from agents.domain.outcome import Outcome
from agents.domain.parts import Parts
from agents.domain.ring import RING_DAYS, Days, Places, Ring, Slot, beats, day_of, expire, latest, rings
from alerts.norms import Norms
from streams.calendar import DAY_OF_QUARTER, QUARTER, local_day
from streams.indicators import ALL
from streams.reports import FollowUpReport
from streams.reports.follow_up import Sector
from streams.status import Indicator, Silence

_SECTORS = get_args(Sector)
_COLUMNS = 2 * len(_SECTORS)
_FIRST_COLUMN = {sector: 2 * number for number, sector in enumerate(_SECTORS)}

_Pair = tuple[Slot | None, Slot | None]
"""What one location says of one sector: waiting in hospital, free places."""


class _Told(NamedTuple):
    """What one location says of one sector now, and what it said last, also where that no longer stands."""

    now: _Pair = (None, None)
    last: _Pair = (None, None)


class FollowUpState(msgspec.Struct, dict=True):
    """By location and day two columns for each sector: waiting in hospital, free places."""

    places: Places = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[dict[str, _Told]] = Parts()


def fold(state: FollowUpState, report: FollowUpReport, observed: int, received: int, today: int) -> Outcome:
    """Take a report into the state; `late` if it is about a day that the ring no longer holds."""
    day = DAY_OF_QUARTER[observed // QUARTER]
    if day < today - RING_DAYS:
        return "late"
    location = report.location
    stamps, values = day_of(state.places, location, day, _COLUMNS)
    stamp = (observed, report.revision, received, report.completeness)
    changed = False
    for row in report.rows:
        column = _FIRST_COLUMN[row.sector]
        for value in (row.waiting_in_hospital, row.free_places):
            if value is not None:
                held = stamps[column]
                if held is None or observed > held[0] or beats(stamp, value, held, values[column]):
                    stamps[column] = stamp
                    values[column] = value
                    changed = True
            column += 1
    if changed:
        state.parts.touched.add(location)
        return "applied"
    return "duplicate"


def advance(state: FollowUpState, today: int) -> None:
    """Forget what is older than the ring."""
    state.parts.touched.update(expire(state.places, today))


def indicators(state: FollowUpState, at: int, _norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield the vervolgzorg indicators as known at second `at`."""
    state.parts.renew(state.places, local_day(at), _part)
    locations = list(state.parts.by_location.values())
    every: list[_Told] = []
    for sector in sorted({sector for part in locations for sector in part}):
        own = [part[sector] for part in locations if sector in part]
        every += own
        yield from _sector(sector, own)
    if every:
        yield from _sector(ALL, every)


def _part(days: Days, today: int) -> dict[str, _Told]:
    part: dict[str, _Told] = {}
    for column, ring in rings(days):
        sector, told = _SECTORS[column // 2], (latest(ring, today), _last(ring, today))
        now, last = part.get(sector, _Told())
        if column % 2:
            part[sector] = _Told((now[0], told[0]), (last[0], told[1]))
        else:
            part[sector] = _Told((told[0], now[1]), (told[1], last[1]))
    return part


def _last(ring: Ring, today: int) -> Slot | None:
    day = max((day for day in ring if day <= today + 1), default=None)
    return None if day is None else ring[day]


def _sector(sector: str, told: list[_Told]) -> Iterator[Indicator]:
    labels = {"sector": sector}
    now, last = [one.now for one in told], [one.last for one in told]
    silent = now != last
    for name, index in (("followup_waiting", 0), ("followup_free_places", 1)):
        known = [slot for pair in now if (slot := pair[index]) is not None]
        observed = max((slot[0] for slot in known), default=0)
        share = _share(known, len(told))
        silence = _silence(_total(last, index)) if silent else None
        yield Indicator(name, labels, _total(now, index), observed, share, len(known), silence)
    both = _whole(now)
    observed = max((max(a[0], b[0]) for a, b in both), default=0)
    share = _share([waiting for waiting, _ in both], len(told))
    silence = _silence(_strain(_whole(last))) if silent else None
    waiting = sum(pair[0][3] for pair in both)
    yield Indicator("followup_strain_ratio", labels, _strain(both), observed, share, waiting, silence)


def _silence(missed: float | None) -> Silence:
    # Who is silent for longer than the ring is forgotten: nobody is given up.
    return Silence(missed, missed)


def _total(pairs: list[_Pair], index: int) -> int | None:
    known = [slot[3] for pair in pairs if (slot := pair[index]) is not None]
    return sum(known) if known else None


def _whole(pairs: list[_Pair]) -> list[tuple[Slot, Slot]]:
    return [(waiting, free) for waiting, free in pairs if waiting is not None and free is not None]


def _strain(both: list[tuple[Slot, Slot]]) -> float | None:
    waiting = sum(pair[0][3] for pair in both)
    everyone = waiting + sum(pair[1][3] for pair in both)
    return round(waiting / everyone, 6) if everyone else (0.0 if both else None)


def _share(known: list[Slot], places: int) -> float:
    return round(fsum(slot[4] for slot in known) / places, 4)
