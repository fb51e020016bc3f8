"""What a report of beds says, by column."""

from collections.abc import Collection

import msgspec

from agents.domain.beds.series import FIELDS, FIRST_COLUMN
from streams.reports import OccupancyReport


def columns_of(report: OccupancyReport) -> list[int]:
    """Return the columns of which a report says a figure."""
    named = []
    for reading in report.readings:
        column = FIRST_COLUMN[reading.unit][reading.label]
        told = (reading.occupied, reading.staffed, reading.admissions, reading.notified)
        named += [column + number for number, value in enumerate(told) if value is not None]
    return named


def without(report: OccupancyReport, hidden: Collection[int]) -> OccupancyReport:
    """Return a report without its figures in some columns."""
    readings = []
    for reading in report.readings:
        column = FIRST_COLUMN[reading.unit][reading.label]
        unknown = [field for number, field in enumerate(FIELDS) if column + number in hidden]
        readings.append(msgspec.structs.replace(reading, **dict.fromkeys(unknown)))
    return msgspec.structs.replace(report, readings=readings)
