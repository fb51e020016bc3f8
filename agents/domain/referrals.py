"""Referrals by general practitioners, per week against what was expected.

The newest full week counts: one whose last statement was made on its Sunday or later. A week so far says
nothing about the week. What was missed since March 2020 is counted over all full weeks, also those no longer held.
"""

from collections import defaultdict
from collections.abc import Iterator
from math import fsum

import msgspec

from agents.domain.outcome import Outcome
from agents.domain.parts import Parts
from agents.domain.tally import Tally, add, counts, is_final
from alerts.norms import Norms
from streams.calendar import day_number, local_day
from streams.indicators import ALL
from streams.reports import ReferralsReport
from streams.status import Indicator

Week = tuple[int, int, int, int, int, float]
"""Observed second, revision, received second, count, expected, completeness."""

_Group = tuple[str, str]
"""Specialism and target."""

Series = dict[_Group, dict[int, Week]]
"""Weeks of one location (by the day number of their Monday) by specialism and target."""

_Part = tuple[Series, dict[_Group, Tally]]
"""The full weeks of one location, and what was missed; a series without a full week is there as well."""

KEPT_DAYS = 35
"""Weeks that began up to this many days ago are held; older reports are late."""


class Place(msgspec.Struct, array_like=True):
    """One location: its weeks, and the referrals missed in weeks that are no longer held."""

    series: Series = {}
    missed: dict[_Group, Tally] = {}


class ReferralsState(msgspec.Struct, dict=True):
    """Weeks by location."""

    places: dict[str, Place] = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[_Part] = Parts()


def fold(state: ReferralsState, report: ReferralsReport, observed: int, received: int, today: int) -> Outcome:
    """Take a report into the state; `late` if the week is no longer held."""
    monday = day_number(report.week_start)
    if today and monday < today - KEPT_DAYS:
        return "late"
    location, revision, completeness = report.location, report.revision, report.completeness
    place = state.places.get(location)
    if place is None:
        place = state.places[location] = Place()
    series = place.series
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
    """Forget weeks that are too old; what was missed in them stays."""
    first = today - KEPT_DAYS
    for location, place in list(state.places.items()):
        for key, weeks in list(place.series.items()):
            aged = {monday: week for monday, week in weeks.items() if monday < first}
            if not aged:
                continue
            state.parts.touched.add(location)
            if (missed := _missed_in(aged, place.missed.get(key, (0, 0, 0))))[1]:
                place.missed[key] = missed
            for monday in aged:
                del weeks[monday]
            if not weeks:
                del place.series[key]
        if not place.series and not place.missed:
            del state.places[location]


def indicators(state: ReferralsState, at: int, _norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield the referral indicators of the newest full week, and what was missed, as known at second `at`."""
    state.parts.renew(state.places, local_day(at), _part)
    yield from _missed([missed for _, missed in state.parts.by_location.values()])
    parts = [series for series, _ in state.parts.by_location.values()]
    monday = max((monday for part in parts for weeks in part.values() for monday in weeks), default=None)
    if monday is None:
        return
    groups: dict[_Group, list[Week | None]] = defaultdict(list)
    for part in parts:
        for key, weeks in part.items():
            groups[key].append(weeks.get(monday))
    for (specialism, target), told in list(groups.items()):
        for group in _totals(specialism, target):
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


def _totals(specialism: str, target: str) -> tuple[_Group, ...]:
    return (specialism, ALL), (ALL, target), (ALL, ALL)


def _missed(parts: list[dict[_Group, Tally]]) -> Iterator[Indicator]:
    """Yield what was missed; `observations` is the number of weeks, told once for each series and location."""
    groups: dict[_Group, list[Tally]] = defaultdict(list)
    for part in parts:
        for (specialism, target), tally in part.items():
            for group in ((specialism, target), *_totals(specialism, target)):
                groups[group].append(tally)
    for (specialism, target), tallies in sorted(groups.items()):
        labels = {"specialism": specialism, "target": target}
        missed, weeks = (sum(tally[index] for tally in tallies) for index in (0, 1))
        yield Indicator("referrals_missed", labels, missed, max(tally[2] for tally in tallies), 1.0, weeks)


def _missed_in(weeks: dict[int, Week], tally: Tally) -> Tally:
    for monday, (observed, _, _, count, expected, _) in weeks.items():
        if counts(monday, observed):
            tally = add(tally, expected - count, observed)
    return tally


def _part(place: Place, today: int) -> _Part:
    full = {
        key: {
            monday: week
            for monday, week in weeks.items()
            if monday + 7 <= today and monday >= today - KEPT_DAYS and is_final(monday, week[0])
        }
        for key, weeks in place.series.items()
    }
    missed = dict(place.missed)
    for key, weeks in full.items():
        if (tally := _missed_in(weeks, missed.get(key, (0, 0, 0))))[1]:
            missed[key] = tally
    return full, missed
