"""The newest statement of a series as a figure takes it: it stands, is carried forward within bounds, or has expired."""

from math import inf

from agents.domain.figures.sums import Addend, carried_forward
from agents.domain.statements.moved import moved
from agents.domain.statements.ring import Ring
from agents.domain.statements.standing import Bounds, Standing, Views


def counted(ring: Ring, standing: Standing, *, missed: bool) -> Views[Addend]:
    """Return what a series adds in each view; it counts for as long as it is carried forward.

    Args:
        ring: its newest statement of each day.
        standing: how long a statement stands, and is carried forward.
        missed: whether reports of the location are missed, so that nothing of it stands.
    """
    day = max((day for day in ring if day <= standing.today + 1), default=None)
    if day is None:
        return Views()
    slot = ring[day]
    own = Addend(slot.value, slot.observed, slot.completeness)
    views = standing.views(day, own)
    if views.reported is not None and not missed:
        return views
    last = carried_forward(own)
    return (
        views._replace(reported=last, carried=last, expired=last)
        if views.carried
        else Views(None, None, last, views.expired_at)
    )


def bounds_of(part: Addend | None, ring: Ring, today: int) -> Bounds[Addend] | None:
    """Return what a count that is carried forward may be by now; None where it is not. It is never below 0."""
    if part is None or not part.carried:
        return None
    far = moved({day: slot.value for day, slot in ring.items() if day <= today + 1}, today)
    return Bounds(*(at(part, value) for value in (part.value - far, part.value + far, 0.0, inf)))


def at(part: Addend, value: float) -> Addend:
    """Return a count that is carried forward at one of its bounds: as complete as it was told."""
    return Addend(max(0.0, value), part.observed, part.told, carried=True, was=part.told)


def or_told(one: Bounds[Addend] | None, told: Addend | None) -> Bounds[Addend | None]:
    """Return the bounds of a count, or what was told where it is not carried forward."""
    return one or Bounds(told, told, told, told)
