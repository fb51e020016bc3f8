"""Which figures of a region a norm holds against its limit, and what sets them apart."""

from collections.abc import Mapping

from alerts.norms import Norm
from streams.status import Indicator


def selected(known: Mapping[str, Indicator], norm: Norm) -> list[Indicator]:
    """Return the figures that a norm selects from those of its kind (by key), in order of their keys."""
    if not norm.split:
        found = known.get(norm.key)
        return [] if found is None else [found]
    labels = norm.labels.items()
    series = [found for _, found in sorted(known.items())] if len(known) > 1 else list(known.values())
    return [found for found in series if labels <= found.labels.items()] if labels else series


def scope_of(norm: Norm, indicator: Indicator) -> str:
    """Return the label values that a norm is split by, or nothing."""
    return ",".join([f"{name}={indicator.labels[name]}" for name in norm.split])


def is_scope_of(norm: Norm, scope: str) -> bool:
    """Return whether a norm may still select what it was split by: not a value that its own labels rule out."""
    if not norm.split:
        return not scope
    return all(f",{name}={norm.labels[name]}," in f",{scope}," for name in norm.split if name in norm.labels)
