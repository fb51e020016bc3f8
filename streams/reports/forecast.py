"""`care.forecast`: what LCPS tells a region to expect in the coming seven days."""

from typing import Annotated, ClassVar, get_args

import msgspec
from msgspec import Meta

from streams.reports.declaration import DAILY, Declaration
from streams.reports.occupancy import IC_BEDS, WARD_BEDS, Unit
from streams.reports.report import Count, Report

HORIZON_DAYS = 7
"""A forecast reaches this far (supplement of 18-11-2021); one issued longer ago says nothing about today."""


class ForecastRow(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """Expected beds on one coming day.

    Attributes:
        unit: `ic` or `ward`.
        day: days after the local day of `observed_at`, 1...7.
        covid_beds: beds with COVID patients that are expected.
        planned_beds: beds that the region plans for them on that day; null is unknown.
    """

    unit: Unit
    day: Annotated[int, Meta(ge=1, le=HORIZON_DAYS)]
    covid_beds: Count
    planned_beds: Count | None = None


class ForecastReport(Report, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One forecast for a region, issued at `observed_at`; a newer one replaces it whole."""

    declared: ClassVar[Declaration] = Declaration(
        topic="care.forecast",
        carries="LCPS forecast of COVID beds for the coming seven days",
        called="Prognose",
        cadence=DAILY,
        stands="forecast-fresh",
        day="observed_at",
        labels={"unit": get_args(Unit), "day": tuple(str(day) for day in range(1, HORIZON_DAYS + 1))},
        subject=("unit", "day"),
        limits={
            unit: dict.fromkeys(("covid_beds", "planned_beds"), most)
            for unit, most in (("ic", IC_BEDS), ("ward", WARD_BEDS))
        },
    )

    rows: Annotated[list[ForecastRow], Meta(min_length=1, max_length=2 * HORIZON_DAYS)]
