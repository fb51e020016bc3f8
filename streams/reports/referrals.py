"""`care.referrals`: GP referrals to medical specialist care."""

from typing import Annotated, ClassVar, Literal, get_args

import msgspec
from msgspec import Meta

from streams.reports.declaration import FREE, WEEKLY, Declaration
from streams.reports.report import ALL, Count, Name, WeeklyReport, has_total, refuse_total

Target = Literal["hospital", "zbc"]


class ReferralRow(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """Referrals to one specialism and target.

    Attributes:
        specialism: medical specialism.
        target: `hospital` or `zbc` (zelfstandig behandelcentrum).
        count: referrals in the period.
        expected: referrals expected in the period without postponement.
    """

    specialism: Name
    target: Target
    count: Count
    expected: Count

    def __post_init__(self) -> None:
        """Refuse a total among its parts: it would be counted twice."""
        refuse_total(self.specialism)


class ReferralsReport(WeeklyReport, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Referrals from one area in one week.

    Attributes:
        week_start: Monday of the ISO week.
        rows: the referrals; a live feed sends the week so far with a rising `observed_at`.
    """

    declared: ClassVar[Declaration] = Declaration(
        topic="care.referrals",
        carries="GP referrals per specialism and target, with what was expected",
        called="Verwijzingen",
        cadence=WEEKLY,
        stands="referrals-missed",
        day="week_start",
        labels={"target": (*get_args(Target), ALL), "specialism": FREE},
        subject=("specialism", "target"),
        days={"referrals-kept": (35, 186), "referrals-held": (185, 742), "referrals-missed": (13, 185)},
        doubtful=has_total,
    )

    rows: Annotated[list[ReferralRow], Meta(min_length=1, max_length=500)]
