"""The production of a region: the newest full week of each kind against the same week of the reference year 2019.

A location that did not report that week is looked at with its last full week: while that is carried forward, or also when
it has expired. It leaves the counts and the reference alike, so without that a ratio would move though nobody reported it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple, get_args

import msgspec

from agents.domain.figures.in_views import by_view
from agents.domain.figures.sums import Addend, Fraction, ratio, total
from agents.domain.statements.stale import Last, last_of
from agents.domain.statements.standing import Standing
from agents.domain.weekly.deliveries import OPERATIONS, UNKNOWN, LocationDeliveries, WeekSums
from agents.domain.weekly.tally import added_up
from streams.calendar import day_start
from streams.evidence import View
from streams.indicators import ALL, NEEDS_IC
from streams.reports.workstock import Urgency
from streams.status import Indicator
from streams.where import Place, Where, where_of

_URGENCIES = (ALL, *get_args(Urgency), UNKNOWN)

_Weeks = Sequence[WeekSums]


class _Own(NamedTuple):
    """What counts of one location: who provides the care there, its week, and the one before."""

    providers: set[str]
    now: WeekSums | None
    before: WeekSums | None


def delivery_figures(told: Mapping[str, LocationDeliveries], standing: Standing) -> Iterator[Indicator]:
    """Yield every production indicator of a region, of its newest full week.

    Args:
        told: what each location says.
        standing: how long a week stands, and a location that did not report the newest one is carried forward.

    Yields:
        Counts, and ratios whose weight is what was done in the reference week; all rest on a number of locations.
    """
    parts = list(told.values())
    tallies = [part.missed for part in parts if part.missed.weeks]
    if tallies:
        every = added_up(tallies)
        yield Indicator("operations_missed", {}, every.missed, every.observed, 1.0, every.weeks)
    last: dict[str, set[int]] = defaultdict(set)
    for part in parts:
        for kind, monday in part.last.items():
            last[kind].add(monday)
    expired_at = standing.expired_at(monday for each in last.values() for monday in each)
    stale = bool(expired_at) or any(len(each) > 1 for each in last.values())
    figures = partial(_looked_at, parts, standing)
    for found in by_view(figures, expired_at, stale=stale, expired=bool(expired_at)):
        if found.name == "production_ratio":
            yield msgspec.structs.replace(found, where=_where(told, standing, **found.labels))
        else:
            yield found


def _where(
    told: Mapping[str, LocationDeliveries], standing: Standing, kind: str, provider: str
) -> Where | None:
    """Return which locations did the smallest part of what they did in the same week of 2019."""
    newest = max(
        (last for part in told.values() if (last := _last(part, kind, standing, "reported")) is not None),
        default=None,
    )
    if newest is None:
        return None
    places = []
    for location, part in told.items():
        own = _own(part, kind, newest, standing, "reported")
        pair = None if own is None or own.now is None else _based(own.now, provider)
        if pair is not None:
            places.append(Place(location, *pair))
    return where_of(places, low=True, is_reason=lambda one: one.part < one.of)


def newest_weeks(parts: Iterable[LocationDeliveries], standing: Standing) -> dict[str, int]:
    """Return the newest full week of each kind that counts."""
    newest: dict[str, int] = {}
    for part in parts:
        for kind, monday in part.last.items():
            if standing.view_of(monday) != "expired":
                newest[kind] = max(monday, newest.get(kind, 0))
    return newest


def stale_deliveries(parts: Mapping[str, LocationDeliveries], standing: Standing) -> dict[str, Last]:
    """Return who did not report the newest full week of a kind, with when they reported their last one."""
    newest = newest_weeks(parts.values(), standing)
    found = {}
    for location, part in parts.items():
        if part.last != newest and any(monday != newest.get(kind) for kind, monday in part.last.items()):
            views = [
                (_view(monday, newest.get(kind), standing), part.full[kind][monday].observed)
                for kind, monday in part.last.items()
            ]
            if (last := last_of(views)) is not None:
                found[location] = last
    return found


def _view(monday: int, newest: int | None, standing: Standing) -> View:
    if standing.view_of(monday) == "expired":
        return "expired"
    return "reported" if monday == newest else "carried"


def _looked_at(parts: Sequence[LocationDeliveries], standing: Standing, view: View) -> Iterator[Indicator]:
    for kind in sorted({kind for part in parts for kind in part.heard}):
        # Of each kind: some are reported weeks later than others.
        newest = max(
            (last for part in parts if (last := _last(part, kind, standing, view)) is not None), default=None
        )
        if newest is None:
            continue
        own = [one for part in parts if (one := _own(part, kind, newest, standing, view)) is not None]
        for provider in sorted({ALL}.union(*(one.providers for one in own))):
            weeks = [one.now for one in own if provider in one.providers or provider == ALL]
            known = [week for week in weeks if week is not None]
            yield from _delivered(kind, provider, known, len(weeks))
            if kind == OPERATIONS:
                yield from _operations(provider, known, len(weeks))
        if kind == OPERATIONS:
            known = [one.now for one in own if one.now is not None]
            observed = max((week.observed for week in known), default=0)
            yield Indicator("operations_monday_at", {}, day_start(newest), observed, 1.0, len(known))
            yield from _rises([(one.now, one.before) for one in own])
            yield from _operated_hours(known, len(own))


def _last(part: LocationDeliveries, kind: str, standing: Standing, view: View) -> int | None:
    last = part.last.get(kind)
    if last is None or (view != "expired" and standing.view_of(last) == "expired"):
        return None
    return last


def _own(part: LocationDeliveries, kind: str, newest: int, standing: Standing, view: View) -> _Own | None:
    """Return what counts of a location of which anything of a kind was heard; None where it was not, or has expired."""
    heard, monday = part.heard.get(kind), _last(part, kind, standing, view)
    if heard is None or (monday is None and standing.view_of(heard) == "expired"):
        return None
    providers = part.providers[kind]
    if monday is None or (view == "reported" and monday != newest):
        return _Own(providers, None, None)
    now = part.week(kind, monday)
    if now is not None and standing.view_of(monday) == "expired":
        providers = providers | {who for who, _, _ in now.done}
    return _Own(providers, now, part.week(kind, monday - 7))


def _delivered(kind: str, provider: str, weeks: _Weeks, places: int) -> Iterator[Indicator]:
    labels = {"kind": kind, "provider": provider}
    yield total("production_week", labels, [_counted(week, _done(week, provider)) for week in weeks], places)
    pairs = [(week, _based(week, provider)) for week in weeks]
    based = [Fraction(*pair, week.observed, week.completeness) for week, pair in pairs if pair is not None]
    reference = [Addend(one.lower, one.observed, one.completeness) for one in based]
    yield total("production_reference_week", labels, reference, places)
    yield ratio("production_ratio", labels, based, places)


def _based(week: WeekSums, provider: str) -> tuple[int, int] | None:
    """Return what was done and what in 2019; None if something is named and nothing of it has a reference."""
    pairs = [pair for who, pair in week.based.items() if provider in (ALL, who)]
    named = any(provider in (ALL, who) for who, _, _ in week.done)
    if named and not pairs:
        return None
    return sum(now for now, _ in pairs), sum(then for _, then in pairs)


def _operations(provider: str, weeks: _Weeks, places: int) -> Iterator[Indicator]:
    for ic in NEEDS_IC:
        for urgency in _URGENCIES:
            labels = {"ic": ic, "provider": provider, "urgency": urgency}
            counts = [_counted(week, _done(week, provider, urgency, ic)) for week in weeks]
            yield total("operations_week", labels, counts, places)


def _rises(reported: Sequence[tuple[WeekSums | None, WeekSums | None]]) -> Iterator[Indicator]:
    """Yield by how much operations rose against the week before, where a location reported both."""
    both = [(now, before) for now, before in reported if now is not None and before is not None]
    for urgency in _URGENCIES if both else ():
        rises = [
            _counted(now, _done(now, ALL, urgency) - _done(before, ALL, urgency)) for now, before in both
        ]
        yield total("operations_rise", {"urgency": urgency}, rises, len(reported))


def _operated_hours(weeks: _Weeks, places: int) -> Iterator[Indicator]:
    by_specialism: dict[str, list[Addend]] = defaultdict(list)
    for week in weeks:
        for specialism, hours in week.hours.items():
            by_specialism[specialism].append(_counted(week, hours))
    by_specialism[ALL] = [_counted(week, week.all_hours) for week in weeks if week.all_hours is not None]
    for specialism, own in sorted(by_specialism.items()):
        yield total("operated_or_hours_week", {"specialism": specialism}, own, places, digits=4)


def _done(week: WeekSums, provider: str, urgency: str = ALL, ic: str = ALL) -> int:
    return sum(
        count
        for (who, of, needs_ic), count in week.done.items()
        if provider in (ALL, who) and urgency in (ALL, of) and (ic == ALL or (ic == "yes") is needs_ic)
    )


def _counted(week: WeekSums, value: float) -> Addend:
    return Addend(value, week.observed, week.completeness)
