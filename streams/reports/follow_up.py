"""`care.follow-up`: vervolgzorg, the care after hospital."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from streams.reports.report import Count, Report

Sector = Literal["verpleeghuis", "grz", "wijkverpleging"]


class FollowUpRow(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """One sector of vervolgzorg. A field that is null is unknown, never 0.

    Attributes:
        sector: `verpleeghuis`, `grz` (geriatrische revalidatie) or `wijkverpleging`.
        waiting_in_hospital: patients in a hospital bed who could leave for this sector.
        free_places: places that could take a patient today.
    """

    sector: Sector
    waiting_in_hospital: Count | None = None
    free_places: Count | None = None


class FollowUpReport(Report, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Vervolgzorg around one location at one moment."""

    rows: Annotated[list[FollowUpRow], Meta(min_length=1, max_length=50)]
