"""Referrals by general practitioners, per week against what was expected.

The newest full week counts: one whose last statement was made on its Sunday or later. A week so far says
nothing about the week.
"""

from collections import defaultdict
from collections.abc import Iterator
from math import fsum

import msgspec

from agents.domain.outcome import Outcome
from agents.domain.parts import Parts
from alerts.norms import Norms
from streams.calendar import day_number, day_start, local_day
from streams.indicators import ALL
from streams.reports import ReferralsReport
from streams.status import Indicator

Week = tuple[int, int, int, int, int, float]
"""Observed second, revision, received second, count, expected, completeness."""

Series = dict[tuple[str, str], dict[int, Week]]
"""Weeks of one location (by the day number of their Monday) by specialism and target."""

_Part = dict[tuple[str, str], dict[int, Week]]
"""The full weeks of one location; a series without one is there as well."""

KEPT_DAYS = 35
"""Weeks that began up to this many days ago are held; older reports are late."""


class ReferralsState(msgspec.Struct, dict=True):
    """Weeks by location."""

    places: dict[str, Series] = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[_Part] = Parts()


def fold(state: ReferralsState, report: ReferralsReport, observed: int, received: int, today: int) -> Outcome:
    """Take a report into the state; `late` if the week is no longer held."""
    monday = day_number(report.week_start)
    if today and monday < today - KEPT_DAYS:
        return "late"
    location, revision, completeness = report.location, report.revision, report.completeness
    series = state.places.get(location)
    if series is None:
        series = state.places[location] = {}
    changed = False
    for row in report.rows:
        key = (row.specialism, row.target)
        new = (observed, revision, received, row.count, row.expected, completeness)
        weeks = series.get(key)
        if weeks is None:
            series[key] = {monday: new}
            changed = True
        else:
            held = weeks.get(monday)
            if held is None or new > held:
                weeks[monday] = new
                changed = True
    if changed:
        state.parts.touched.add(location)
        return "applied"
    return "duplicate"


def advance(state: ReferralsState, today: int) -> None:
    """Forget weeks that are too old."""
    first = today - KEPT_DAYS
    for location, series in list(state.places.items()):
        if all(min(weeks) >= first for weeks in series.values()):
            continue
        state.parts.touched.add(location)
        kept = {
            key: young
            for key, weeks in series.items()
            if (young := {monday: week for monday, week in weeks.items() if monday >= first})
        }
        if kept:
            state.places[location] = kept
        else:
            del state.places[location]


def indicators(state: ReferralsState, at: int, _norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield the referral indicators of the newest full week as known at second `at`."""
    state.parts.renew(state.places, local_day(at), _part)
    parts = state.parts.by_location.values()
    monday = max((monday for part in parts for weeks in part.values() for monday in weeks), default=None)
    if monday is None:
        return
    groups: dict[tuple[str, str], list[Week | None]] = defaultdict(list)
    for part in parts:
        for key, weeks in part.items():
            groups[key].append(weeks.get(monday))
    for (specialism, target), told in list(groups.items()):
        for group in ((specialism, ALL), (ALL, target), (ALL, ALL)):
            groups[group] += told
    for (specialism, target), told_weeks in sorted(groups.items()):
        labels = {"specialism": specialism, "target": target}
        known = [week for week in told_weeks if week is not None]
        count, expected = sum(week[3] for week in known), sum(week[4] for week in known)
        observed = max((week[0] for week in known), default=0)
        share = round(fsum(week[5] for week in known) / len(told_weeks), 4)
        some = bool(known)
        yield Indicator("referrals_week", labels, count if some else None, observed, share, len(known))
        yield Indicator(
            "referrals_expected_week", labels, expected if some else None, observed, share, len(known)
        )
        ratio = round(count / expected, 6) if expected else None
        yield Indicator("referrals_ratio", labels, ratio, observed, share, expected)


def _part(series: Series, today: int) -> _Part:
    return {
        key: {
            monday: week
            for monday, week in weeks.items()
            if monday + 7 <= today and monday >= today - KEPT_DAYS and _is_final(monday, week)
        }
        for key, weeks in series.items()
    }


def _is_final(monday: int, week: Week) -> bool:
    return week[0] >= day_start(monday + 6)
