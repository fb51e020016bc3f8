"""`care.referrals`: GP referrals to medical specialist care."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from streams.indicators import ALL
from streams.reports.report import Count, Name, Report


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
    target: Literal["hospital", "zbc"]
    count: Count
    expected: Count

    def __post_init__(self) -> None:
        """Refuse a total among its parts: it would be counted twice."""
        if self.specialism == ALL:
            raise ValueError("`specialism` must not be `all`, that is our own total; send the parts")


class ReferralsReport(Report, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Referrals from one area in one week.

    Attributes:
        week_start: Monday of the ISO week.
        rows: the referrals; a live feed sends the week so far with a rising `observed_at`.
    """

    week_start: date
    rows: Annotated[list[ReferralRow], Meta(min_length=1, max_length=500)]

    def __post_init__(self) -> None:
        """Refuse a week that does not start on a Monday."""
        if self.week_start.weekday():
            raise ValueError("`week_start` must be a Monday")
