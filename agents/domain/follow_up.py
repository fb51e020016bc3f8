"""Vervolgzorg: who waits in hospital for it, against the places that are free.

Strain is the share of those who wait in all who wait and all free places together: 0.5 is one place for each,
above 0.67 more than two wait for each free place.
"""

from collections.abc import Iterator
from math import fsum

import msgspec

from agents.domain.ring import RING_DAYS, Ring, Slot, expire, latest, put
from alerts.norms import Norms
from streams.calendar import local_day, seconds
from streams.indicators import ALL
from streams.reports import FollowUpReport
from streams.status import Indicator

Key = tuple[str, str, str]
_WAITING, _FREE = "waiting_in_hospital", "free_places"


class FollowUpState(msgspec.Struct):
    """Rings by (location, sector, field)."""

    rings: dict[Key, Ring] = {}


def is_late(report: FollowUpReport, today: int) -> bool:
    """Return whether the report is about a day that the ring no longer holds."""
    return local_day(seconds(report.observed_at)) < today - RING_DAYS


def fold(state: FollowUpState, report: FollowUpReport) -> bool:
    """Take a report into the state; return whether it changed anything."""
    observed, received = seconds(report.observed_at), seconds(report.received_at)
    day = local_day(observed)
    changed = False
    for row in report.rows:
        for field, value in ((_WAITING, row.waiting_in_hospital), (_FREE, row.free_places)):
            if value is not None:
                ring = state.rings.setdefault((report.location, row.sector, field), {})
                slot = (observed, report.revision, received, value, report.completeness)
                changed |= put(ring, day, slot)
    return changed


def advance(state: FollowUpState, today: int) -> None:
    """Forget what is older than the ring."""
    expire(state.rings, today)


def indicators(state: FollowUpState, at: int, _norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield the vervolgzorg indicators as known at second `at`."""
    today = local_day(at)
    places = sorted({(sector, location) for location, sector, _ in state.rings})
    sectors = sorted({sector for sector, _ in places})
    pairs: list[tuple[Slot | None, Slot | None]] = []
    for sector in sectors:
        locations = [location for other, location in places if other == sector]
        own = [
            (
                _latest(state, location, sector, _WAITING, today),
                _latest(state, location, sector, _FREE, today),
            )
            for location in locations
        ]
        pairs += own
        yield from _sector(sector, own)
    if pairs:
        yield from _sector(ALL, pairs)


def _latest(state: FollowUpState, location: str, sector: str, field: str, today: int) -> Slot | None:
    ring = state.rings.get((location, sector, field))
    return None if ring is None else latest(ring, today)


def _sector(sector: str, pairs: list[tuple[Slot | None, Slot | None]]) -> Iterator[Indicator]:
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
