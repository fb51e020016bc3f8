"""`care.referrals`: referrals by general practitioners, per week against what was expected.

The newest full week counts: one whose last statement was made on its Sunday or later. A week so far says nothing about the
week, but its location is expected to report the whole of it. What was missed since March 2020 is counted over all full
weeks, also those no longer held.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from functools import partial
from typing import NamedTuple

import msgspec
from typing_extensions import override

from agents.domain.figures.in_views import InViews
from agents.domain.figures.sums import Addend, Fraction, ratio, total
from agents.domain.statements.parts import Located
from agents.domain.statements.stale import Last, last_of
from agents.domain.statements.standing import Standing, Views
from agents.domain.statements.weekly import Weekly, Weeks, before, is_full
from agents.domain.weekly.tally import NOTHING_MISSED, Tally, added_up
from alerts.norms import Norms
from streams.calendar import local_day
from streams.indicators import ALL
from streams.reports import ReferralsReport
from streams.status import Indicator


class Week(NamedTuple):
    """Referrals of one specialism and target from one location in one week."""

    observed: int
    revision: int
    received: int
    referred: int
    expected: int
    completeness: float
    source: str = ""


class Group(NamedTuple):
    """What referrals are counted by."""

    specialism: str
    target: str

    def totals(self) -> tuple["Group", ...]:
        """Return the group with all that it counts in."""
        return self, Group(self.specialism, ALL), Group(ALL, self.target), Group(ALL, ALL)


class Place(msgspec.Struct, array_like=True):
    """One location: its weeks, and the referrals missed in weeks that are no longer held."""

    series: dict[Group, dict[int, Week]] = {}
    missed: dict[Group, Tally] = {}


class _Full(NamedTuple):
    """The last full week of one group at one location; None where a week so far is all that is known."""

    group: Group
    monday: int
    week: Week | None


class _Part(NamedTuple):
    """What one location says: of each group the last full week, and what was missed."""

    full: list[_Full]
    missed: dict[Group, Tally]


class ReferralsState(Located[Place, _Part]):
    """Weeks by location, specialism and target."""


class Referrals(Weekly[ReferralsState, ReferralsReport, Place, Group, Week]):
    """The fold of `care.referrals`."""

    state = ReferralsState
    name = "referrals"
    only_full = True
    flows = True

    @override
    def statements(
        self, report: ReferralsReport, observed: int, received: int
    ) -> Iterator[tuple[Group, Week]]:
        """Yield the week of each specialism and target."""
        revision, completeness, source = report.revision, report.completeness, report.source
        for row in report.rows:
            week = Week(observed, revision, received, row.count, row.expected, completeness, source)
            yield Group(row.specialism, row.target), week

    @override
    def series(self, place: Place) -> MutableMapping[Group, Weeks[Week]]:
        """Return the weeks of a location."""
        return place.series

    @override
    def counts(self, subject: Group, week: Week) -> Iterator[tuple[Hashable, int]]:
        """Yield the referrals."""
        yield subject, week.referred

    @override
    def empty_place(self) -> Place:
        """Return a location of which nothing was reported."""
        return Place()

    @override
    def is_empty(self, place: Place) -> bool:
        """Return whether nothing is held of a location any more."""
        return not place.series and not place.missed

    @override
    def forgotten(self, place: Place, subject: Group, weeks: Mapping[int, Week]) -> None:
        """Keep what was missed in weeks that are forgotten."""
        tally = _missed_in(weeks, place.missed.get(subject, NOTHING_MISSED))
        if tally.weeks:
            place.missed[subject] = tally

    @override
    def indicators(self, state: ReferralsState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
        """Yield what was missed, and the referrals of the newest full week, as known at second `at`."""
        standing = _standing(at, norms)
        state.parts.renew(state.places, standing.today, partial(_part, standing=standing))
        yield from _missed(part.missed for part in _counting(state, standing).values())
        by_location = _views(state, standing)
        yield from InViews([views for own in by_location.values() for views in own]).figures(_figures)

    @override
    def stale(self, state: ReferralsState, at: int, norms: Norms) -> Mapping[str, Last]:
        """Return who did not report the newest full week, with when they reported their last one."""
        found = {}
        for location, own in _views(state, _standing(at, norms)).items():
            firsts = (first for views in own if (first := views.first()) is not None)
            last = last_of((view, full.week.observed) for view, full in firsts if full.week is not None)
            if last is not None:
                found[location] = last
        return found


def _standing(at: int, norms: Norms) -> Standing:
    stands = norms.parameter("referrals-missed")
    return Standing(local_day(at), stands, stands)


def _part(place: Place, today: int, standing: Standing) -> _Part:
    full: list[_Full] = []
    missed = dict(place.missed)
    for group, weeks in place.series.items():
        whole = {monday: week for monday, week in weeks.items() if is_full(monday, week.observed, today)}
        tally = _missed_in(whole, missed.get(group, NOTHING_MISSED))
        if tally.weeks:
            missed[group] = tally
        last = max(whole, default=0)
        if whole:
            full.append(_Full(group, last, whole[last]))
        heard = max(weeks)
        if standing.view_of(last) == "expired" and standing.view_of(heard) != "expired":
            full.append(_Full(group, heard, None))
    return _Part(full, missed)


def _counting(state: ReferralsState, standing: Standing) -> Mapping[str, _Part]:
    """Return the parts, of those that ended without the weeks since then."""
    parts = state.parts.by_location
    for name in state.parts.ended.keys() & parts.keys():
        place, until = state.places[name], state.parts.ended[name]
        series = {group: before(weeks, until) for group, weeks in place.series.items()}
        own = Place({group: weeks for group, weeks in series.items() if weeks}, place.missed)
        parts = {**parts, name: _part(own, standing.today, standing)}
    return parts


def _views(state: ReferralsState, standing: Standing) -> dict[str, list[Views[_Full]]]:
    """Return what each location says: its week where that is the newest of the region, else what is carried forward.

    Of one that ended no later week is missed.
    """
    parts = _counting(state, standing)
    every = (full.monday for part in parts.values() for full in part.full if full.week is not None)
    newest = max((monday for monday in every if standing.view_of(monday) != "expired"), default=0)
    return {
        location: [
            Views(full, full, full)
            if full.monday == newest or full.week is None
            else standing.views(full.monday, full)._replace(reported=None)
            for full in part.full
            if location not in state.parts.ended or (full.week is not None and full.monday == newest)
        ]
        for location, part in parts.items()
    }


def _figures(own: Sequence[_Full], expected: Sequence[_Full]) -> Iterator[Indicator]:
    """Yield the figures of the weeks that count, of each group and of the totals that it counts in."""
    places = Counter(total for full in expected for total in full.group.totals())
    weeks: dict[Group, list[Week]] = {group: [] for group in places}
    for full in own:
        for group in full.group.totals():
            known = weeks.setdefault(group, [])
            if full.week is not None:
                known.append(full.week)
    if not any(full.week is not None for full in (*own, *expected)):
        return  # weeks so far, which say nothing about the week
    for group, known in sorted(weeks.items()):
        labels = group._asdict()
        counts = [Addend(week.referred, week.observed, week.completeness) for week in known]
        hoped = [Addend(week.expected, week.observed, week.completeness) for week in known]
        ratios = [Fraction(week.referred, week.expected, week.observed, week.completeness) for week in known]
        yield total("referrals_week", labels, counts, places[group])
        yield total("referrals_expected_week", labels, hoped, places[group])
        yield ratio("referrals_ratio", labels, ratios, places[group])


def _missed(parts: Iterable[Mapping[Group, Tally]]) -> Iterator[Indicator]:
    """Yield what was missed; `observations` is the number of weeks, counted once for each group and location."""
    tallies: dict[Group, list[Tally]] = defaultdict(list)
    for part in parts:
        for group, tally in part.items():
            for each in group.totals():
                tallies[each].append(tally)
    for group, own in sorted(tallies.items()):
        every = added_up(own)
        yield Indicator("referrals_missed", group._asdict(), every.missed, every.observed, 1.0, every.weeks)


def _missed_in(weeks: Mapping[int, Week], tally: Tally) -> Tally:
    for monday, week in weeks.items():
        tally = tally.plus(monday, week.expected - week.referred, week.observed)
    return tally
