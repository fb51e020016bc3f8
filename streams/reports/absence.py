"""`care.absence`: sickness absence (ziekteverzuim) of those who give the care."""

from typing import Annotated, ClassVar, Literal, get_args

import msgspec
from msgspec import Meta

from streams.reports.declaration import WEEKLY, Declaration
from streams.reports.report import ALL, WeeklyReport

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


class AbsenceReport(WeeklyReport, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Absence at one location in one week.

    Attributes:
        week_start: Monday of the ISO week.
        rows: one for each sector.
    """

    declared: ClassVar[Declaration] = Declaration(
        topic="care.absence",
        carries="sickness absence per sector",
        called="Ziekteverzuim",
        cadence=WEEKLY,
        stands="absence-stands",
        day="week_start",
        subject=("sector",),
        labels={"sector": (*get_args(AbsenceSector), ALL)},
        days={
            "absence-kept": (34, 186),
            "absence-held": (185, 742),
            "absence-stands": (6, 34),
            "absence-missed": (20, 185),
        },
    )

    rows: Annotated[list[AbsenceRow], Meta(min_length=1, max_length=20)]
