"""`care.production`: care that was given, regular and catch-up together (no source can tell them apart)."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from streams.indicators import ALL
from streams.reports.report import Count, Report
from streams.reports.workstock import Hours, Urgency

ProductionKind = Literal[
    "polikliniek", "opname", "operatie", "digitaal", "oncologische-diagnose", "vervolgtraject"
]
"""Outpatient visits, admissions, operations, digital or hybrid contacts, oncological diagnoses, follow-up paths."""

Provider = Literal["hospital", "zbc"]


class ProductionRow(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """What was done of one kind.

    Attributes:
        kind: what was counted.
        provider: `hospital`, or `zbc` (zelfstandig behandelcentrum).
        specialism: medical specialism, or empty where the source does not split.
        treatment: treatment such as `heupprothese`, or empty.
        urgency: FMS class of operations, null where it is not known.
        ic_dependent: operations that need an intensive care bed afterwards.
        count: done in the week.
        reference: done in the same week of the reference year 2019; null is unknown.
        or_hours: operating-room hours that it took; null is unknown.
    """

    kind: ProductionKind
    count: Count
    provider: Provider = "hospital"
    specialism: Annotated[str, Meta(max_length=120)] = ""
    treatment: Annotated[str, Meta(max_length=160)] = ""
    urgency: Urgency | None = None
    ic_dependent: bool = False
    reference: Count | None = None
    or_hours: Hours | None = None

    def __post_init__(self) -> None:
        """Refuse a total among its parts: it would be counted twice."""
        if self.specialism == ALL:
            raise ValueError("`specialism` must not be `all`, that is our own total; send the parts")


class ProductionReport(Report, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Production of one location in one week.

    Attributes:
        week_start: Monday of the ISO week.
        rows: what was done; a live feed sends the week so far with a rising `observed_at`.
    """

    week_start: date
    rows: Annotated[list[ProductionRow], Meta(min_length=1, max_length=1000)]

    def __post_init__(self) -> None:
        """Refuse a week that does not start on a Monday."""
        if self.week_start.weekday():
            raise ValueError("`week_start` must be a Monday")
