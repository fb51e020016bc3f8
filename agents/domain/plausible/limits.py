"""From where on a figure is suspect: the limits, all of them parameters of the norms file (docs/plausible.md has the reasons)."""

from math import inf
from typing import NamedTuple

from alerts.norms import Norms


class Limits(NamedTuple):
    """The limits of the checks on one series.

    Attributes:
        warm_up: reported days before anything is asked of a series.
        margin: a series may move so many times as far as it ever did in as long a time, and be the same for so many times as
            long.
        chance: or so many times the root of what it was: few patients vary by chance.
        least: a move of no more than this is never suspect, and no zero after fewer.
        far: a rise to more than so many times the most it ever was, or the beds with staff, is not confirmed by the same
            source again.
        far_from: of no fewer patients than this; where it is held against the beds with staff, or is those, than `same_from`.
        same: reported days alike, to the digit, that are never suspect.
        same_from: of no fewer patients than this.
        rises: rises one after another, without a fall, that are never suspect.
        admitted: rises one after another by just what was admitted.
        alike: what confirms another figure is at least this part of it.
    """

    warm_up: float
    margin: float
    chance: float
    least: float
    far: float
    far_from: float
    same: float
    same_from: float
    rises: float
    admitted: float
    alike: float


def of_capacity(limits: Limits) -> Limits:
    """Return the limits of beds with staff: they stand still for years, nobody is admitted to them, and few treble in a day."""
    return limits._replace(same=inf, rises=inf, admitted=inf, far_from=limits.same_from)


def limits_of(norms: Norms) -> Limits:
    """Return the limits that the norms file gives."""
    return Limits(*(norms.parameter(f"suspect-{name.replace('_', '-')}") for name in Limits._fields))
