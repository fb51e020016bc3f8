"""Where a figure comes from: the locations of a region, or the regions of the country, that make it so; the worst first."""

from collections.abc import Callable, Sequence
from math import inf

import msgspec

PLACES_NAMED = 5
"""How many a figure names; of the others it says how many they are."""


class Place(msgspec.Struct, frozen=True, gc=False):
    """A location, a region, a specialism or another part of what a figure is about, and what it adds to it.

    Attributes:
        name: name or id of the location as it was reported, id of the region, or value of a label.
        part: what it adds to the numerator, such as occupied beds.
        of: what it adds to the denominator, such as beds with staff.
    """

    name: str
    part: float | int
    of: float | int


class Where(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Who makes a ratio what it is.

    Attributes:
        places: at most `PLACES_NAMED` of them, the worst first.
        others: how many there are besides.
        part, of: what all of them together add to numerator and denominator.
    """

    places: tuple[Place, ...] = ()
    others: int = 0
    part: float | int = 0
    of: float | int = 0


def where_of(
    places: Sequence[Place], *, low: bool = False, is_reason: Callable[[Place], bool] = lambda _: True
) -> Where | None:
    """Return who makes a ratio what it is; None without places. All of them add to it; who is no reason for it is not named.

    Worst is who has the highest part of its own (with `low` the lowest), of equal ones the largest; more than nothing of nothing
    is worst.
    """
    if not places:
        return None
    sign = 1 if low else -1

    def rank(one: Place) -> tuple[float, float, str]:
        share = one.part / one.of if one.of else (inf if one.part else 0.0)
        return sign * share, -one.of, one.name

    reasons = [one for one in places if is_reason(one)]
    named = tuple(sorted(reasons, key=rank)[:PLACES_NAMED])
    return Where(
        named, len(reasons) - len(named), sum([one.part for one in places]), sum([one.of for one in places])
    )
