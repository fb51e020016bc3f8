"""`care.occupancy`: beds per hospital location."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from streams.reports.report import Count, Report

Unit = Literal["ic", "ward"]
Label = Literal["covid", "noncovid", "unlabelled", "total"]


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

    readings: Annotated[list[BedReading], Meta(min_length=1, max_length=500)]
