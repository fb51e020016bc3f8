"""The werkvoorraad of a region, added up from what each of its locations says.

How many locations report, and how many are missing, is a fact about staleness itself: only who has expired comes with it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from agents.domain.figures.in_views import InViews, Seen, silence_of
from agents.domain.figures.sums import Addend, Fraction, Labels, ratio, total, whole
from agents.domain.statements.standing import Standing, Views
from agents.domain.weekly.stock import GROUPS, SUMS, LocationStock, Pair, Sum
from streams.calendar import day_start
from streams.evidence import VIEWS
from streams.indicators import ALL
from streams.status import Indicator
from streams.where import Place, Where, where_of

_Stocks = Sequence[LocationStock]


def stock_figures(every: Mapping[str, Views[LocationStock]]) -> Iterator[Indicator]:
    """Yield every figure of the werkvoorraad.

    Args:
        every: what each location says.

    Yields:
        Counts, OR hours, and ratios whose weight is what they are a ratio of; all rest on a number of locations.
    """
    told = {name: views.reported for name, views in every.items() if views.reported is not None}
    for found in InViews(list(every.values())).figures(_figures):
        where = _where(found, told)
        yield found if where is None else msgspec.structs.replace(found, where=where)


def _where(found: Indicator, told: Mapping[str, LocationStock]) -> Where | None:
    """Return which locations have the largest part overdue, or the smallest part informed or reviewed."""
    pairs: dict[str, Pair | None]
    low = True
    if found.name == "workstock_overdue_ratio":
        group = found.labels["ic"], found.labels["urgency"]
        pairs = {name: stock.classes[group].ratio for name, stock in told.items()}
        low = False
    elif found.name == "workstock_informed_ratio":
        pairs = {name: stock.informed for name, stock in told.items()}
    elif found.name == "workstock_reviewed_ratio":
        pairs = {name: stock.reviewed for name, stock in told.items()}
    else:
        return None
    places = [
        Place(name, whole(pair.upper), whole(pair.lower)) for name, pair in pairs.items() if pair is not None
    ]
    return where_of(places, low=low, is_reason=lambda one: one.part < one.of if low else one.part > 0)


def locations_figures(stocks: _Stocks, owed: Standing) -> Iterator[Indicator]:
    """Yield how many locations report their werkvoorraad, and how many owe it."""
    views = [owed.view_of(stock.monday) for stock in stocks]
    reporting, missing, gone = (views.count(view) for view in VIEWS)
    places = reporting + missing
    if not places:
        return
    observed = _newest([stock for stock, view in zip(stocks, views, strict=True) if view == "reported"])
    yield Indicator("workstock_locations", {}, reporting, observed, 1.0, places)
    found = Indicator("workstock_locations_missing", {}, missing, observed, 1.0, places)
    expired_at = owed.expired_at(stock.monday for stock in stocks)
    yield silence_of(found, Seen.of(found), Seen(missing + gone, places + gone), expired_at)


def _figures(own: _Stocks, expected: _Stocks) -> Iterator[Indicator]:
    if not (own or expected):
        return
    places = len(expected)
    for group in GROUPS:
        labels = dict(zip(("ic", "urgency"), group, strict=True))
        classes = [(stock, stock.classes[group]) for stock in own]
        for name in SUMS:
            yield _total(name, labels, [(stock, one.sums[name]) for stock, one in classes], places)
        overdue = [(stock, one.ratio) for stock, one in classes]
        yield _ratio("workstock_overdue_ratio", labels, overdue, places, 0.0)
        rises = [(stock, None if one.rise is None else Sum(one.rise, 1.0)) for stock, one in classes]
        yield _total("workstock_overdue_rise", labels, rises, places)
    for name in sorted({name for stock in own for name in stock.hours}):
        hours = [(stock, stock.hours.get(name, Sum(0.0, 1.0))) for stock in own]
        yield _total("workstock_or_hours", {"specialism": name}, hours, places, digits=4)
    every = [(stock, stock.all_hours) for stock in own]
    yield _total("workstock_or_hours", {"specialism": ALL}, every, places, digits=4)
    yield from _four_weeks(own, places)
    yield _total("workstock_over_treeknorm", {}, [(stock, stock.over_treeknorm) for stock in own], places)
    yield _ratio("workstock_informed_ratio", {}, [(stock, stock.informed) for stock in own], places, 1.0)
    yield _ratio("workstock_reviewed_ratio", {}, [(stock, stock.reviewed) for stock in own], places, 1.0)
    yield from _on_time(own, places)
    if own:
        newest = day_start(max(stock.monday for stock in own))
        yield Indicator("workstock_monday_at", {}, newest, _newest(own), 1.0, len(own))


def _four_weeks(own: _Stocks, places: int) -> Iterator[Indicator]:
    for urgency in sorted(urgency for ic, urgency in GROUPS if ic == ALL):
        labels = {"urgency": urgency}
        moved = [(stock, stock.four_weeks[urgency]) for stock in own]
        before = [(stock, None if pair is None else Sum(pair.lower, 1.0)) for stock, pair in moved]
        yield _total("workstock_before_4w", labels, before, places)
        changed = [
            (stock, None if pair is None else Pair(pair.upper - pair.lower, pair.lower))
            for stock, pair in moved
        ]
        yield _ratio("workstock_change_4w_ratio", labels, changed, places, None)


def _on_time(own: _Stocks, places: int) -> Iterator[Indicator]:
    known = [stock for stock in own if stock.on_time is not None]
    on_time = [Addend(bool(stock.on_time), stock.observed, stock.completeness) for stock in known]
    yield total("critical_on_time_locations", {}, on_time, places)
    fractions = [Fraction(one.value, 1, one.observed, one.completeness) for one in on_time]
    yield ratio("critical_on_time_ratio", {}, fractions, places)


def _total(
    name: str,
    labels: Labels,
    reported: Iterable[tuple[LocationStock, Sum | None]],
    places: int,
    digits: int | None = None,
) -> Indicator:
    addends = [
        Addend(own.value, stock.observed, stock.completeness * own.share)
        for stock, own in reported
        if own is not None
    ]
    return total(name, labels, addends, places, digits)


def _ratio(
    name: str,
    labels: Labels,
    reported: Iterable[tuple[LocationStock, Pair | None]],
    places: int,
    of_nothing: float | None,
) -> Indicator:
    """Return the ratio of the sums; `of_nothing` where what it is a ratio of is known to be nothing."""
    fractions = [
        Fraction(*pair, stock.observed, stock.completeness) for stock, pair in reported if pair is not None
    ]
    return ratio(name, labels, fractions, places, of_nothing=of_nothing)


def _newest(stocks: _Stocks) -> int:
    return max((stock.observed for stock in stocks), default=0)
