"""The country: totals over the regions, at T once every region has passed T.

A figure that a source states for the whole country stands before the sum of the regions; a sum counts the
parts that lie in no single network as well. Its completeness is that of its parts, a missing region counts
as nothing. While such a source is silent, what it stated last stands beside what the regions say, the worse of both:
it ends nothing by its silence, and hides no breach that the regions prove.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from math import fsum

import msgspec

from agents.domain.figures.in_views import Seen, newest_that_matters, silence_of
from agents.domain.statements.stale import stale_in_country
from streams.indicators import ALL, GIVEN_UP, INDICATORS, SILENT, indicator_key
from streams.regions import NL, ROAZ_IDS, UNPLACED
from streams.status import Indicator, StatusEntry, View

MEMBERS = (*ROAZ_IDS, NL, UNPLACED)
_PARTS = (*ROAZ_IDS, UNPLACED)

_RATIOS = {
    "occupancy_ratio": ("beds_free", "beds_free"),
    "waits_over_treeknorm_ratio": ("waits_over_treeknorm", "waits"),
    "waits_within_target_ratio": ("waits_within_target", "waits"),
    "referrals_ratio": ("referrals_week", "referrals_expected_week"),
    "followup_strain_ratio": ("followup_waiting", "followup_free_places"),
}
"""Ratios that follow from two other figures; the rest are weighed by their `observations`, what they are a ratio of.

That of the beds is weighed by what `beds_free` rests on: its own observations are locations."""

_OF_NOTHING = {
    "workstock_overdue_ratio": ("workstock_patients", None),
    "workstock_informed_ratio": ("workstock_over_treeknorm", {}),
    "workstock_reviewed_ratio": ("workstock_overdue", {"ic": ALL, "urgency": ALL}),
}
"""Ratios that have a value where what they are a ratio of is nothing: that figure, and its labels if not the same."""

_PARTS_OF: dict[str, tuple[str, ...]] = _RATIOS | {ratio: (of,) for ratio, (of, _) in _OF_NOTHING.items()}
_RATIOS_OF = {
    part: tuple(ratio for ratio, parts in _PARTS_OF.items() if part in parts)
    for parts in _PARTS_OF.values()
    for part in parts
}
"""The ratios that other figures than their own make other, by the name of such a figure."""

LOWER_IS_WORSE = frozenset(
    {
        "critical_on_time_ratio",
        "mediation_ratio",
        "production_ratio",
        "waits_within_target_ratio",
        "workstock_informed_ratio",
        "workstock_reviewed_ratio",
    }
)
"""Ratios of which a low value is the worse one; of the rest it is a high one."""

FAR_IS_WORSE = frozenset({"referrals_ratio"})
"""Ratios of which the value that is farther from one is the worse: there can be too few and too many."""


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


def nation(state: NationState, topic: str, at: int, changes: Changes) -> StatusEntry:
    """Take what changed in the regions up to a tick that all have passed; return the country's entry."""
    changed: dict[str, Indicator] = {}
    for region, indicators in changes:
        known = state.known.setdefault(region, {})
        for indicator in indicators:
            key = indicator_key(indicator.name, indicator.labels)
            known[key] = changed[key] = indicator
    return StatusEntry("nation", topic, -1, NL, at, _changes(state, changed.values()) if changed else [])


def _changes(state: NationState, changed: Iterable[Indicator]) -> list[Indicator]:
    changes = []
    again = {indicator_key(found.name, found.labels): found for found in changed}
    for found in list(again.values()):
        for ratio in _RATIOS_OF.get(found.name, ()):
            labels = {name: value for name, value in found.labels.items() if name in INDICATORS[ratio].labels}
            again.setdefault(indicator_key(ratio, labels), Indicator(ratio, labels, None, 0))
    for key, found in again.items():
        total = _national(state, key, found)
        if total is not None and state.said.get(key) != total:
            state.said[key] = total
            changes.append(total)
    return changes


def _national(state: NationState, key: str, kind: Indicator) -> Indicator | None:
    if kind.name in {SILENT, GIVEN_UP}:
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
    value, count = _value(state, kind, parts, None, "reported")
    if value is None and key not in state.said:
        return None
    found = Indicator(kind.name, kind.labels, value, observed, share, count)
    silences = [part.silence for part in (stated, *parts, *_beside(state, kind)) if part and part.silence]
    if not silences:
        return found
    missed = _value(state, kind, parts, stated, "carried")
    with_since = partial(_value, state, kind, parts, stated, "expired")
    return silence_of(found, missed, with_since(), newest_that_matters(silences, with_since, missed))


