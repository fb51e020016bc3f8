"""The series of `care.occupancy`: one column for each unit, label and field. What is stored is in this order."""

from collections.abc import Hashable
from typing import get_args

from agents.domain.beds.believed import Asked
from agents.domain.speakers.priority import figure_key
from agents.domain.statements.ring import Days, newest_values
from streams.reports.occupancy import BedReading, Label, Unit

FIELDS = ("occupied", "staffed", "admissions", "notified")
SERIES: tuple[tuple[str, str, str], ...] = tuple(
    (unit, label, field) for unit in get_args(Unit) for label in get_args(Label) for field in FIELDS
)
COLUMNS = len(SERIES)
FIRST_COLUMN = {
    unit: {label: SERIES.index((unit, label, FIELDS[0])) for label in get_args(Label)}
    for unit in get_args(Unit)
}
UNIT_COLUMNS = {
    unit: {
        field: {label: SERIES.index((unit, label, field)) for label in get_args(Label)} for field in FIELDS
    }
    for unit in get_args(Unit)
}
BED_COLUMNS = frozenset(
    number for number, (_, _, field) in enumerate(SERIES) if field in {"occupied", "staffed"}
)
"""Beds, of which the newest statement is held."""
ASKED = tuple(
    asked
    for unit, fields in UNIT_COLUMNS.items()
    for label in get_args(Label)
    for asked in (
        Asked(
            fields["occupied"][label],
            fields["admissions"][label],
            fields["staffed"]["total"],
            figure_key(BedReading(unit=unit, label=label), "occupied"),
        ),
        Asked(
            fields["staffed"][label], None, None, figure_key(BedReading(unit=unit, label=label), "staffed")
        ),
    )
)
"""Patients and beds with staff are asked whether they can be."""


def together(days: Days) -> dict[Hashable, int]:
    """Return patients and beds of each unit by the first column of each: the total, or the labels where these are newer."""
    newest = newest_values(days, BED_COLUMNS)
    found: dict[Hashable, int] = {}
    for fields in UNIT_COLUMNS.values():
        for field in ("occupied", "staffed"):
            told = {label: newest[column] for label, column in fields[field].items() if column in newest}
            total = told.pop("total", None)
            if told and (total is None or max(stamp for stamp, _ in told.values()) > total[0]):
                found[fields[field]["covid"]] = sum(value for _, value in told.values())
            elif total is not None:
                found[fields[field]["covid"]] = total[1]
    return found
