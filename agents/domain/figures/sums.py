"""Figures of several locations: a sum, and a ratio of two sums, over whoever reported what they are about.

What locations add is held by the thousand: structs that the garbage collector need not look at.
"""

from collections.abc import Iterable, Sequence
from math import fsum, isfinite, isinf

import msgspec

from streams.evidence import Evidence
from streams.status import Indicator
from streams.where import Place, Where, where_of

Labels = dict[str, str]


class Addend(msgspec.Struct, frozen=True, gc=False):
    """What one location adds to a sum.

    Attributes:
        value: in the unit of the figure.
        observed: second that it is about.
        completeness: of the report, 0...1; 0 of one that is carried forward.
        carried: whether it is carried forward: reports that came after it are missed, or suspect.
        suspect: whether that is because they are suspect.
        was: of one that is carried forward, how complete its report was.
    """

    value: float
    observed: int
    completeness: float
    carried: bool = False
    suspect: bool = False
    was: float = 0.0

    @property
    def told(self) -> float:
        """How complete the report was that it is from, 0...1: silence makes none more complete."""
        return self.was if self.carried else self.completeness


def carried_forward(part: Addend) -> Addend:
    """Return what a location reported last, reports that came after it being missed."""
    return Addend(part.value, part.observed, 0.0, carried=True, was=part.told)


class Fraction(msgspec.Struct, frozen=True, gc=False):
    """What one location adds to a ratio.

    Attributes:
        upper: its part of the numerator.
        lower: its part of the denominator.
        observed: second that both are about.
        completeness: of the less complete of both, 0...1.
        carried: whether one of them is carried forward.
        suspect: whether that is because a newer report is suspect.
    """

    upper: float
    lower: float
    observed: int
    completeness: float
    carried: bool = False
    suspect: bool = False


def share(completeness: Sequence[float], expected: int) -> float:
    """Return how complete a figure is, 0...1, of which so many locations are expected; 0 where nobody is."""
    return round(fsum(completeness) / expected, 4) if expected else 0.0


def total(
    name: str, labels: Labels, addends: Sequence[Addend], expected: int, digits: int | None = None
) -> Indicator:
    """Return a sum, rounded to so many digits or whole; null where nobody reported it."""
    if not addends:
        return Indicator(name, labels, None, 0, 0.0, 0)
    value = fsum([one.value for one in addends])
    return Indicator(
        name,
        labels,
        whole(value) if digits is None else round(value, digits),
        max([one.observed for one in addends]),
        share([one.completeness for one in addends], expected),
        len(addends),
        evidence=evidence_of(addends, expected),
    )


def quotient(
    fractions: Sequence[Fraction], of_nothing: float | None = None, digits: int = 6, at_least: float = 0.0
) -> float | None:
    """Return the ratio of the sums; `of_nothing` where the denominator is known to be 0, null where it is not known.

    Where the denominator may not be 0 it counts as `at_least`.
    """
    if not fractions:
        return None
    lower = max(fsum([one.lower for one in fractions]), at_least)
    return round(fsum([one.upper for one in fractions]) / lower, digits) if lower else of_nothing


def ratio(
    name: str,
    labels: Labels,
    fractions: Sequence[Fraction],
    expected: int,
    *,
    of_nothing: float | None = None,
    digits: int = 6,
    weight: int | None = None,
    at_least: float = 0.0,
) -> Indicator:
    """Return a ratio of two sums, or a mean weighed by its denominator, which is its weight unless another is given."""
    return Indicator(
        name,
        labels,
        quotient(fractions, of_nothing, digits, at_least),
        max([one.observed for one in fractions], default=0),
        share([one.completeness for one in fractions], expected),
        len(fractions),
        weight=int(least(fsum([one.lower for one in fractions]))) if weight is None else weight,
        evidence=evidence_of(fractions, expected),
    )


def evidence_of(parts: Sequence[Addend | Fraction], expected: int) -> Evidence:
    """Return what a figure of these parts rests on."""
    return Evidence(
        expected,
        len(parts),
        len([one for one in parts if one.carried]),
        oldest=min([one.observed for one in parts], default=0),
        suspect=len([one for one in parts if one.suspect]),
    )


def places(named: Iterable[tuple[str, Fraction | None]]) -> Where | None:
    """Return who makes a ratio of these what it is, from what each location adds to it."""
    return where_of(
        [Place(name, whole(one.upper), whole(one.lower)) for name, one in named if one is not None]
    )


def whole(value: float) -> float:
    """Return a count as a whole number; a bound may be without end."""
    return value if isinf(value) else int(value)


def least(value: float) -> float:
    """Return a number, or 0 where it is without end: of a bound, whose weight nobody asks for."""
    return value if isfinite(value) else 0.0
