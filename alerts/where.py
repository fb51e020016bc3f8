"""Who is behind the figure of a norm: locations and regions as the fold says it, specialisms by their own figures.

The longest wait says little where all are too long: specialisms are ranked by the part of their waits that is over the norm.
"""

from typing import NamedTuple

from alerts.judged import Judged
from alerts.norms import Norm
from streams.indicators import ALL, INDICATORS, indicator_key
from streams.status import Indicator
from streams.where import Place, Where, where_of

_BY = "specialism"


class _Counts(NamedTuple):
    """The two figures by specialism that say what each adds.

    Attributes:
        upper, lower: both.
        is_ratio: whether the figure itself is their ratio.
        usual: the ratio that is no reason to be named.
    """

    upper: str
    lower: str
    is_ratio: bool = False
    usual: float = 0.0


_OF_SPECIALISMS = {
    "wait_days_max": _Counts("waits_over_treeknorm", "waits"),
    "waits_over_treeknorm_ratio": _Counts("waits_over_treeknorm", "waits", is_ratio=True),
    "waits_prolonged": _Counts("waits_prolonged", "waits"),
    "waits_within_target_lasting_ratio": _Counts("waits_within_target", "waits", usual=1.0),
    "referrals_ratio": _Counts("referrals_week", "referrals_expected_week", is_ratio=True, usual=1.0),
}
_OF_FOLDS = (
    "occupancy_ratio",
    "or_reduction_ratio",
    "followup_strain_ratio",
    "workstock_informed_ratio",
    "workstock_reviewed_ratio",
    "production_ratio",
    "absence_rate",
)
_AS_OTHERS = {
    "beds_occupied": "occupancy_ratio",
    "projected_occupancy_ratio": "occupancy_ratio",
    "workstock_overdue": "workstock_overdue_ratio",
}
"""Who is behind these is who is behind another figure: those who are full now, those of whom the largest part is overdue."""

TOLD_OF = (*_OF_FOLDS, *_AS_OTHERS, *_OF_SPECIALISMS)
"""The figures of which anybody can be named."""


def where_behind(region: Judged, norm: Norm, scope: str) -> Where | None:
    """Return who is behind the figure that a norm is held against, and its own counts; None where nobody tells."""
    if norm.indicator not in TOLD_OF:
        return None
    found = region.figure_of(norm, scope)
    if found is None or found.value is None:
        return None
    if norm.indicator in _OF_FOLDS:
        return found.where
    if norm.indicator in _AS_OTHERS:
        kind = INDICATORS[_AS_OTHERS[norm.indicator]]
        key = indicator_key(kind.name, {name: found.labels[name] for name in kind.labels})
        other = region.known.get(kind.topic, {}).get(kind.name, {}).get(key)
        return None if other is None else other.where
    held = region.behind.setdefault(norm.topics[0], {})
    if (norm.id, scope) not in held:
        held[norm.id, scope] = _of_specialisms(region, norm, found)
    return held[norm.id, scope]


def is_ratio(indicator: str) -> bool:
    """Return whether a figure is the ratio of the counts of who is behind it."""
    counts = _OF_SPECIALISMS.get(indicator)
    return indicator in _OF_FOLDS if counts is None else counts.is_ratio


def counts_of(where: Where | None, indicator: str) -> tuple[float, float] | None:
    """Return the counts that a figure is the ratio of; None where it is not a ratio of these."""
    return (where.part, where.of) if where is not None and is_ratio(indicator) else None


def _of_specialisms(region: Judged, norm: Norm, found: Indicator) -> Where | None:
    counts = _OF_SPECIALISMS[norm.indicator]
    known = region.known.get(norm.topics[0], {})
    uppers, lowers = known.get(counts.upper, {}), known.get(counts.lower, {})
    labels = {name: value for name, value in found.labels.items() if name != _BY}
    low = norm.comparison.startswith("<")
    places = []
    for upper in uppers.values():
        specialism = upper.labels[_BY]
        if specialism == ALL or upper.value is None or not labels.items() <= upper.labels.items():
            continue
        lower = lowers.get(indicator_key(counts.lower, upper.labels))
        if lower is None or not lower.value:
            continue
        beyond = upper.value - counts.usual * lower.value
        if beyond < 0 if low else beyond > 0:
            places.append(Place(specialism, upper.value, lower.value))
    every = {**labels, _BY: ALL}
    part, of = (
        side.get(indicator_key(name, every))
        for name, side in ((counts.upper, uppers), (counts.lower, lowers))
    )
    own = where_of(places, low=low) or Where()
    if part is None or part.value is None or of is None or of.value is None:
        return own if own.places else None
    return Where(own.places, own.others, part.value, of.value)
