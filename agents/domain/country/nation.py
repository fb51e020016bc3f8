"""The country: totals over the regions, at T once every region has passed T.

A figure that a source states for the whole country stands before the sum of the regions; a sum counts the
parts that lie in no single network as well. Its completeness is that of its parts, a missing region counts
as nothing. While such a source is silent, what it stated last stands beside what the regions say, the worse of both:
it ends nothing by its silence, and hides no breach that the regions prove.
"""

from collections.abc import Iterable
from functools import partial
from math import fsum

import msgspec

from agents.domain.country.of_regions import PARTS, beside, is_no_better, of_regions, quotient_of, value_of
from agents.domain.figures.in_views import Seen, newest_that_matters, range_of, silence_of
from agents.domain.statements.stale import stale_in_country
from streams.evidence import Bound, Evidence, Range
from streams.indicators import DOUBTS, GIVEN_UP, INDICATORS, SILENT, indicator_key
from streams.moments import after_of, second_of
from streams.regions import NL, ROAZ_IDS, UNPLACED
from streams.status import Indicator, StatusEntry
from streams.where import Place, Where, where_of

MEMBERS = (*ROAZ_IDS, NL, UNPLACED)

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
    if how == "none":
        return stated
    if stated is None or stated.value is None or how == "total":
        return _of_the_regions(state, key, kind, stated)
    if stated.range is None:
        return stated
    summed = _of_the_regions(state, key, kind, None)
    if summed is None or summed.value is None:
        return stated
    return _by_the_parts(stated, summed) or _worse_of(stated, stated.value, summed, summed.value)


def _worse_of(stated: Indicator, value: float, summed: Indicator, sum_value: float) -> Indicator:
    """Return what the country stated last and is carried forward beside what the regions say now: the worse of both."""
    stated_is_worse = is_no_better(stated.name, value, sum_value)
    first, other = (stated, summed) if stated_is_worse else (summed, stated)
    likely, possible = ([one.seen(bound) for one in (first, other) for bound in pair] for pair in BOUNDS)
    return msgspec.structs.replace(
        first, silence=summed.silence, range=range_of(first.value, likely, possible)
    )


_NEAR = 0.1
"""A sum of other moments differs from what the country states by less than this."""


def _by_the_parts(stated: Indicator, summed: Indicator) -> Indicator | None:
    """Return what the country stated and is suspect, where the sum of its regions says the same; None where it does not."""
    own, bounds = stated.evidence, stated.range
    if own is None or bounds is None or not own.suspect or own.carried > own.suspect:
        return None
    if summed.range is not None or summed.completeness < 1 - _NEAR or stated.name not in _OF_PATIENTS:
        return None
    value, trusted = summed.value, stated.value
    if value is None or trusted is None:
        return None
    stands_still = (bounds.low == trusted) is (bounds.high == trusted)  # it reaches to both sides
    suspect = trusted if stands_still else bounds.high if bounds.low == trusted else bounds.low
    if suspect is None or abs(value - suspect) > _NEAR * max(value, suspect):
        return None
    if stands_still:
        suspect = trusted if is_no_better(stated.name, trusted, value) else value
    elif abs(value - suspect) >= abs(value - trusted):
        return None
    return msgspec.structs.replace(stated, value=suspect, range=None, completeness=bounds.completeness)


_OF_PATIENTS = frozenset({"beds_occupied", "beds_occupied_mean_7d"})


def _of_the_regions(
    state: NationState, key: str, kind: Indicator, stated: Indicator | None
) -> Indicator | None:
    """Return the figure of the country as the regions say it; what it stated itself last and has expired is a view of it."""
    how = INDICATORS[kind.name].national
    members = MEMBERS if how == "total" else PARTS
    parts = [part for region in members if (part := state.known.get(region, {}).get(key)) is not None]
    # What it stated itself and states no more stands still, in the views in which that is missed.
    stated = None if how == "total" else stated
    known = [part for part in parts if part.value is not None]
    observed = max((part.observed_at for part in known), default=0)
    # Unplaced parts add to the sum; completeness is about the networks.
    share = round(fsum(p.completeness for r in ROAZ_IDS if (p := state.known.get(r, {}).get(key)) and p.value is not None) / len(ROAZ_IDS), 4)  # fmt: skip
    seen = value_of(state.known, kind, parts, None, "reported")
    if seen.value is None and key not in state.said:
        return None
    found = Indicator(
        kind.name,
        kind.labels,
        seen.value,
        observed,
        share,
        seen.observations,
        weight=seen.weight,
        range=_range(state, kind, parts, seen.value),
        evidence=_evidence(parts),
        where=_where((region, state.known.get(region, {}).get(key)) for region in PARTS),
    )
    silences = [
        part.silence for part in (stated, *parts, *beside(state.known, kind)) if part and part.silence
    ]
    if not silences:
        return found
    missed = value_of(state.known, kind, parts, stated, "carried")
    with_since = partial(value_of, state.known, kind, parts, stated, "expired")
    return silence_of(found, missed, with_since(), newest_that_matters(silences, with_since, missed))


BOUNDS: tuple[tuple[Bound, Bound], ...] = (("low", "high"), ("least", "most"))
"""The likely bounds, and the possible ones."""


def _range(state: NationState, kind: Indicator, parts: list[Indicator], value: float | None) -> Range | None:
    """Return what the figure may be by now; null where nothing that it follows from lies in a range."""
    if value is None or not any(part.range is not None for part in (*parts, *beside(state.known, kind))):
        return None
    complete = [
        part.completeness if part.range is None else part.range.completeness
        for part in parts
        if part.value is not None
    ]
    share = round(fsum(complete) / len(ROAZ_IDS), 4)
    likely, possible = (
        [
            Indicator(kind.name, kind.labels, one.value, 0, min(share, 1.0))
            for one in _at_bounds(state, kind, parts, pair)
        ]
        for pair in BOUNDS
    )
    return range_of(value, likely, possible)


def _at_bounds(
    state: NationState, kind: Indicator, parts: list[Indicator], bounds: tuple[Bound, Bound]
) -> list[Seen]:
    """Return the figure at two bounds; of a ratio of two sums, with each side of it at either."""
    ratio = INDICATORS[kind.name].ratio
    if INDICATORS[kind.name].national == "ratio" and ratio is not None and ratio.upper:
        return [
            quotient_of(state.known, kind, ratio, above, 0, below) for above in bounds for below in bounds
        ]
    return [of_regions(state.known, kind, parts, bound, 0) for bound in bounds]


def _where(parts: Iterable[tuple[str, Indicator | None]]) -> Where | None:
    """Return which regions make a ratio what it is, where those say it of their locations."""
    return where_of(
        [
            Place(name, found.where.part, found.where.of)
            for name, found in parts
            if found is not None and found.value is not None and found.where is not None
        ]
    )


def _evidence(parts: Iterable[Indicator]) -> Evidence | None:
    own = [part.evidence for part in parts if part.evidence is not None]
    if not own:
        return None
    return Evidence(
        sum(one.expected for one in own),
        sum(one.counted for one in own),
        sum(one.carried for one in own),
        sum(one.expired for one in own),
        min((one.oldest for one in own if one.oldest), default=0),
        sum(one.suspect for one in own),
    )
