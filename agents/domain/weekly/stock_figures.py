"""The werkvoorraad of a region, added up from what each of its locations says.

How many locations told, and how many are missed, is a fact about silence itself: only who was given up is told with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import fsum

from agents.domain.figures.silence import silence_of, with_silent
from agents.domain.statements.weeks import Spans
from agents.domain.weekly.stock import GROUPS, SUMS, LocationStock, Pair, Sum
from streams.calendar import day_start
from streams.indicators import ALL
from streams.status import Indicator, View

_Stocks = Sequence[LocationStock]


def stock_figures(parts: _Stocks, spans: Spans, owed: Spans) -> Iterator[Indicator]:
    """Yield every werkvoorraad indicator.

    Args:
        parts: what each location said last.
        spans: how long that stands, and how long a location is missed in the figures.
        owed: how long that stands, and how long a location owes its werkvoorraad.

    Yields:
        Counts and OR hours, of which `observations` is the number of locations; ratios, of which `observations` is
        what they are a ratio of, so that regions can be weighed by it. All with what those who fell silent told last.
    """
    told, missed, given_up = _by_view(parts, spans)
    places = len(told) + len(missed)
    figures = _figures(told, places) if places else iter(())
    if not (missed or given_up):
        yield from figures
    else:
        with_missed = list(_figures([*told, *missed], places)) if places else []
        with_all = list(_figures(parts, len(parts))) if given_up else with_missed
        yield from with_silent(figures, with_missed, with_all, spans.given_up_at(p.monday for p in given_up))
    yield from _locations(*_by_view(parts, owed), owed)


def _by_view(parts: _Stocks, spans: Spans) -> tuple[_Stocks, _Stocks, _Stocks]:
    """Return who tells, who is missed, and who was given up."""
    by_view: dict[View, list[LocationStock]] = {"told": [], "missed": [], "given_up": []}
    for part in parts:
        by_view[spans.view_of(part.monday)].append(part)
    return by_view["told"], by_view["missed"], by_view["given_up"]


def _figures(own: _Stocks, places: int) -> Iterator[Indicator]:
    for ic, urgency in GROUPS:
        labels = {"ic": ic, "urgency": urgency}
        classes = [(part, part.classes[ic, urgency]) for part in own]
        for name in SUMS:
            yield _total(name, labels, [(part, one.sums[name]) for part, one in classes], places)
        yield _ratio(
            "workstock_overdue_ratio", labels, [(part, one.ratio) for part, one in classes], places, 0.0
        )
        rises = [(part, None if one.rise is None else (one.rise, 1.0)) for part, one in classes]
        yield _total("workstock_overdue_rise", labels, rises, places)
    specialisms = sorted({name for part in own for name in part.hours})
    for name in specialisms:
        hours = [(part, part.hours.get(name, (0.0, 1.0))) for part in own]
        yield _total("workstock_or_hours", {"specialism": name}, hours, places)
    all_hours = [(part, part.all_hours) for part in own]
    yield _total("workstock_or_hours", {"specialism": ALL}, all_hours, places)
    yield from _four_weeks(own, places)
    told = [(part, part.over_treeknorm) for part in own]
    yield _total("workstock_over_treeknorm", {}, told, places)
    yield _ratio("workstock_informed_ratio", {}, [(part, part.informed) for part in own], places, 1.0)
    yield _ratio("workstock_reviewed_ratio", {}, [(part, part.reviewed) for part in own], places, 1.0)
    yield from _on_time(own, places)
    if own:
        newest = day_start(max(part.monday for part in own))
        yield Indicator("workstock_monday_at", {}, newest, _newest(own), 1.0, len(own))


def _four_weeks(own: _Stocks, places: int) -> Iterator[Indicator]:
    for urgency in sorted(urgency for ic, urgency in GROUPS if ic == ALL):
        labels = {"urgency": urgency}
        moved = [(part, part.four_weeks[urgency]) for part in own]
        before = [(part, None if pair is None else (pair[1], 1.0)) for part, pair in moved]
        yield _total("workstock_before_4w", labels, before, places)
        changed = [(part, None if pair is None else (pair[0] - pair[1], pair[1])) for part, pair in moved]
        yield _ratio("workstock_change_4w_ratio", labels, changed, places, None)


def _locations(told: _Stocks, missed: _Stocks, given_up: _Stocks, spans: Spans) -> Iterator[Indicator]:
    observed, places = _newest(told), len(told) + len(missed)
    if not places:
        return
    yield Indicator("workstock_locations", {}, len(told), observed, 1.0, places)
    found = Indicator("workstock_locations_missing", {}, len(missed), observed, 1.0, places)
    every = (len(missed) + len(given_up), places + len(given_up))
    since = spans.given_up_at(part.monday for part in given_up)
    yield silence_of(found, (len(missed), places), every, since)


def _on_time(own: _Stocks, places: int) -> Iterator[Indicator]:
    told = [part for part in own if part.on_time is not None]
    on_time = sum(part.on_time is True for part in told)
    share = _share([(part, 1.0) for part in told], places)
    some = bool(told)
    count, ratio = (on_time, round(on_time / len(told), 6)) if some else (None, None)
    observed = _newest(told)
    yield Indicator("critical_on_time_locations", {}, count, observed, share, len(told))
    yield Indicator("critical_on_time_ratio", {}, ratio, observed, share, len(told))


def _total(
    name: str, labels: dict[str, str], told: Iterable[tuple[LocationStock, Sum]], places: int
) -> Indicator:
    known = [(part, own) for part, own in told if own is not None]
    total = fsum(own[0] for _, own in known)
    value = round(total, 4) if name == "workstock_or_hours" else int(total)
    share = _share([(part, own[1]) for part, own in known], places)
    observed = _newest(part for part, _ in known)
    return Indicator(name, labels, value if known else None, observed, share, len(known))


def _ratio(
    name: str,
    labels: dict[str, str],
    told: Iterable[tuple[LocationStock, Pair]],
    places: int,
    of_nothing: float | None,
) -> Indicator:
    """Return the ratio of the sums; `of_nothing` where what it is a ratio of is known to be nothing.

    That is one observation too, so that nobody left to inform ends a breach.
    """
    known = [(part, pair) for part, pair in told if pair is not None]
    upper, lower = (fsum(pair[side] for _, pair in known) for side in (0, 1))
    value = (round(upper / lower, 6) if lower else of_nothing) if known else None
    share = _share([(part, 1.0) for part, _ in known], places)
    observations = int(lower) if value is None else max(1, int(lower))
    return Indicator(name, labels, value, _newest(part for part, _ in known), share, observations)


def _newest(parts: Iterable[LocationStock]) -> int:
    return max((part.observed for part in parts), default=0)


def _share(known: Iterable[tuple[LocationStock, float]], places: int) -> float:
    return round(fsum(part.completeness * share for part, share in known) / places, 4)
