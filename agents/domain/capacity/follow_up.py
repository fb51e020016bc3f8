"""`care.follow-up`, vervolgzorg: who waits in hospital for it, against the places that are free.

Strain is the share of those who wait in all who wait and all free places together: 0.5 is one place for each,
above 0.67 rather more than two wait for each free place.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, get_args

from typing_extensions import override

from agents.domain.figures.in_views import InViews
from agents.domain.figures.sums import Addend, Fraction, Labels, quotient, ratio, total
from agents.domain.statements.daily import Daily
from agents.domain.statements.parts import Located
from agents.domain.statements.ring import Days, Slot, newest_views, rings
from agents.domain.statements.stale import Last, last_of_views
from agents.domain.statements.standing import Standing, Views
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

    waiting: Slot | None
    free: Slot | None


class _Sector(NamedTuple):
    """The same in each view, with the views of each half."""

    pairs: Views[_Pair]
    waiting: Views[Slot]
    free: Views[Slot]


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
    def indicators(self, state: FollowUpState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
        """Yield the vervolgzorg indicators as known at second `at`."""
        stands, carried = norms.parameter("followup-stand"), norms.parameter("followup-missed")
        standing = Standing(local_day(at), stands, carried)
        state.parts.renew(state.places, standing.today, partial(_part, standing=standing), _last)
        every: dict[str, list[Views[_Pair]]] = defaultdict(list)
        for part in state.parts.by_location.values():
            for sector, own in part.items():
                every[sector].append(own.pairs)
        for sector, own_pairs in (
            *sorted(every.items()),
            (ALL, [one for own in every.values() for one in own]),
        ):
            labels = {"sector": sector}
            pairs = InViews(own_pairs)
            yield from pairs.figures(partial(_sums, labels))
            yield from pairs.figures(partial(_ratio, labels), worse=_strain)


def _part(days: Days, _today: int, standing: Standing) -> dict[str, _Sector]:
    found: dict[str, list[Views[Slot]]] = {}
    for column, ring in rings(days):
        sector = found.setdefault(_SECTORS[column // 2], [Views(), Views()])
        sector[column % 2] = newest_views(ring, standing)
    return {
        sector: _Sector(_pairs(waiting, free), waiting, free) for sector, (waiting, free) in found.items()
    }


def _pairs(waiting: Views[Slot], free: Views[Slot]) -> Views[_Pair]:
    reported, carried, expired = (
        None if (wait, place) == (None, None) else _Pair(wait, place)
        for wait, place in zip(waiting[:3], free[:3], strict=True)
    )
    return Views(reported, carried, expired, max(waiting.expired_at, free.expired_at))


def _last(part: dict[str, _Sector]) -> Last | None:
    return last_of_views(views for sector in part.values() for views in (sector.waiting, sector.free))


def _sums(labels: Labels, own: Sequence[_Pair], expected: Sequence[_Pair]) -> Iterator[Indicator]:
    for name, slots in (
        ("followup_waiting", [pair.waiting for pair in own]),
        ("followup_free_places", [pair.free for pair in own]),
    ):
        known = [Addend(slot.value, slot.observed, slot.completeness) for slot in slots if slot is not None]
        if expected or known:
            yield total(name, labels, known, len(expected))


def _ratio(labels: Labels, own: Sequence[_Pair], expected: Sequence[_Pair]) -> Iterator[Indicator]:
    strains = _strains(own)
    if expected or strains:
        waiting = int(sum(one.upper for one in strains))
        yield ratio("followup_strain_ratio", labels, strains, len(expected), of_nothing=0.0, weight=waiting)


def _strains(pairs: Sequence[_Pair]) -> list[Fraction]:
    return [
        Fraction(
            waiting.value,
            waiting.value + free.value,
            max(waiting.observed, free.observed),
            waiting.completeness,
        )
        for waiting, free in pairs
        if waiting is not None and free is not None
    ]


def _strain(pairs: Sequence[_Pair]) -> float | None:
    return quotient(_strains(pairs), of_nothing=0.0)
