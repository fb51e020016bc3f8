"""The country: totals over the regions, at T once every region has passed T.

A figure that a source states for the whole country stands before the sum of the regions; a sum counts the
parts that lie in no single network as well. Its completeness is that of its parts, a missing region counts
as nothing. While such a source is silent, what it stated last stands beside the sum of the regions, the larger of both:
it ends nothing by its silence, and hides no breach that the regions prove.
"""

from collections.abc import Iterable, Iterator
from math import fsum

import msgspec

from agents.domain.region import UNPLACED
from agents.domain.silence import Seen, silence_of
from streams.indicators import ALL, INDICATORS, indicator_key
from streams.regions import NL, ROAZ_IDS
from streams.status import Indicator, StatusEntry, View

MEMBERS = (*ROAZ_IDS, NL, UNPLACED)
_PARTS = (*ROAZ_IDS, UNPLACED)

_RATIOS = {
    "occupancy_ratio": ("beds_occupied", "beds_staffed"),
    "waits_over_treeknorm_ratio": ("waits_over_treeknorm", "waits"),
    "waits_within_target_ratio": ("waits_within_target", "waits"),
    "referrals_ratio": ("referrals_week", "referrals_expected_week"),
    "followup_strain_ratio": ("followup_waiting", "followup_free_places"),
}
"""Ratios that follow from two other figures; the rest are weighed by their `observations`, what they are a ratio of."""

_OF_NOTHING = {
    "workstock_overdue_ratio": ("workstock_patients", None),
    "workstock_informed_ratio": ("workstock_over_treeknorm", {}),
    "workstock_reviewed_ratio": ("workstock_overdue", {"ic": ALL, "urgency": ALL}),
}
"""Ratios that have a value where what they are a ratio of is nothing: that figure, and its labels if not the same."""


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
        for ratio, parts in _RATIOS.items():
            if found.name in parts:
                labels = {
                    name: value for name, value in found.labels.items() if name in INDICATORS[ratio].labels
                }
                again.setdefault(indicator_key(ratio, labels), Indicator(ratio, labels, None, 0))
    for key, found in again.items():
        total = _national(state, key, found)
        if total is not None and state.said.get(key) != total:
            state.said[key] = total
            changes.append(total)
    return changes


def _national(state: NationState, key: str, kind: Indicator) -> Indicator | None:
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
    value, count = _value(state, kind, parts, None, "told")
    if value is None and key not in state.said:
        return None
    found = Indicator(kind.name, kind.labels, value, observed, share, count)
    silences = [part.silence for part in (stated, *parts, *_beside(state, kind)) if part and part.silence]
    if not silences:
        return found
    missed, given_up = (_value(state, kind, parts, stated, view) for view in ("missed", "given_up"))
    return silence_of(found, missed, given_up, max(silence.given_up_at for silence in silences))


def _beside(state: NationState, kind: Indicator) -> Iterator[Indicator]:
    """Yield the regions' other figures that a ratio of the country is computed from."""
    for name in _RATIOS.get(kind.name, ()):
        labels = {own: value for own, value in kind.labels.items() if own in INDICATORS[name].labels}
        for region in _PARTS:
            if (found := state.known.get(region, {}).get(indicator_key(name, labels))) is not None:
                yield found


def _value(
    state: NationState, kind: Indicator, parts: list[Indicator], stated: Indicator | None, view: View
) -> Seen:
    """Return the country's figure as looked at, and its observations."""
    how = INDICATORS[kind.name].national
    own = None if stated is None else stated.seen(view)
    if own is not None and own.value is not None and how != "sum":
        return own.value, own.observations
    if how == "ratio":
        value, count = _ratio(state, kind, view) if kind.name in _RATIOS else _weighed_mean(state, kind, view)
        return _rounded(value), count
    seen = [part.seen(view) for part in parts]
    known = [part.value for part in seen if part.value is not None]
    count = sum(part.observations for part in seen if part.value is not None)
    if how == "max":
        return _rounded(max(known, default=None)), count
    total = _rounded(sum(known)) if known else None
    if own is not None and own.value is not None and (total is None or own.value >= total):
        return own.value, own.observations
    return total, count  # more than the country stated last: the regions prove that much now


def _rounded(value: float | None) -> float | None:
    return round(value, 6) if isinstance(value, float) else value


def _ratio(state: NationState, kind: Indicator, view: View) -> tuple[float | None, int]:
    upper, lower = _RATIOS[kind.name]
    above = below = 0.0
    count = 0
    for region in _PARTS:
        known = state.known.get(region, {})
        ratio = _seen(known, indicator_key(kind.name, kind.labels), view)
        if ratio is None or ratio.value is None:
            continue
        count += ratio.observations
        if kind.name == "occupancy_ratio":
            # Only where beds and staff are known for the same locations: weigh by staffed beds.
            staffed = _seen(known, indicator_key(lower, {"unit": kind.labels["unit"]}), view)
            weight = float(staffed.value or 0) if staffed else 0.0
            above += ratio.value * weight
            below += weight
            continue
        top, bottom = (_seen(known, indicator_key(part, kind.labels), view) for part in (upper, lower))
        above += float(top.value or 0) if top else 0.0
        below += float(bottom.value or 0) if bottom else 0.0
        if kind.name == "followup_strain_ratio":
            below += float(top.value or 0) if top else 0.0
    return (above / below if below else None), count


def _seen(known: dict[str, Indicator], key: str, view: View) -> Indicator | None:
    found = known.get(key)
    return None if found is None else found.seen(view)


def _weighed_mean(state: NationState, kind: Indicator, view: View) -> tuple[float | None, int]:
    key = indicator_key(kind.name, kind.labels)
    of, labels = _OF_NOTHING.get(kind.name, ("", None))
    whole = indicator_key(of, kind.labels if labels is None else labels)
    told = []
    for region in _PARTS:
        known = state.known.get(region, {})
        part, base = _seen(known, key, view), _seen(known, whole, view)
        if part is not None and part.value is not None:
            weight = 0 if base is not None and base.value == 0 else part.observations
            told.append((float(part.value), weight))
    count = sum(weight for _, weight in told)
    if not count:  # nothing that anyone tells a ratio of: all say the same
        return (told[0][0] if told else None), 0
    return fsum(value * weight for value, weight in told) / count, count
