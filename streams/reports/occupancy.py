"""`care.occupancy`: beds per hospital location."""

from typing import Annotated, ClassVar, Literal, get_args

import msgspec
from msgspec import Meta

from streams.reports.declaration import DAILY, Declaration
from streams.reports.report import ALL, Count, Report

Unit = Literal["ic", "ward"]
Label = Literal["covid", "noncovid", "unlabelled", "total"]

IC_BEDS = (600, 4_000)
"""2,100 were staffed in the country in April 2020 (docs/backtest.md), 315 by the largest network's share of people: twice that."""

WARD_BEDS = (6_000, 60_000)
"""About 40,000 beds stand in all Dutch hospitals, and the largest network serves 15 % of the people."""

BEDS = {
    unit: dict.fromkeys(("occupied", "staffed", "admissions", "notified"), most)
    for unit, most in (("ic", IC_BEDS), ("ward", WARD_BEDS))
}
"""By unit: nobody admits more patients in a day than there are beds."""


class BedReading(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """Beds of one unit and label. A field that is null is unknown, never 0.

    Attributes:
        unit: `ic` or `ward` (kliniek).
        label: `covid`, `noncovid`, `unlabelled` (ontlabeld), or `total` where no split is known.
        occupied: patients in a bed.
        staffed: beds that staff can run; usually said for `total`. Held against patients of the same labels only.
        admissions: patients admitted on the day of `observed_at`.
        notified: admissions that were notified on that day, whatever day they happened on.
    """

    unit: Unit
    label: Label
    occupied: Count | None = None
    staffed: Count | None = None
    admissions: Count | None = None
    notified: Count | None = None


class OccupancyReport(Report, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Beds of one location at one moment."""

    declared: ClassVar[Declaration] = Declaration(
        topic="care.occupancy",
        carries="beds per hospital location: occupied, staffed, admissions",
        called="Bedden",
        cadence=DAILY,
        stands="beds-stand",
        day="observed_at",
        labels={"unit": get_args(Unit), "label": (*get_args(Label), ALL)},
        rows="readings",
        subject=("unit", "label"),
        limits=BEDS,
        days={
            "beds-kept": (8, 62),
            "beds-held": (62, 742),
            "beds-stand": (1, 7),
            "beds-missed": (3, 185),
            "admissions-stand": (1, 14),  # a week of them
        },
    )

    readings: Annotated[list[BedReading], Meta(min_length=1, max_length=500)]
