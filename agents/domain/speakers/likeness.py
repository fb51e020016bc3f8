"""Whether names report the same beds: about as much in each column."""

from collections.abc import Callable, Collection, Hashable, Mapping
from math import sqrt

Measure = Callable[[str], Mapping[Hashable, int] | None]
"""What a location reported last, by column; None where a topic has no columns that add up."""

_ALIKE = 0.75
"""Beds of one hospital differ by less than a quarter from day to day; sums of a split reported in part differ by more.
Few patients vary by chance, by about the root of what they are."""


def are_alike(olds: Collection[str], news: Collection[str], measure: Measure) -> bool:
    """Return whether new ones report about what the old ones did, in each column: as many beds are not as many patients."""
    before, now = _sums(olds, measure), _sums(news, measure)
    if before is None or now is None:
        return False
    return all(_about(before.get(column, 0), now.get(column, 0)) for column in before.keys() | now.keys())


def say_the_same(olds: Collection[str], news: Collection[str], measure: Measure) -> bool:
    """Return whether new ones together report what the old ones do, to the digit in each column."""
    return _sums(olds, measure) == _sums(news, measure)


def _about(one: int, other: int) -> bool:
    low, high = sorted((one, other))
    return low >= _ALIKE * high or high - low <= sqrt(high)


def _sums(names: Collection[str], measure: Measure) -> dict[Hashable, int] | None:
    sums: dict[Hashable, int] = {}
    for name in names:
        measured = measure(name)
        if not measured:
            return None
        for column, value in measured.items():
            sums[column] = sums.get(column, 0) + value
    return sums
