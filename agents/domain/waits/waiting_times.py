"""`care.waiting-times` becomes state: the newest row of each treatment and access kind, by location, and the one before.

How long a row stands after its peildatum, how long it is missed when nothing follows it, and how long it is kept are
parameters (`waits-stand`, `waits-missed`, `waits-kept`). A row without a wait (left empty, an intake that is closed, too few to publish) tells of
no shorter one: the wait before it is missed. What the rows say against the Treeknormen is in `waits`, which locations
owe their supply in `supply`.
"""

from collections.abc import Iterator, Mapping
from functools import partial

import msgspec
from typing_extensions import override

from agents.domain.statements.folding import Folding
from agents.domain.statements.outcome import Outcome
from agents.domain.statements.parts import Located
from agents.domain.statements.stale import Last, last_of
from agents.domain.waits.supply import HOSPITAL_ACCESS, due_day, supply_figures
from agents.domain.waits.target import Rule
from agents.domain.waits.wait_sums import LocationWaits, WaitSums
from agents.domain.waits.waits import GivenUp, Key, Published, Row, Standing
from alerts.norms import Norms
from streams.calendar import day_number, day_start, local_day, supply_day
from streams.evidence import View
from streams.reports import WaitingTimesReport
from streams.status import Indicator


class Place(msgspec.Struct, array_like=True):
    """What one location told.

    Attributes:
        newest: newest row of each treatment and access kind.
        known: where that has no wait, the newest that has one.
        before: of an earlier supply (`streams.calendar.supply_day`) than the newest row with a wait, the newest such
            row, where there was one.
        supplied: newest peildatum (day) of hospital care, 0 without.
    """

    newest: dict[Key, Row] = {}
    known: dict[Key, Row] = {}
    before: dict[Key, Row] = {}
    supplied: int = 0


class WaitingTimesState(Located[Place, LocationWaits]):
    """What was reported, by location."""

    @override
    def __post_init__(self) -> None:
        """Begin without parts and sums: they follow from the state."""
        super().__post_init__()
        self.sums = WaitSums()


class WaitingTimes(Folding[WaitingTimesState, WaitingTimesReport]):
    """The fold of `care.waiting-times`."""

    state = WaitingTimesState

    @override
    def fold(
        self,
        state: WaitingTimesState,
        report: WaitingTimesReport,
        observed: int,
        received: int,
        today: int,
        norms: Norms,
    ) -> Outcome:
        """Take a report into the state; `late` if its peildatum is so old that nobody misses it."""
        peil = day_number(report.peildatum)
        if today and peil < today - norms.parameter("waits-kept"):
            return "late"
        location, revision, completeness = report.location, report.revision, report.completeness
        source = report.source
        place = state.places.get(location)
        if place is None:
            place = state.places[location] = Place()
        begun = supply_day(peil)
        changed = hospital = False
        for row in report.rows:
            access, days = row.access, row.days
            hospital = hospital or access in HOSPITAL_ACCESS
            wait = -1.0 if days is None else days
            weight = -1.0 if row.observations is None else row.observations
            new = Row(peil, revision, received, row.status, wait, completeness, source, weight)
            changed |= _take(place, Key(access, row.specialism, row.treatment), new, begun)
        if hospital and peil > place.supplied:
            place.supplied = peil
            changed = True
        if not changed:
            return "duplicate"
        state.parts.touched.add(location)
        return "applied"

    @override
    def advance(self, state: WaitingTimesState, today: int, norms: Norms) -> None:
        """Forget rows that are no longer kept."""
        first = today - norms.parameter("waits-kept")
        for location, place in list(state.places.items()):
            aged = False
            for rows in (place.newest, place.known, place.before):
                for key in [key for key, row in rows.items() if row.peildatum < first]:
                    del rows[key]
                    aged = True
            if aged:
                state.parts.touched.add(location)
            if not place.newest:
                del state.places[location]

    @override
    def moves(self, state: WaitingTimesState, since: int, until: int) -> bool:
        """Return whether time alone changes an indicator between two ticks: a supply has become due."""
        return due_day(since) != due_day(until)

    @override
    def indicators(self, state: WaitingTimesState, at: int, norms: Norms, region: str) -> Iterator[Indicator]:
        """Yield every waiting-time indicator as known at second `at`."""
        today = local_day(at)
        missed = norms.parameter("waits-missed")
        part = partial(_part, stands=norms.parameter("waits-stand"), missed=missed)
        for location, before, now in state.parts.renew(state.places, today, part, _last):
            state.sums.renew(location, before, now)
        rule = Rule(norms.parameter("target-locations"), norms.parameter("target-share-most"))
        yield from state.sums.figures(norms.treeknorms(region, at), rule)
        first = today - norms.parameter("waits-kept")
        supplied = [place.supplied for place in state.places.values() if place.supplied >= first]
        yield from supply_figures(supplied, today, int(missed), due_day(at))

    @override
    def stale(self, state: WaitingTimesState, at: int, norms: Norms) -> Mapping[str, Last]:
        """Return who is stale, as each location shows it by itself."""
        return state.parts.stale


