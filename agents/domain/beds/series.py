"""The series of `care.occupancy`: one column for each unit, label and field. What is stored is in this order."""

from collections.abc import Hashable
from typing import Literal, get_args

from agents.domain.beds.asked import Asked, AskedUnit
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
_OF_BEDS: tuple[Literal["occupied"], Literal["staffed"]] = ("occupied", "staffed")
BED_COLUMNS = frozenset(number for number, (_, _, field) in enumerate(SERIES) if field in _OF_BEDS)
"""Beds, of which the newest statement is held."""


def _asked(unit: Unit, field: Literal["occupied", "staffed"], label: Label) -> Asked:
    fields = UNIT_COLUMNS[unit]
    of_patients = field == "occupied"
    return Asked(
        fields[field][label],
        fields["admissions"][label] if of_patients else None,
        fields["staffed"]["total"] if of_patients else None,
        figure_key(BedReading(unit=unit, label=label), field),
    )


ASKED = tuple(
    AskedUnit(
        _asked(unit, field, "total"),
        tuple(_asked(unit, field, label) for label in get_args(Label) if label != "total"),
        (fields[field]["covid"], fields[field]["noncovid"]),
    )
    for unit, fields in UNIT_COLUMNS.items()
    for field in _OF_BEDS
)
"""Patients and beds with staff are asked whether they can be."""


def together(days: Days) -> dict[Hashable, int]:
    """Return patients and beds of each unit by the first column of each: the total, or the labels where these are newer."""
    newest = newest_values(days, BED_COLUMNS)
    found: dict[Hashable, int] = {}
    for fields in UNIT_COLUMNS.values():
        for field in _OF_BEDS:
            told = {label: newest[column] for label, column in fields[field].items() if column in newest}
            total = told.pop("total", None)
            if told and (total is None or max(stamp for stamp, _ in told.values()) > total[0]):
                found[fields[field]["covid"]] = sum(value for _, value in told.values())
            elif total is not None:
                found[fields[field]["covid"]] = total[1]
    return found
