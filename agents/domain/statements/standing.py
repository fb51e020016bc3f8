"""How long a statement counts: it stands, then it is carried forward, then it has expired."""

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from streams.calendar import day_start
from streams.evidence import VIEWS, View

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Views(NamedTuple, Generic[T_co]):
    """What one location reports of one subject, as one looks at it.

    Attributes:
        reported: what stands for now; None where nothing does.
        carried: the same, or what was reported last while that is carried forward.
        expired: the same, or what was reported last and has expired.
        expired_at: second at which it expired; 0 where it has not.
    """

    reported: T_co | None = None
    carried: T_co | None = None
    expired: T_co | None = None
    expired_at: int = 0

    @property
    def is_stale(self) -> bool:
        """Return whether anything counts that is not reported."""
        return self.reported is not self.expired and self.reported != self.expired

    def first(self) -> tuple[View, T_co] | None:
        """Return the first view in which anything counts, and what; None where nothing does."""
        return next(((view, one) for view, one in zip(VIEWS, self[:3], strict=True) if one is not None), None)


class Bounds(NamedTuple, Generic[T_co]):
    """What a location that is carried forward may report by now.

    Attributes:
        low, high: the least and the most, if it moved no further than in as long a time before.
        least, most: whatever it reports, as far as that has bounds.
    """

    low: T_co
    high: T_co
    least: T_co
    most: T_co


class Standing(NamedTuple):
    """How long a statement about a day, or about the week that began on it, counts on a local day.

    Attributes:
        today: that day.
        stands: days up to which it stands for now.
        carried: days up to which it is carried forward where nothing newer followed.
    """

    today: int
    stands: float
    carried: float

    def view_of(self, day: int) -> View:
        """Return the first view in which a statement counts, by the day that it is about."""
        age = self.today - day
        if age <= self.stands:
            return "reported"
        return "carried" if age <= self.carried else "expired"

    def expires_at(self, day: int) -> int:
        """Return the second at which a statement about a day expires."""
        return day_start(int(day + self.carried) + 1)

    def views(self, day: int, statement: T) -> Views[T]:
        """Return the newest statement of a location in the views in which it counts."""
        view = self.view_of(day)
        if view == "reported":
            return Views(statement, statement, statement)
        if view == "carried":
            return Views(None, statement, statement)
        return Views(None, None, statement, self.expires_at(day))

    def expired_at(self, days: Iterable[int]) -> int:
        """Return the second at which the newest of these days or weeks expired; 0 where none has."""
        return max((self.expires_at(day) for day in days if self.view_of(day) == "expired"), default=0)
