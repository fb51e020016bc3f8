"""How a figure of the country follows from those of its regions, as looked at (`Indicator.seen`)."""

from collections.abc import Iterator, Mapping, Sequence
from math import fsum

from agents.domain.figures.in_views import Seen
from streams.evidence import Bound, View
from streams.indicators import INDICATORS, Ratio, indicator_key
from streams.regions import ROAZ_IDS, UNPLACED
from streams.status import Indicator

PARTS = (*ROAZ_IDS, UNPLACED)
"""Whose figures add up to those of the country."""

Known = Mapping[str, Mapping[str, Indicator]]
"""Latest indicators of each region, by key."""


def beside(known: Known, kind: Indicator) -> Iterator[Indicator]:
    """Yield the regions' other figures that a ratio of the country is computed from."""
    ratio = INDICATORS[kind.name].ratio
    if ratio is None or INDICATORS[kind.name].national != "ratio":
        return
    for name in ratio.parts:
        for region in PARTS:
            if (found := known.get(region, {}).get(_part_key(ratio, name, kind))) is not None:
                yield found


def _part_key(ratio: Ratio, name: str, kind: Indicator) -> str:
    """Return the key of a figure that a ratio follows from, of the same labels as far as it has them."""
    own = ratio.whole_labels if name == ratio.whole and ratio.whole_labels is not None else kind.labels
    return indicator_key(name, {label: own[label] for label in own if label in INDICATORS[name].labels})


def value_of(
    known: Known,
    kind: Indicator,
    parts: list[Indicator],
    stated: Indicator | None,
    view: View,
    since: int = 0,
) -> Seen:
    """Return the country's figure as looked at (`Indicator.seen`)."""
    found = of_regions(known, kind, parts, view, since)
    own = None if stated is None else stated.seen(view, since)
    if (
        own is None
        or own.value is None
        or (found.value is not None and not is_no_better(kind.name, own.value, found.value))
    ):
        return found  # worse than the country stated last: the regions prove that much now
    return Seen.of(own)


def is_no_better(name: str, one: float, other: float) -> bool:
    """Return whether a figure of the country is no better than another."""
    ratio = INDICATORS[name].ratio
    worse = "high" if ratio is None else ratio.worse
    if worse == "far":
        return abs(one - 1) >= abs(other - 1)
    return one <= other if worse == "low" else one >= other


def of_regions(known: Known, kind: Indicator, parts: list[Indicator], view: View | Bound, since: int) -> Seen:
    """Return the country's figure as the regions say it."""
    how, ratio = INDICATORS[kind.name].national, INDICATORS[kind.name].ratio
    if how == "ratio" and ratio is not None:
        return (quotient_of if ratio.upper else _weighed_mean)(known, kind, ratio, view, since)
    seen = [part for each in parts if (part := each.seen(view, since)).value is not None]
    values = [part.value for part in seen if part.value is not None]
    count = sum(part.observations for part in seen)
    weight = sum(part.weighs for part in seen) if ratio is not None and ratio.weight else None
    value = (max(values) if how == "max" else sum(values)) if values else None
    return Seen(_rounded(value), count, weight)


def _rounded(value: float | None) -> float | None:
    return round(value, 6) if isinstance(value, float) else value


def _seen(known: Mapping[str, Indicator], key: str, view: View | Bound, since: int) -> Indicator | None:
    found = known.get(key)
    return None if found is None else found.seen(view, since)


def quotient_of(
    known: Known,
    kind: Indicator,
    ratio: Ratio,
    view: View | Bound,
    since: int,
    below_as: View | Bound | None = None,
) -> Seen:
    """Return the ratio of the sums over the regions of which it is known; the lower sum may be seen otherwise."""
    seen_below = below_as or view
    key = indicator_key(kind.name, kind.labels)
    own = []
    above = below = 0.0
    for region in PARTS:
        told = known.get(region, {})
        found = _seen(told, key, view, since)
        if found is not None and found.value is not None:
            own.append(found)
            above += _value_of(told, _part_key(ratio, ratio.upper, kind), view, since)
            below += sum(
                _value_of(told, _part_key(ratio, name, kind), seen_below, since) for name in ratio.lower
            )
    return _together(above / below if below else None, own, ratio)


def _value_of(known: Mapping[str, Indicator], key: str, view: View | Bound, since: int) -> float:
    found = _seen(known, key, view, since)
    return 0.0 if found is None else float(found.value or 0)


def _weighed_mean(known: Known, kind: Indicator, ratio: Ratio, view: View | Bound, since: int) -> Seen:
    """Return the mean of the regions, by weight; where nothing has any, all say the same.

    A ratio by the weight of another figure is one of at least 1, as it is in a region: what lies there counts though nothing
    is there for it.
    """
    key = indicator_key(kind.name, kind.labels)
    own: list[Indicator] = []
    total = counted = 0
    above: list[float] = []
    for region in PARTS:
        told = known.get(region, {})
        found = _seen(told, key, view, since)
        if found is None or found.value is None:
            continue
        own.append(found)
        weight = counts = found.weighs
        if ratio.weighed_by:
            by = _seen(told, _part_key(ratio, ratio.weighed_by, kind), view, since)
            weight = by.weighs if by is not None else 0
            counts = max(weight, 1) if by is not None else 0
        if ratio.whole:
            whole = _seen(told, _part_key(ratio, ratio.whole, kind), view, since)
            weight = counts = 0 if whole is not None and whole.value == 0 else weight
        total += weight
        counted += counts
        above.append(float(found.value) * counts)
    if counted:
        mean: float | None = fsum(above) / max(total, 1)
    else:
        mean = own[0].value if own and not ratio.weighed_by else None
    return _together(mean, own, ratio, total)


def _together(value: float | None, own: Sequence[Indicator], ratio: Ratio, weight: int | None = None) -> Seen:
    if weight is None:
        weight = sum(found.weighs for found in own)
    return Seen(_rounded(value), sum(found.observations for found in own), weight if ratio.weight else None)
