"""What is asked whether it can be: patients and beds with staff of each unit, by label, and all labels together."""

from typing import NamedTuple

from agents.domain.statements.ring import Day, Stamp


class Asked(NamedTuple):
    """A column that is asked whether its figures can be.

    Attributes:
        column: patients of a unit and label, or beds with staff for them.
        admissions: of patients, the column of admissions of the same.
        staffed: of patients, the column of beds with staff for all patients of the unit; None says that it is such a column.
        key: what several sources that speak for a location tell of it is known by (`agents.domain.speakers.priority`).
    """

    column: int
    admissions: int | None
    staffed: int | None
    key: str

    @property
    def is_capacity(self) -> bool:
        """Return whether it is about beds with staff."""
        return self.staffed is None


class AskedUnit(NamedTuple):
    """Patients of a unit, or its beds with staff: of all of them what `bed_kinds.together` takes for the whole.

    Attributes:
        whole: the total; its series is that of all labels together.
        labels: the others.
        both: the columns of the labels that are complete together.
    """

    whole: Asked
    labels: tuple[Asked, ...]
    both: tuple[int, int]

    @property
    def every(self) -> tuple[Asked, ...]:
        """Return the whole and the labels."""
        return self.whole, *self.labels


class Whole(NamedTuple):
    """All labels of a unit together, as reported on a day.

    Attributes:
        value: patients or beds.
        stamp: of the newest report of them.
        parts: the columns of the labels that make it up; empty where it is the total.
    """

    value: int
    stamp: Stamp
    parts: tuple[int, ...]


def whole_on(day: Day, unit: AskedUnit) -> Whole | None:
    """Return all labels together on a day: the total, or the labels where both that make it up are newer; None without."""
    stamps, values = day
    total = stamps[unit.whole.column]
    one, other = (stamps[column] for column in unit.both)
    if one is None or other is None or (total is not None and min(one[0], other[0]) <= total[0]):
        return None if total is None else Whole(values[unit.whole.column], total, ())
    parts = tuple([label.column for label in unit.labels if stamps[label.column] is not None])
    newest = max([stamp for part in parts if (stamp := stamps[part]) is not None])
    return Whole(sum([values[part] for part in parts]), newest, parts)
