"""Vervolgzorg: who waits in hospital for it, against the places that are free.

Strain is the share of those who wait in all who wait and all free places together: 0.5 is one place for each,
above 0.67 rather more than two wait for each free place.

A location that falls silent is no free place and nobody who waits: each figure is told with what it told last as well,
while that is missed (parameter `followup-missed`) and once it is given up.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple, get_args

import msgspec

from agents.domain.figures.silence import with_silent
from agents.domain.statements.outcome import Outcome
from agents.domain.statements.parts import Parts
from agents.domain.statements.ring import (
    RING_DAYS,
    Days,
    Places,
    Slot,
    Views,
    beats,
    day_of,
    expire,
    given_up_at,
    in_views,
    rings,
    share,
)
from agents.domain.statements.silent import Last, last_of_slots
from alerts.norms import Norms
from streams.calendar import DAY_OF_QUARTER, QUARTER, local_day
from streams.indicators import ALL
from streams.reports import FollowUpReport
from streams.reports.follow_up import Sector
from streams.status import Indicator

_SECTORS = get_args(Sector)
_COLUMNS = 2 * len(_SECTORS)
_FIRST_COLUMN = {sector: 2 * number for number, sector in enumerate(_SECTORS)}

_Pair = tuple[Slot | None, Slot | None]
"""What one location says of one sector: waiting in hospital, free places."""


class _Sector(NamedTuple):
    """What one location says of one sector: now, with what is missed of it, and with what was given up."""

    told: _Pair
    missed: _Pair
    given_up: _Pair


class FollowUpState(msgspec.Struct, dict=True):
    """By location and day two columns for each sector: waiting in hospital, free places."""

    places: Places = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[dict[str, _Sector]] = Parts()


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
    """Forget what is older than the ring, but for what each location told last."""
    state.parts.touched.update(expire(state.places, today, range(_COLUMNS)))


def indicators(state: FollowUpState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield the vervolgzorg indicators as known at second `at`."""
    missed = norms.parameter("followup-missed")
    state.parts.renew(state.places, local_day(at), partial(_part, missed=missed), _last)
    locations = list(state.parts.by_location.values())
    every: list[_Sector] = []
    for sector in sorted({sector for part in locations for sector in part}):
        own = [part[sector] for part in locations if sector in part]
        every += own
        yield from _sector(sector, own, missed)
    if every:
        yield from _sector(ALL, every, missed)


def _part(days: Days, today: int, missed: float) -> dict[str, _Sector]:
    said: dict[str, list[Views]] = {}
    for column, ring in rings(days):
        pair = said.setdefault(_SECTORS[column // 2], [Views(), Views()])
        pair[column % 2] = in_views(ring, today, missed)
    return {
        sector: _Sector(
            (waiting.told, free.told), (waiting.missed, free.missed), (waiting.given_up, free.given_up)
        )
        for sector, (waiting, free) in said.items()
    }


def _last(part: dict[str, _Sector]) -> Last | None:
    if all(one.told == one.given_up for one in part.values()):
        return None
    return last_of_slots(slots for one in part.values() for slots in zip(*one, strict=True))


def _sector(sector: str, every: list[_Sector], missed: float) -> Iterator[Indicator]:
    expected = sum(one.missed != (None, None) for one in every)
    told = [one.told for one in every]
    missing, gone = [one.missed for one in every], [one.given_up for one in every]
    if told == gone:
        yield from _sums(sector, told, expected)
        yield from _ratio(sector, told, expected)
        return
    ended = [one for one in every if one.given_up != one.missed]
    least = _strain(_whole(missing)) or 0
    # Who was given up with more room than the others have made the strain no worse.
    fuller = [one for one in ended if (_strain(_whole([one.given_up])) or 0) > least]
    for figures, worse in ((_sums, ended), (_ratio, fuller)):
        yield from with_silent(
            figures(sector, told, expected),
            figures(sector, missing, expected),
            figures(sector, gone, expected),
            max((_given_up_at(one, missed) for one in worse), default=0),
        )


def _given_up_at(one: _Sector, missed: float) -> int:
    ended = [last for last, still in zip(one.given_up, one.missed, strict=True) if last != still]
    return max(given_up_at(slot[0], missed) for slot in ended if slot is not None)


def _sums(sector: str, pairs: list[_Pair], expected: int) -> Iterator[Indicator]:
    for name, index in (("followup_waiting", 0), ("followup_free_places", 1)):
        known = [slot for pair in pairs if (slot := pair[index]) is not None]
        if expected or known:
            yield Indicator(
                name,
                {"sector": sector},
                sum(slot[3] for slot in known) if known else None,
                max((slot[0] for slot in known), default=0),
                share(known, expected),
                len(known),
            )


def _ratio(sector: str, pairs: list[_Pair], expected: int) -> Iterator[Indicator]:
    both = _whole(pairs)
    if expected or both:
        yield Indicator(
            "followup_strain_ratio",
            {"sector": sector},
            _strain(both),
            max((max(waiting[0], free[0]) for waiting, free in both), default=0),
            share([waiting for waiting, _ in both], expected),
            sum(waiting[3] for waiting, _ in both),
        )


def _whole(pairs: list[_Pair]) -> list[tuple[Slot, Slot]]:
    return [(waiting, free) for waiting, free in pairs if waiting is not None and free is not None]


def _strain(both: list[tuple[Slot, Slot]]) -> float | None:
    waiting = sum(pair[0][3] for pair in both)
    everyone = waiting + sum(pair[1][3] for pair in both)
    return round(waiting / everyone, 6) if everyone else (0.0 if both else None)
