"""Referrals by general practitioners, per week against what was expected.

The newest full week counts: one whose last statement was made on its Sunday or later. A week so far says
nothing about the week.
"""

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from alerts.norms import Norms
from streams.calendar import day_number, day_start, local_day, seconds
from streams.indicators import ALL
from streams.reports import ReferralsReport
from streams.status import Indicator

Key = tuple[str, str, str]
Week = tuple[int, int, int, int, int, float]
"""Observed second, revision, received second, count, expected, completeness."""

KEPT_DAYS = 35
"""Weeks that began up to this many days ago are held; older reports are late."""


class ReferralsState(msgspec.Struct):
    """Weeks (by the day number of their Monday) by (location, specialism, target)."""

    weeks: dict[Key, dict[int, Week]] = {}


def is_late(report: ReferralsReport, today: int) -> bool:
    """Return whether the week is no longer held."""
    return day_number(report.week_start) < today - KEPT_DAYS


def fold(state: ReferralsState, report: ReferralsReport) -> bool:
    """Take a report into the state; return whether it changed anything."""
    observed, received = seconds(report.observed_at), seconds(report.received_at)
    monday = day_number(report.week_start)
    changed = False
    for row in report.rows:
        weeks = state.weeks.setdefault((report.location, row.specialism, row.target), {})
        new: Week = (observed, report.revision, received, row.count, row.expected, report.completeness)
        held = weeks.get(monday)
        if held is None or new > held:
            weeks[monday] = new
            changed = True
    return changed


def advance(state: ReferralsState, today: int) -> None:
    """Forget weeks that are too old."""
    first = today - KEPT_DAYS
    for key, weeks in list(state.weeks.items()):
        kept = {monday: week for monday, week in weeks.items() if monday >= first}
        if kept:
            state.weeks[key] = kept
        else:
            del state.weeks[key]


def indicators(state: ReferralsState, at: int, _norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield the referral indicators of the newest full week as known at second `at`."""
    today = local_day(at)
    full = {
        monday
        for weeks in state.weeks.values()
        for monday, week in weeks.items()
        if monday + 7 <= today and monday >= today - KEPT_DAYS and _is_final(monday, week)
    }
    if not full:
        return
    monday = max(full)
    groups: dict[tuple[str, str], list[Week | None]] = defaultdict(list)
    for (_, specialism, target), weeks in state.weeks.items():
        week = weeks.get(monday)
        told = week if week is not None and _is_final(monday, week) else None
        for group in ((specialism, target), (specialism, ALL), (ALL, target), (ALL, ALL)):
            groups[group].append(told)
    for (specialism, target), told_weeks in sorted(groups.items()):
        labels = {"specialism": specialism, "target": target}
        known = [week for week in told_weeks if week is not None]
        count, expected = sum(week[3] for week in known), sum(week[4] for week in known)
        observed = max((week[0] for week in known), default=0)
        share = round(sum(week[5] for week in known) / len(told_weeks), 4)
        some = bool(known)
        yield Indicator("referrals_week", labels, count if some else None, observed, share, len(known))
        yield Indicator(
            "referrals_expected_week", labels, expected if some else None, observed, share, len(known)
        )
        ratio = round(count / expected, 6) if expected else None
        yield Indicator("referrals_ratio", labels, ratio, observed, share, expected)


def _is_final(monday: int, week: Week) -> bool:
    return week[0] >= day_start(monday + 6)
