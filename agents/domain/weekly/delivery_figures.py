"""The production of a region: the newest full week of each kind against the same week of the reference year 2019.

A location that did not tell that week is looked at with its last full week: while it is missed, or also when it was
given up. It leaves the counts and the reference alike, so without that a ratio would move though nobody told it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import fsum
from typing import NamedTuple, get_args

from agents.domain.figures.silence import with_silent
from agents.domain.statements.silent import Last, last_of
from agents.domain.statements.weeks import Spans
from agents.domain.weekly.deliveries import OPERATIONS, UNKNOWN, LocationDeliveries, WeekSums
from streams.calendar import day_start
from streams.indicators import ALL, NEEDS_IC
from streams.reports.workstock import Urgency
from streams.status import Indicator, View

_URGENCIES = (ALL, *get_args(Urgency), UNKNOWN)

_Told = Sequence[WeekSums | None]
"""The week at each location that provides the care; None where it is not known."""


class _Own(NamedTuple):
    """What counts of one location: who provides the care there, its week, and the one before."""

    providers: set[str]
    now: WeekSums | None
    before: WeekSums | None


def delivery_figures(parts: Sequence[LocationDeliveries], spans: Spans) -> Iterator[Indicator]:
    """Yield every production indicator of a region, of its newest full week.

    Args:
        parts: what each location says.
        spans: how long a week stands, and a location that did not tell the newest one is missed.

    Yields:
        Counts, of which `observations` is the number of locations; ratios, of which it is what was done in the
        reference week. All with what those who fell silent told last.
    """
    yield from _missed(parts)
    last: dict[str, set[int]] = {}
    for part in parts:
        for kind, monday in part.last.items():
            last.setdefault(kind, set()).add(monday)
    told = _looked_at(parts, spans, "told")
    given_up = [monday for each in last.values() for monday in each if spans.view_of(monday) == "given_up"]
    if not given_up and all(len(each) == 1 for each in last.values()):
        yield from told
        return
    missed = list(_looked_at(parts, spans, "missed"))
    every = list(_looked_at(parts, spans, "given_up")) if given_up else missed
    yield from with_silent(told, missed, every, spans.given_up_at(given_up))


def silent_deliveries(parts: Mapping[str, LocationDeliveries], spans: Spans) -> dict[str, Last]:
    """Return the locations that did not tell the newest full week of a kind, with when they told of their last one."""
    newest: dict[str, int] = {}
    for part in parts.values():
        for kind, monday in part.last.items():
            if spans.view_of(monday) != "given_up":
                newest[kind] = max(monday, newest.get(kind, 0))
    found = {}
    for location, part in parts.items():
        if part.last != newest and any(monday != newest.get(kind) for kind, monday in part.last.items()):
            views = [
                (_view(monday, newest.get(kind), spans), part.full[kind][monday][0])
                for kind, monday in part.last.items()
            ]
            if (last := last_of(views)) is not None:
                found[location] = last
    return found


def _view(monday: int, newest: int | None, spans: Spans) -> View:
    if spans.view_of(monday) == "given_up":
        return "given_up"
    return "told" if monday == newest else "missed"


def _looked_at(parts: Sequence[LocationDeliveries], spans: Spans, view: View) -> Iterator[Indicator]:
    for kind in sorted({kind for part in parts for kind in part.heard}):
        # Of each kind: some are told weeks later than others.
        newest = max(
            (last for part in parts if (last := _last(part, kind, spans, view)) is not None), default=None
        )
        if newest is None:
            continue
        own = [one for part in parts if (one := _own(part, kind, newest, spans, view)) is not None]
        for provider in sorted({ALL}.union(*(one.providers for one in own))):
            told = [one.now for one in own if provider in one.providers or provider == ALL]
            yield from _delivered(kind, provider, told)
            if kind == OPERATIONS:
                yield from _operations(provider, told)
        if kind == OPERATIONS:
            weeks = [one.now for one in own if one.now is not None]
            yield Indicator("operations_monday_at", {}, day_start(newest), _newest(weeks), 1.0, len(weeks))
            yield from _rises([(one.now, one.before) for one in own])
            yield from _operated_hours([one.now for one in own])


def _last(part: LocationDeliveries, kind: str, spans: Spans, view: View) -> int | None:
    last = part.last.get(kind)
    if last is None or (view != "given_up" and spans.view_of(last) == "given_up"):
        return None
    return last


def _own(part: LocationDeliveries, kind: str, newest: int, spans: Spans, view: View) -> _Own | None:
    """Return what counts of a location of which anything of a kind was heard; None where it was not, or is given up."""
    heard, monday = part.heard.get(kind), _last(part, kind, spans, view)
    if heard is None or (monday is None and spans.view_of(heard) == "given_up"):
        return None
    providers = part.providers[kind]
    if monday is None or (view == "told" and monday != newest):
        return _Own(providers, None, None)
    now = part.week(kind, monday)
    if now is not None and spans.view_of(monday) == "given_up":
        providers = providers | {who for who, _, _ in now.done}
    return _Own(providers, now, part.week(kind, monday - 7))


def _missed(parts: Iterable[LocationDeliveries]) -> Iterator[Indicator]:
    tallies = [part.missed for part in parts if part.missed[1]]
    if tallies:
        missed, weeks = (sum(tally[index] for tally in tallies) for index in (0, 1))
        yield Indicator("operations_missed", {}, missed, max(tally[2] for tally in tallies), 1.0, weeks)


def _delivered(kind: str, provider: str, told: _Told) -> Iterator[Indicator]:
    labels = {"kind": kind, "provider": provider}
    yield _count("production_week", labels, told, lambda week: _done(week, provider))
    based = [(week, _based(week, provider)) for week in told if week is not None]
    known = [(week, pair) for week, pair in based if pair is not None]
    now, reference = (sum(pair[side] for _, pair in known) for side in (0, 1))
    weeks = [week for week, _ in known]
    observed, share = _newest(weeks), _share(weeks, len(told))
    value = reference if known else None
    yield Indicator("production_reference_week", labels, value, observed, share, len(known))
    ratio = round(now / reference, 6) if reference else None
    yield Indicator("production_ratio", labels, ratio, observed, share, reference)


def _based(week: WeekSums, provider: str) -> tuple[int, int] | None:
    """Return what was done and what in 2019; None if something is named and nothing of it has a reference."""
    pairs = [pair for who, pair in week.based.items() if provider in (ALL, who)]
    named = any(provider in (ALL, who) for who, _, _ in week.done)
    if named and not pairs:
        return None
    return sum(now for now, _ in pairs), sum(then for _, then in pairs)


def _operations(provider: str, told: _Told) -> Iterator[Indicator]:
    for ic in NEEDS_IC:
        for urgency in _URGENCIES:
            labels = {"ic": ic, "provider": provider, "urgency": urgency}
            yield _count(
                "operations_week",
                labels,
                told,
                lambda week, ic=ic, urgency=urgency: _done(week, provider, urgency, ic),  # type: ignore[misc]
            )


def _rises(told: Sequence[tuple[WeekSums | None, WeekSums | None]]) -> Iterator[Indicator]:
    """Yield by how much operations rose against the week before, where a location told of both."""
    both = [(now, before) for now, before in told if now is not None and before is not None]
    weeks = [now for now, _ in both]
    for urgency in _URGENCIES if both else ():
        rise = sum(_done(now, ALL, urgency) - _done(before, ALL, urgency) for now, before in both)
        labels = {"urgency": urgency}
        yield Indicator("operations_rise", labels, rise, _newest(weeks), _share(weeks, len(told)), len(both))


def _operated_hours(told: _Told) -> Iterator[Indicator]:
    known = [week for week in told if week is not None]
    by_specialism = {name: [(week, week.hours[name]) for week in known if name in week.hours] for each in known for name in each.hours}  # fmt: skip
    by_specialism[ALL] = [(week, week.all_hours) for week in known if week.all_hours is not None]
    for specialism, hours in sorted(by_specialism.items()):
        value = round(fsum(hour for _, hour in hours), 4) if hours else None
        weeks = [week for week, _ in hours]
        labels = {"specialism": specialism}
        observed, share = _newest(weeks), _share(weeks, len(told))
        yield Indicator("operated_or_hours_week", labels, value, observed, share, len(weeks))


def _done(week: WeekSums, provider: str, urgency: str = ALL, ic: str = ALL) -> int:
    return sum(
        count
        for (who, of, needs_ic), count in week.done.items()
        if provider in (ALL, who) and urgency in (ALL, of) and (ic == ALL or (ic == "yes") is needs_ic)
    )


def _count(name: str, labels: dict[str, str], told: _Told, count: Callable[[WeekSums], int]) -> Indicator:
    known = [week for week in told if week is not None]
    value = sum(count(week) for week in known) if known else None
    return Indicator(name, labels, value, _newest(known), _share(known, len(told)), len(known))


def _newest(weeks: Iterable[WeekSums]) -> int:
    return max((week.observed for week in weeks), default=0)


def _share(weeks: Iterable[WeekSums], places: int) -> float:
    return round(fsum(week.completeness for week in weeks) / places, 4)
