"""The country: totals over the regions, at T once every region has passed T.

A figure that a source states for the whole country stands before the sum of the regions; a sum counts the
parts that lie in no single network as well. Its completeness is that of its parts, a missing region counts
as nothing. While such a source is silent, what it stated last stands beside what the regions say, the worse of both:
it ends nothing by its silence, and hides no breach that the regions prove.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from math import fsum

import msgspec

from agents.domain.figures.in_views import Seen, newest_that_matters, silence_of
from agents.domain.statements.stale import stale_in_country
from streams.indicators import DOUBTS, GIVEN_UP, INDICATORS, SILENT, Ratio, indicator_key
from streams.moments import after_of, second_of
from streams.regions import NL, ROAZ_IDS, UNPLACED
from streams.status import Indicator, StatusEntry, View

MEMBERS = (*ROAZ_IDS, NL, UNPLACED)
_PARTS = (*ROAZ_IDS, UNPLACED)

_RATIOS_OF = {
    part: tuple(
        kind.name
        for kind in INDICATORS.values()
        if kind.ratio is not None and kind.national == "ratio" and part in kind.ratio.parts
    )
    for part in INDICATORS
}
"""The ratios that other figures than their own make other, by the name of such a figure."""


class NationState(msgspec.Struct):
    """What the second stage knows of one topic.

    Attributes:
        known: latest indicators of each region, by key.
        said: national indicators as last said, by key.
    """

    known: dict[str, dict[str, Indicator]] = {}
    said: dict[str, Indicator] = {}


Changes = list[tuple[str, list[Indicator]]]
"""Regions with the indicators that changed, in the order in which they are to be taken."""


def nation(state: NationState, topic: str, moment: int, changes: Changes) -> StatusEntry:
    """Take what changed in the regions up to a moment that all have passed; return the country's entry."""
    changed: dict[str, Indicator] = {}
    for region, indicators in changes:
        known = state.known.setdefault(region, {})
        for indicator in indicators:
            key = indicator_key(indicator.name, indicator.labels)
            known[key] = changed[key] = indicator
    changes_here = _changes(state, changed.values()) if changed else []
    return StatusEntry("nation", topic, -1, NL, second_of(moment), changes_here, after=after_of(moment))


def _changes(state: NationState, changed: Iterable[Indicator]) -> list[Indicator]:
    changes = []
    again = {indicator_key(found.name, found.labels): found for found in changed}
    for found in list(again.values()):
        for ratio in _RATIOS_OF[found.name]:
            labels = {name: value for name, value in found.labels.items() if name in INDICATORS[ratio].labels}
            again.setdefault(indicator_key(ratio, labels), Indicator(ratio, labels, None, 0))
    for key, found in again.items():
        total = _national(state, key, found)
        if total is not None and state.said.get(key) != total:
            state.said[key] = total
            changes.append(total)
    return changes


def _national(state: NationState, key: str, kind: Indicator) -> Indicator | None:
    if kind.name in {SILENT, GIVEN_UP, *DOUBTS}:
        told = [part for region in MEMBERS if (part := state.known.get(region, {}).get(key)) is not None]
        return stale_in_country(kind, told)
    how = INDICATORS[kind.name].national
    stated = state.known.get(NL, {}).get(key)
    if how == "none" or (stated is not None and stated.value is not None and how != "total"):
        return stated
    members = MEMBERS if how == "total" else _PARTS
    parts = [part for region in members if (part := state.known.get(region, {}).get(key)) is not None]
    # What it stated itself and states no more stands still, in the views in which that is missed.
    stated = None if how == "total" else stated
    known = [part for part in parts if part.value is not None]
    observed = max((part.observed_at for part in known), default=0)
    # Unplaced parts add to the sum; completeness is about the networks.
    share = round(fsum(p.completeness for r in ROAZ_IDS if (p := state.known.get(r, {}).get(key)) and p.value is not None) / len(ROAZ_IDS), 4)  # fmt: skip
    seen = _value(state, kind, parts, None, "reported")
    if seen.value is None and key not in state.said:
        return None
    found = Indicator(
        kind.name, kind.labels, seen.value, observed, share, seen.observations, weight=seen.weight
    )
    silences = [part.silence for part in (stated, *parts, *_beside(state, kind)) if part and part.silence]
    if not silences:
        return found
    missed = _value(state, kind, parts, stated, "carried")
    with_since = partial(_value, state, kind, parts, stated, "expired")
    return silence_of(found, missed, with_since(), newest_that_matters(silences, with_since, missed))


