"""`care.production`: care that was given, regular and catch-up together (no source can tell them apart)."""

from typing import Annotated, ClassVar, Literal, get_args

import msgspec
from msgspec import Meta

from streams.reports.declaration import FREE, WEEKLY, Declaration
from streams.reports.report import ALL, Count, WeeklyReport, has_total, refuse_total
from streams.reports.workstock import NEEDS_IC, Hours, Urgency

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
        refuse_total(self.specialism)


class ProductionReport(WeeklyReport, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Production of one location in one week.

    Attributes:
        week_start: Monday of the ISO week.
        rows: what was done; a live feed sends the week so far with a rising `observed_at`.
    """

    declared: ClassVar[Declaration] = Declaration(
        topic="care.production",
        carries="care given per kind and urgency class, with the reference year",
        called="Productie",
        cadence=WEEKLY,
        stands="production-missed",
        day="week_start",
        labels={
            "kind": (*get_args(ProductionKind), ALL),
            "provider": (*get_args(Provider), ALL),
            "urgency": (*get_args(Urgency), ALL),
            "ic": NEEDS_IC,
            "specialism": FREE,
        },
        subject=("kind", "provider", "specialism", "treatment", "urgency", "ic_dependent"),
        days={"production-kept": (35, 186), "production-held": (185, 742), "production-missed": (13, 185)},
        doubtful=has_total,
    )

    rows: Annotated[list[ProductionRow], Meta(min_length=1, max_length=1000)]