def _take(place: Place, key: Key, new: Row, begun: int) -> bool:
    """Take a row of the supply that began on day `begun`; return whether anything is other than before."""
    held = place.newest.get(key)
    newer = held is None or new > held
    wait = place.known.get(key) if held is not None and held.days < 0 else held
    if new.days < 0:  # it tells of no wait, and puts none away
        if newer:
            place.newest[key] = new
            if wait is not None:
                place.known[key] = wait
        return newer
    if wait is None or new > wait:
        if wait is not None and wait.peildatum < begun:
            place.before[key] = wait
        if newer:
            place.newest[key] = new
            place.known.pop(key, None)
        else:
            place.known[key] = new
        return True
    if new.peildatum < supply_day(wait.peildatum):
        earlier = place.before.get(key)
        if earlier is None or new > earlier:
            place.before[key] = new
            return True
    return False


def _part(place: Place, today: int, stands: float, missed: float) -> LocationWaits:
    return {key: _standing(place, key, today, stands, missed) for key in place.newest}


def _standing(place: Place, key: Key, today: int, every: float, missed: float) -> Standing:
    row = place.newest[key]
    stands = row.peildatum >= today - every
    unheard = not stands and row.peildatum >= today - missed
    wait = place.known.get(key, row)
    if wait.days < 0:
        return Standing(row, stands, unheard)
    before = place.before.get(key)
    gap = 0 if before is None else wait.peildatum - before.peildatum
    shorter = -1.0 if before is None or gap > missed else min(wait.days, before.days)
    holds = stands and wait is row
    # Two peildata follow each other unless they lie further apart than one stands; then nobody knows what was between.
    follows = (before.days, before.weight) if before is not None and gap <= every else (-1.0, -1.0)
    if not holds and wait.peildatum < today - missed:
        published = Published(wait.days, wait.weight, *follows, "expired")
        given_up = GivenUp(wait.days, shorter, wait.peildatum + int(missed) + 1)
        return Standing(row, stands, unheard, given_up=given_up, published=published)
    published = Published(wait.days, wait.weight, *follows, "reported" if holds else "carried")
    missed_days = -1.0 if holds else wait.days
    if shorter < 0:
        return Standing(row, stands, unheard, missed_days=missed_days, published=published)
    if holds and gap <= every:
        return Standing(row, stands, lasting=shorter, published=published)
    return Standing(row, stands, unheard, doubtful=shorter, missed_days=missed_days, published=published)


def _last(part: LocationWaits) -> Last | None:
    if all(one.stands and one.row.status != "unknown" for one in part.values()):
        return None
    return last_of((_view(one), day_start(one.row.peildatum)) for one in part.values())


def _view(one: Standing) -> View:
    """Return in which view a row first counts: a closed intake is told, a row that was left empty is not."""
    if one.stands and (one.row.status != "unknown" or (one.missed_days < 0 and one.given_up is None)):
        return "reported"
    return "carried" if one.missed or one.missed_days >= 0 else "expired"
