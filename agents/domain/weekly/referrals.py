"""Referrals by general practitioners, per week against what was expected.

The newest full week counts: one whose last statement was made on its Sunday or later. A week so far says
nothing about the week. What was missed since March 2020 is counted over all full weeks, also those no longer held.

A location that did not tell the newest week leaves count and expectation alike, so the ratio would move though nobody
told it: while it is missed, figures are told with its last full week as well (`agents.domain.figures.silence`).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from math import fsum
from typing import NamedTuple

import msgspec

from agents.domain.figures.silence import with_silent
from agents.domain.statements.outcome import Outcome
from agents.domain.statements.parts import Parts
from agents.domain.statements.silent import Last, last_of
from agents.domain.statements.weeks import Spans, is_full, kept_full_weeks
from agents.domain.weekly.tally import Tally, add, counts
from alerts.norms import Norms
from streams.calendar import day_number, local_day
from streams.indicators import ALL
from streams.reports import ReferralsReport
from streams.status import Indicator, View

Week = tuple[int, int, int, int, int, float]
"""Observed second, revision, received second, count, expected, completeness."""

_Group = tuple[str, str]
"""Specialism and target."""

Series = dict[_Group, dict[int, Week]]
"""Weeks of one location (by the day number of their Monday) by specialism and target."""


class _Full(NamedTuple):
    """The last full week of one location and group that counts: its Monday and the week; None without."""

    monday: int
    week: Week | None


_NOT_FULL = _Full(0, None)


class _Part(NamedTuple):
    """What one location says.

    Attributes:
        owed: its last full week by group, while it is missed without the newest.
        given_up: the same where it is missed no more.
        missed: the referrals missed.
    """

    owed: dict[_Group, _Full]
    given_up: dict[_Group, _Full]
    missed: dict[_Group, Tally]


KEPT_DAYS = 35
"""Weeks that began up to this many days ago are held; older reports are late. How long the newest full one stands, and
a location is missed that did not tell it, is a parameter (`referrals-missed`).
"""

HELD_DAYS = 371
"""The last full week of a location is held this long, to know what it told when it is missed or was given up."""


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
    """Forget weeks that are too old, but for the last full one of each group; what was missed in them stays."""
    for location, place in list(state.places.items()):
        for key, weeks in list(place.series.items()):
            kept = kept_full_weeks(weeks, today, KEPT_DAYS, HELD_DAYS)
            aged = {monday: week for monday, week in weeks.items() if monday not in kept}
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


def indicators(state: ReferralsState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield the referral indicators of the newest full week, and what was missed, as known at second `at`."""
    today = local_day(at)
    stands = norms.parameter("referrals-missed")
    spans = Spans(today, stands, stands)
    state.parts.renew(state.places, today, partial(_part, stands=stands))
    parts = list(state.parts.by_location.values())
    yield from _missed([part.missed for part in parts])
    owed = [(key, full) for part in parts for key, full in part.owed.items()]
    given_up = [(key, full) for part in parts for key, full in part.given_up.items()]
    newest = max((full.monday for _, full in owed), default=0)
    told = (
        _figures([(key, full if full.monday == newest else _NOT_FULL) for key, full in owed])
        if newest
        else iter(())
    )
    if not given_up and all(full.monday == newest for _, full in owed if full.week is not None):
        yield from told
        return
    with_missed = list(_figures(owed)) if newest else []
    with_all = list(_figures(owed + given_up)) if given_up else with_missed
    yield from with_silent(
        told, with_missed, with_all, spans.given_up_at(full.monday for _, full in given_up)
    )


def silent(state: ReferralsState, _at: int, _norms: Norms) -> dict[str, Last]:
    """Return who did not tell the newest full week, with when they told of their last one."""
    parts = state.parts.by_location
    newest = max((full.monday for part in parts.values() for full in part.owed.values()), default=0)
    found = {}
    for location, part in parts.items():
        told = [full for full in part.owed.values() if full.week is not None]
        if not part.given_up and all(full.monday == newest for full in told):
            continue
        views = [(_view(full, newest), full) for full in told] + [
            ("given_up", full) for full in part.given_up.values()
        ]
        last = last_of((view, full.week[0]) for view, full in views if full.week is not None)
        if last is not None:
            found[location] = last
    return found


def _view(full: _Full, newest: int) -> View:
    return "told" if full.monday == newest else "missed"


def _figures(owed: Sequence[tuple[_Group, _Full]]) -> Iterator[Indicator]:
    """Yield the figures of the weeks that count, one for each location and group that owes one."""
    groups: dict[_Group, list[Week | None]] = defaultdict(list)
    for (specialism, target), full in owed:
        for group in ((specialism, target), *_totals(specialism, target)):
            groups[group].append(full.week)
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


def _part(place: Place, today: int, stands: float) -> _Part:
    spans = Spans(today, stands, stands)
    owed: dict[_Group, _Full] = {}
    given_up: dict[_Group, _Full] = {}
    missed = dict(place.missed)
    for key, weeks in place.series.items():
        full = {monday: week for monday, week in weeks.items() if is_full(monday, week[0], today)}
        if (tally := _missed_in(full, missed.get(key, (0, 0, 0))))[1]:
            missed[key] = tally
        last = max(full, default=None)
        if last is not None and spans.view_of(last) != "given_up":
            owed[key] = _Full(last, full[last])
            continue
        if last is not None:
            given_up[key] = _Full(last, full[last])
        if spans.view_of(max(weeks)) != "given_up":  # a week so far: it owes the whole of it
            owed[key] = _NOT_FULL
    return _Part(owed, given_up, missed)
