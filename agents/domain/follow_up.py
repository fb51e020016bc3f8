"""Vervolgzorg: who waits in hospital for it, against the places that are free.

Strain is the share of those who wait in all who wait and all free places together: 0.5 is one place for each,
above 0.67 rather more than two wait for each free place.
"""

from collections.abc import Iterator
from math import fsum
from typing import get_args

import msgspec

from agents.domain.outcome import Outcome
from agents.domain.parts import Parts
from agents.domain.ring import RING_DAYS, Days, Places, Slot, beats, day_of, expire, latest, rings
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
"""What one location says of one sector now: waiting in hospital, free places."""


class FollowUpState(msgspec.Struct, dict=True):
    """By location and day two columns for each sector: waiting in hospital, free places."""

    places: Places = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[dict[str, _Pair]] = Parts()


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
    pairs: list[_Pair] = []
    for sector in sorted({sector for part in locations for sector in part}):
        own = [part[sector] for part in locations if sector in part]
        pairs += own
        yield from _sector(sector, own)
    if pairs:
        yield from _sector(ALL, pairs)


def _part(days: Days, today: int) -> dict[str, _Pair]:
    part: dict[str, _Pair] = {}
    for column, ring in rings(days):
        sector, slot = _SECTORS[column // 2], latest(ring, today)
        waiting, free = part.get(sector, (None, None))
        part[sector] = (waiting, slot) if column % 2 else (slot, free)
    return part


def _sector(sector: str, pairs: list[_Pair]) -> Iterator[Indicator]:
    labels = {"sector": sector}
    for name, index in (("followup_waiting", 0), ("followup_free_places", 1)):
        known = [slot for pair in pairs if (slot := pair[index]) is not None]
        value = sum(slot[3] for slot in known) if known else None
        observed = max((slot[0] for slot in known), default=0)
        yield Indicator(name, labels, value, observed, _share(known, len(pairs)), len(known))
    both = [(waiting, free) for waiting, free in pairs if waiting is not None and free is not None]
    waiting = sum(pair[0][3] for pair in both)
    everyone = waiting + sum(pair[1][3] for pair in both)
    ratio = round(waiting / everyone, 6) if everyone else (0.0 if both else None)
    observed = max((max(a[0], b[0]) for a, b in both), default=0)
    share = _share([waiting for waiting, _ in both], len(pairs))
    yield Indicator("followup_strain_ratio", labels, ratio, observed, share, waiting)


def _share(known: list[Slot], places: int) -> float:
    return round(fsum(slot[4] for slot in known) / places, 4)
