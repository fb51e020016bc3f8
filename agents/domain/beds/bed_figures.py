"""Beds of a region: sums and ratios of what its locations say (`beds`), as reported and with those who are stale.

Patients and beds with staff are summed over whoever reports them, but how full a region is and what room it has only
over the locations that report both: else one that reports patients and no beds makes the region full, and one that
reports beds and no patients makes room. Where no bed has staff, patients are over any limit: they are held against one
bed. How complete a room is counts the carried forward as there (the range of the figure says what they change); so it
says which locations never report both, and of those nothing is known.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from math import fsum
from operator import attrgetter

import msgspec

from agents.domain.beds.beds import Beds, UnitBeds
from agents.domain.beds.counted import Counted
from agents.domain.figures.in_views import InViews
from agents.domain.figures.sums import (
    Addend,
    Fraction,
    evidence_of,
    least,
    places,
    quotient,
    ratio,
    share,
    total,
    whole,
)
from streams.indicators import ALL
from streams.status import Indicator


def bed_figures(
    locations: Mapping[str, Mapping[str, UnitBeds]],
    today: int,
    admissions_stand: float,
    admissions_min: float,
) -> Iterator[Indicator]:
    """Yield every bed indicator of a region.

    Args:
        locations: what each location says, by location and unit.
        today: local day.
        admissions_stand: a week of admissions may be that many days behind before it says nothing about now.
        admissions_min: notifications are held against at least this many admissions a day, so that a quiet day with
            few of both is no flood, and is known to be none.
    """
    for unit in ("ic", "ward"):
        own = {name: beds[unit] for name, beds in locations.items() if unit in beds}
        units = list(own.values())
        views = InViews([one.beds for one in units], [one.bounds for one in units])
        yield from views.figures(partial(_sums, unit))
        told = [(name, one.beds.reported.both) for name, one in own.items() if one.beds.reported is not None]
        for found in views.figures(partial(_ratio, unit), worse=_fullness):
            yield msgspec.structs.replace(found, where=places(told))
        yield from views.figures(partial(_rooms, unit))
        first = today - admissions_stand
        for label in sorted({label for one in units for label in (*one.admitted, *one.notified)}):
            admitted = [one.admitted[label] for one in units if label in one.admitted]
            notified = [one.notified[label] for one in units if label in one.notified]
            labels = {"unit": unit, "label": label}
            yield from _admissions(admitted, notified, labels, today, first, admissions_min)


def _sums(unit: str, own: Sequence[Beds], _expected: Sequence[Beds]) -> Iterator[Indicator]:
    if any(beds.whole is not None for beds in own):
        for label in sorted({label for beds in own for label in beds.labels}):
            yield from _occupied(unit, label, [beds.labels[label] for beds in own if label in beds.labels])
        yield from _occupied(unit, ALL, [beds.whole for beds in own if beds.whole is not None])
    staffed = [beds.staffed for beds in own if beds.staffed is not None]
    if staffed:
        known = [part for part in staffed if part.observed]
        yield total("beds_staffed", {"unit": unit}, known, len(staffed))


def _occupied(unit: str, label: str, both: Sequence[tuple[Addend, Addend]]) -> Iterator[Indicator]:
    labels = {"unit": unit, "label": label}
    now = [one for one, _ in both if one.observed]
    mean = [one for _, one in both if one.observed]
    yield total("beds_occupied", labels, now, len(both))
    yield total("beds_occupied_mean_7d", labels, mean, len(both), digits=4)


def _ratio(unit: str, own: Sequence[Beds], _expected: Sequence[Beds]) -> Iterator[Indicator]:
    if any(beds.staffed is not None for beds in own):
        pairs = _pairs(own)
        reporting = _reporting(own)
        yield ratio("occupancy_ratio", {"unit": unit}, pairs, reporting, at_least=1)


def _pairs(own: Sequence[Beds]) -> list[Fraction]:
    return [beds.both for beds in own if beds.both is not None]


def _fullness(own: Sequence[Beds]) -> float | None:
    return quotient(_pairs(own), at_least=1)


def _reporting(own: Sequence[Beds]) -> int:
    return len([beds for beds in own if beds.whole is not None or beds.staffed is not None])


def _rooms(unit: str, own: Sequence[Beds], expected: Sequence[Beds]) -> Iterator[Indicator]:
    """Yield the beds with staff that are empty, and those that patients without COVID leave.

    Their weight is the beds with staff that are looked at.
    """
    if all(beds.staffed is None for view in (own, expected) for beds in view):
        return
    for name, pair_of in _ROOMS:
        pairs = [pair for beds in own if (pair := pair_of(beds)) is not None]
        hoped = [pair for beds in expected if (pair := pair_of(beds)) is not None]
        yield Indicator(
            name,
            {"unit": unit},
            whole(fsum([pair.lower - pair.upper for pair in pairs])) if pairs else None,
            max([pair.observed for pair in pairs], default=0),
            share([1.0 if pair.carried else pair.completeness for pair in hoped], _reporting(expected)),
            len(pairs),
            weight=int(least(fsum([pair.lower for pair in pairs]))),
            evidence=evidence_of(pairs, _reporting(expected)),
        )


_ROOMS: tuple[tuple[str, Callable[[Beds], Fraction | None]], ...] = (
    ("beds_free", attrgetter("both")),
    ("beds_for_covid", attrgetter("for_covid")),
)


def _admissions(
    admitted: list[Counted],
    notified: list[Counted],
    labels: dict[str, str],
    today: int,
    first: float,
    admissions_min: float,
) -> Iterator[Indicator]:
    count = known = 0
    usual = 0.0
    if admitted:
        last = _newest_day(admitted, today)
        weeks = [one.week(last) for one in admitted] if last >= first else []
        shares = [share for _, _, shares in weeks for share in shares]
        count, known = sum([total for total, _, _ in weeks]), len(shares)
        # A day that nobody told of is not a day without admissions.
        usual = fsum([total / len(shares) for total, _, shares in weeks if shares])
        observed = max([observed for _, observed, _ in weeks], default=0)
        complete = share(shares, 7 * len(admitted))
        yield Indicator("admissions_7d", labels, count if known else None, observed, complete, known)
    if notified:
        last = _newest_day(notified, today)
        told = [one.on(last) for one in notified] if last >= first else []
        day = [part for part in told if part.observed]
        found = total("notified_day", labels, day, len(notified))
        yield found
        if known or not day:
            notices = int(found.value or 0)
            per_admission = round(notices / max(usual, admissions_min), 4) if day else None
            yield Indicator(
                "notified_per_admission",
                labels,
                per_admission,
                found.observed_at,
                found.completeness,
                len(day),
                weight=notices,
            )


def _newest_day(counted: list[Counted], today: int) -> int:
    """Return the newest day of which anybody reported, today at the latest."""
    return min(max([one.newest for one in counted]), today)
