"""`care.absence`: sickness absence (ziekteverzuim) of those who give the care."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from streams.reports.report import Report

AbsenceSector = Literal["ziekenhuis", "vvt", "ggz", "gehandicaptenzorg", "huisartsenzorg"]
"""`vvt` is verpleging, verzorging en thuiszorg."""

Percent = Annotated[float, Meta(ge=0, le=100)]


class AbsenceRow(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """Absence in one sector.

    Attributes:
        sector: who is absent.
        rate: absence as a percentage of contract hours.
        employees: people it is about, by which rates are weighed.
        long_rate: part of the rate that lasts longer than six weeks; null is unknown.
    """

    sector: AbsenceSector
    rate: Percent
    employees: Annotated[int, Meta(ge=1, le=1_000_000)]
    long_rate: Percent | None = None


class AbsenceReport(Report, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Absence at one location in one week.

    Attributes:
        week_start: Monday of the ISO week.
        rows: one for each sector.
    """

    week_start: date
    rows: Annotated[list[AbsenceRow], Meta(min_length=1, max_length=20)]

    def __post_init__(self) -> None:
        """Refuse a week that does not start on a Monday."""
        if self.week_start.weekday():
            raise ValueError("`week_start` must be a Monday")
