"""What one location counts a day, such as admissions of one label: seven days are added up once, not at every tick."""

from agents.domain.beds.columns import Columns, Week
from agents.domain.figures.sums import Addend


class Counted:
    """One column of counts of one location.

    Attributes:
        newest: the newest day of which anything is held; something is.
    """

    __slots__ = ("_column", "_columns", "_last", "_week", "newest")

    def __init__(self, columns: Columns, column: int) -> None:
        self._columns = columns
        self._column = column
        self._last = 0
        self._week: Week = (0, 0, ())
        self.newest = columns.newest(column)

    def on(self, day: int) -> Addend:
        """Return what was reported of a day."""
        return self._columns.on(self._column, day)

    def week(self, last: int) -> Week:
        """Return the seven days that end with day `last`."""
        if last != self._last:
            self._last, self._week = last, self._columns.week(self._column, last)
        return self._week
