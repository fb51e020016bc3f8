"""`care.follow-up`, vervolgzorg: who waits in hospital for it, against the places that are free.

Strain is the share of those who wait in all who wait and all free places together: 0.5 is one place for each,
above 0.67 rather more than two wait for each free place.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, get_args

import msgspec
from typing_extensions import override

from agents.domain.figures.carried import bounds_of, counted, or_told
from agents.domain.figures.in_views import InViews
from agents.domain.figures.sums import Addend, Fraction, Labels, least, places, quotient, ratio, total
from agents.domain.statements.daily import Daily
from agents.domain.statements.parts import Located
from agents.domain.statements.ring import Days, Ring, rings
from agents.domain.statements.stale import Last, expired_of, last_of
from agents.domain.statements.standing import Bounds, Standing, Views
from alerts.norms import Norms
from streams.calendar import local_day
from streams.indicators import ALL
from streams.reports import FollowUpReport
from streams.reports.follow_up import Sector
from streams.status import Indicator

_SECTORS = get_args(Sector)
_FIRST_COLUMN = {sector: 2 * number for number, sector in enumerate(_SECTORS)}


class _Pair(NamedTuple):
    """What one location reports of one sector."""

    waiting: Addend | None
    free: Addend | None


class _Sector(NamedTuple):
    """The same in each view and at its bounds, with the views of each half."""

    pairs: Views[_Pair]
    bounds: Bounds[_Pair] | None
    waiting: Views[Addend]
    free: Views[Addend]


class FollowUpState(Located[Days, dict[str, _Sector]]):
    """By location and day two columns for each sector: waiting in hospital, free places."""


class FollowUp(Daily[FollowUpState, FollowUpReport]):
    """The fold of `care.follow-up`."""

    state = FollowUpState
    name = "followup"
    columns = 2 * len(_SECTORS)
    held = range(columns)

    @override
    def readings(self, report: FollowUpReport) -> Iterable[tuple[int, int | None]]:
        """Yield who waits and what is free in each sector."""
        for row in report.rows:
            column = _FIRST_COLUMN[row.sector]
            yield column, row.waiting_in_hospital
            yield column + 1, row.free_places

    @override
    def gone(self, state: FollowUpState, at: int, norms: Norms) -> Collection[str]:
        """Return who has expired: the carried forward are counted still."""
        return expired_of(state.parts.stale)

    @override
    def indicators(self, state: FollowUpState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
        """Yield the vervolgzorg indicators as known at second `at`."""
        stands, carried = norms.parameter("followup-stand"), norms.parameter("followup-missed")
        standing = Standing(local_day(at), stands, carried)
        state.parts.renew(
            state.places,
            standing.today,
            partial(_part, standing=standing),
            _last,
            of_missed=partial(_part, standing=standing, missed=True),
        )
        every: dict[str, list[_Sector]] = defaultdict(list)
        told: dict[str, list[tuple[str, Fraction]]] = defaultdict(list)
        for name, part in state.parts.by_location.items():
            for sector, one in part.items():
                every[sector].append(one)
                if one.pairs.reported is not None:
                    told[sector] += [(name, strain) for strain in _strains([one.pairs.reported])]
        all_sectors = [one for own in every.values() for one in own]
        for sector, own in (*sorted(every.items()), (ALL, all_sectors)):
            labels = {"sector": sector}
            pairs = InViews([one.pairs for one in own], [one.bounds for one in own])
            yield from pairs.figures(partial(_sums, labels))
            for found in pairs.figures(partial(_ratio, labels), worse=_strain):
                yield msgspec.structs.replace(found, where=places(told[sector]))


def _part(days: Days, _today: int, standing: Standing, *, missed: bool = False) -> dict[str, _Sector]:
    found: dict[str, list[Ring]] = {}
    for column, ring in rings(days):
        found.setdefault(_SECTORS[column // 2], [{}, {}])[column % 2] = ring
    return {
        sector: _sector(waiting, free, standing, missed=missed) for sector, (waiting, free) in found.items()
    }


def _sector(waiting: Ring, free: Ring, standing: Standing, *, missed: bool) -> _Sector:
    views = counted(waiting, standing, missed=missed), counted(free, standing, missed=missed)
    return _Sector(_pairs(*views), _bounds((waiting, free), views, standing.today), *views)


def _bounds(
    own: tuple[Ring, Ring], views: tuple[Views[Addend], Views[Addend]], today: int
) -> Bounds[_Pair] | None:
    """Return the fewest who wait with the most places and the other way round; None where nothing is carried forward."""
    each = [bounds_of(view.carried, ring, today) for ring, view in zip(own, views, strict=True)]
    if not any(each):
        return None
    waiting, free = (or_told(one, view.carried) for one, view in zip(each, views, strict=True))
    return Bounds(
        _Pair(waiting.low, free.high),
        _Pair(waiting.high, free.low),
        _Pair(waiting.least, free.most),
        _Pair(waiting.most, free.least),
    )


def _pairs(waiting: Views[Addend], free: Views[Addend]) -> Views[_Pair]:
    reported, carried, expired = (
        None if (wait, place) == (None, None) else _Pair(wait, place)
        for wait, place in zip(waiting[:3], free[:3], strict=True)
    )
    return Views(reported, carried, expired, max(waiting.expired_at, free.expired_at))


def _last(part: dict[str, _Sector]) -> Last | None:
    return last_of(
        ("carried" if view == "reported" and one.carried else view, one.observed)
        for sector in part.values()
        for views in (sector.waiting, sector.free)
        for view, one in [first for first in (views.first(),) if first is not None]
    )


def _sums(labels: Labels, own: Sequence[_Pair], expected: Sequence[_Pair]) -> Iterator[Indicator]:
    for name, slots in (
        ("followup_waiting", [pair.waiting for pair in own]),
        ("followup_free_places", [pair.free for pair in own]),
    ):
        known = [slot for slot in slots if slot is not None]
        if expected or known:
            yield total(name, labels, known, len(expected))


def _ratio(labels: Labels, own: Sequence[_Pair], expected: Sequence[_Pair]) -> Iterator[Indicator]:
    strains = _strains(own)
    if expected or strains:
        waiting = int(least(sum(one.upper for one in strains)))
        yield ratio("followup_strain_ratio", labels, strains, len(expected), of_nothing=0.0, weight=waiting)


def _strains(pairs: Sequence[_Pair]) -> list[Fraction]:
    return [
        Fraction(
            waiting.value,
            waiting.value + free.value,
            max(waiting.observed, free.observed),
            min(waiting.completeness, free.completeness) if free.carried else waiting.completeness,
            waiting.carried or free.carried,
        )
        for waiting, free in pairs
        if waiting is not None and free is not None
    ]


def _strain(pairs: Sequence[_Pair]) -> float | None:
    return quotient(_strains(pairs), of_nothing=0.0)
