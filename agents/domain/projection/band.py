"""How sure a projection is: as far as it was off before, over the same number of days.

Eight in ten of its own last errors lie within the band. Of `n` errors the one of rank 0.8 (n + 1) counts (split conformal
prediction), so fewer errors give a wider band and not a narrower one. Other quantiles lie as those of a normal distribution.
"""

from collections.abc import Sequence
from math import ceil
from statistics import NormalDist

ERRORS_COUNTED = 56
"""Errors that count: the last eight weeks."""

LEAST_ERRORS = 7
"""With fewer no band is told, and no projection: it would be a guess without a measure."""

_COVERED = 0.8
_STANDARD = NormalDist()
_UPPER = _STANDARD.inv_cdf((1 + _COVERED) / 2)


def half_width(errors: Sequence[float]) -> float | None:
    """Return half the width of the 80 % band, in beds; None with too few errors."""
    if len(errors) < LEAST_ERRORS:
        return None
    rank = min(len(errors), ceil(_COVERED * (len(errors) + 1)))
    return sorted(map(abs, errors))[rank - 1]


def quantile(middle: float, half: float, percent: int) -> float:
    """Return a quantile of the projection, in beds and never below none: 10 and 90 are the edges of the band."""
    return max(0.0, middle + half * _STANDARD.inv_cdf(percent / 100) / _UPPER)