def _beside(state: NationState, kind: Indicator) -> Iterator[Indicator]:
    """Yield the regions' other figures that a ratio of the country is computed from."""
    ratio = INDICATORS[kind.name].ratio
    if ratio is None or INDICATORS[kind.name].national != "ratio":
        return
    for name in ratio.parts:
        for region in _PARTS:
            if (found := state.known.get(region, {}).get(_part_key(ratio, name, kind))) is not None:
                yield found


def _part_key(ratio: Ratio, name: str, kind: Indicator) -> str:
    """Return the key of a figure that a ratio follows from, of the same labels as far as it has them."""
    own = ratio.whole_labels if name == ratio.whole and ratio.whole_labels is not None else kind.labels
    return indicator_key(name, {label: own[label] for label in own if label in INDICATORS[name].labels})


def _value(
    state: NationState,
    kind: Indicator,
    parts: list[Indicator],
    stated: Indicator | None,
    view: View,
    since: int = 0,
) -> Seen:
    """Return the country's figure as looked at (`Indicator.seen`)."""
    found = _of_regions(state, kind, parts, view, since)
    own = None if stated is None else stated.seen(view, since)
    if (
        own is None
        or own.value is None
        or (found.value is not None and not _worse(kind.name, own.value, found.value))
    ):
        return found  # worse than the country stated last: the regions prove that much now
    return Seen.of(own)


def _worse(name: str, one: float, other: float) -> bool:
    """Return whether a figure of the country is no better than another."""
    ratio = INDICATORS[name].ratio
    worse = "high" if ratio is None else ratio.worse
    if worse == "far":
        return abs(one - 1) >= abs(other - 1)
    return one <= other if worse == "low" else one >= other


def _of_regions(state: NationState, kind: Indicator, parts: list[Indicator], view: View, since: int) -> Seen:
    how, ratio = INDICATORS[kind.name].national, INDICATORS[kind.name].ratio
    if how == "ratio" and ratio is not None:
        return (_quotient if ratio.upper else _weighed_mean)(state, kind, ratio, view, since)
    seen = [part for each in parts if (part := each.seen(view, since)).value is not None]
    values = [part.value for part in seen if part.value is not None]
    count = sum(part.observations for part in seen)
    weight = sum(part.weighs for part in seen) if ratio is not None and ratio.weight else None
    value = (max(values) if how == "max" else sum(values)) if values else None
    return Seen(_rounded(value), count, weight)


def _rounded(value: float | None) -> float | None:
    return round(value, 6) if isinstance(value, float) else value


def _seen(known: Mapping[str, Indicator], key: str, view: View, since: int) -> Indicator | None:
    found = known.get(key)
    return None if found is None else found.seen(view, since)


def _quotient(state: NationState, kind: Indicator, ratio: Ratio, view: View, since: int) -> Seen:
    """Return the ratio of the sums over the regions of which it is known."""
    key = indicator_key(kind.name, kind.labels)
    own = []
    above = below = 0.0
    for region in _PARTS:
        known = state.known.get(region, {})
        found = _seen(known, key, view, since)
        if found is not None and found.value is not None:
            own.append(found)
            above += _value_of(known, _part_key(ratio, ratio.upper, kind), view, since)
            below += sum(_value_of(known, _part_key(ratio, name, kind), view, since) for name in ratio.lower)
    return _together(above / below if below else None, own, ratio)


def _value_of(known: Mapping[str, Indicator], key: str, view: View, since: int) -> float:
    found = _seen(known, key, view, since)
    return 0.0 if found is None else float(found.value or 0)


def _weighed_mean(state: NationState, kind: Indicator, ratio: Ratio, view: View, since: int) -> Seen:
    """Return the mean of the regions, by weight; where nothing has any, all say the same.

    A ratio by the weight of another figure is one of at least 1, as it is in a region: what lies there counts though nothing
    is there for it.
    """
    key = indicator_key(kind.name, kind.labels)
    own: list[Indicator] = []
    total = counted = 0
    above: list[float] = []
    for region in _PARTS:
        known = state.known.get(region, {})
        found = _seen(known, key, view, since)
        if found is None or found.value is None:
            continue
        own.append(found)
        weight = counts = found.weighs
        if ratio.weighed_by:
            by = _seen(known, _part_key(ratio, ratio.weighed_by, kind), view, since)
            weight = by.weighs if by is not None else 0
            counts = max(weight, 1) if by is not None else 0
        if ratio.whole:
            whole = _seen(known, _part_key(ratio, ratio.whole, kind), view, since)
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
