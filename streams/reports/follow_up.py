"""`care.follow-up`: vervolgzorg, the care after hospital."""

from typing import Annotated, ClassVar, Literal, get_args

import msgspec
from msgspec import Meta

from streams.reports.declaration import DAILY, EVERY, Declaration
from streams.reports.occupancy import WARD_BEDS
from streams.reports.report import ALL, Count, Report

Sector = Literal["verpleeghuis", "grz", "wijkverpleging"]

FREE_PLACES = (20_000, 200_000)
"""Nursing homes, the largest sector, have some 125,000 places in all, free or not."""


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

    declared: ClassVar[Declaration] = Declaration(
        topic="care.follow-up",
        carries="vervolgzorg per sector: waiting in hospital, free places",
        called="Vervolgzorg",
        cadence=DAILY,
        stands="followup-stand",
        day="observed_at",
        subject=("sector",),
        labels={"sector": (*get_args(Sector), ALL)},
        limits={EVERY: {"waiting_in_hospital": WARD_BEDS, "free_places": FREE_PLACES}},
        days={
            "followup-kept": (8, 62),
            "followup-held": (62, 742),
            "followup-stand": (1, 7),
            "followup-missed": (3, 185),
        },
    )

    rows: Annotated[list[FollowUpRow], Meta(min_length=1, max_length=50)]