def _beside(state: NationState, kind: Indicator) -> Iterator[Indicator]:
    """Yield the regions' other figures that a ratio of the country is computed from."""
    of, own = _OF_NOTHING.get(kind.name, ("", None))
    for name in _PARTS_OF.get(kind.name, ()):
        every = kind.labels if name != of or own is None else own
        key = indicator_key(
            name, {one: value for one, value in every.items() if one in INDICATORS[name].labels}
        )
        for region in _PARTS:
            if (found := state.known.get(region, {}).get(key)) is not None:
                yield found


def _value(
    state: NationState,
    kind: Indicator,
    parts: list[Indicator],
    stated: Indicator | None,
    view: View,
    since: int = 0,
) -> Seen:
    """Return the country's figure as looked at (`Indicator.seen`), and its observations."""
    value, count = _of_regions(state, kind, parts, view, since)
    own = None if stated is None else stated.seen(view, since)
    if own is None or own.value is None or (value is not None and not _worse(kind.name, own.value, value)):
        return value, count  # worse than the country stated last: the regions prove that much now
    return own.value, own.observations


def _worse(name: str, one: float, other: float) -> bool:
    """Return whether a figure of the country is no better than another."""
    if name in FAR_IS_WORSE:
        return abs(one - 1) >= abs(other - 1)
    return one <= other if name in LOWER_IS_WORSE else one >= other


def _of_regions(state: NationState, kind: Indicator, parts: list[Indicator], view: View, since: int) -> Seen:
    how = INDICATORS[kind.name].national
    if how == "ratio":
        of = _ratio if kind.name in _RATIOS else _weighed_mean
        value, count = of(state, kind, view, since)
        return _rounded(value), count
    seen = [part.seen(view, since) for part in parts]
    known = [part.value for part in seen if part.value is not None]
    count = sum(part.observations for part in seen if part.value is not None)
    if how == "max":
        return _rounded(max(known, default=None)), count
    return _rounded(sum(known)) if known else None, count


def _rounded(value: float | None) -> float | None:
    return round(value, 6) if isinstance(value, float) else value


def _ratio(state: NationState, kind: Indicator, view: View, since: int) -> tuple[float | None, int]:
    upper, lower = _RATIOS[kind.name]
    above = below = 0.0
    count = 0
    for region in _PARTS:
        known = state.known.get(region, {})
        ratio = _seen(known, indicator_key(kind.name, kind.labels), view, since)
        if ratio is None or ratio.value is None:
            continue
        count += ratio.observations
        if kind.name == "occupancy_ratio":
            # By the beds of those who tell of patients as well, which the empty ones rest on.
            free = _seen(known, indicator_key(lower, kind.labels), view, since)
            weight = free.observations if free else 0
            above += ratio.value * weight
            below += weight
            continue
        top, bottom = (_seen(known, indicator_key(part, kind.labels), view, since) for part in (upper, lower))
        above += float(top.value or 0) if top else 0.0
        below += float(bottom.value or 0) if bottom else 0.0
        if kind.name == "followup_strain_ratio":
            below += float(top.value or 0) if top else 0.0
    return (above / below if below else None), count


def _seen(known: dict[str, Indicator], key: str, view: View, since: int) -> Indicator | None:
    found = known.get(key)
    return None if found is None else found.seen(view, since)


def _weighed_mean(state: NationState, kind: Indicator, view: View, since: int) -> tuple[float | None, int]:
    key = indicator_key(kind.name, kind.labels)
    of, labels = _OF_NOTHING.get(kind.name, ("", None))
    whole = indicator_key(of, kind.labels if labels is None else labels)
    told = []
    for region in _PARTS:
        known = state.known.get(region, {})
        part, base = _seen(known, key, view, since), _seen(known, whole, view, since)
        if part is not None and part.value is not None:
            weight = 0 if base is not None and base.value == 0 else part.observations
            told.append((float(part.value), weight))
    count = sum(weight for _, weight in told)
    if not count:  # nothing that anyone tells a ratio of: all say the same
        return (told[0][0] if told else None), 0
    return fsum(value * weight for value, weight in told) / count, count
