"""One join: what is known of the topics that it reads, and what it says of each region at a tick that all have passed."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec

from agents.domain.country.joins.facts import PHASE, Facts
from agents.domain.country.nation import Changes
from agents.domain.figures.in_views import range_of, when_expired, with_stale
from agents.domain.projection.course import Course
from alerts.norms import Norms
from streams.calendar import local_day, six_hours_at
from streams.evidence import Bound, Silence
from streams.indicators import indicator_key
from streams.joins import JOINS
from streams.moments import after_of, second_of
from streams.regions import NL, REGIONS
from streams.status import Indicator, StatusEntry

_Found = dict[str, dict[str, Indicator]]
"""Indicators by region and key."""


@dataclass(frozen=True)
class Part:
    """Something that follows, computed again only when something that it reads changed.

    Where somebody fell silent in what it reads, it is computed three times: as told, with those who are missed, and with
    those who are given up as well.

    Attributes:
        name: its name within the join.
        reads: names of the indicators that it reads, besides the phase.
        of_region: what follows for one region from its own figures (and the country's phase), if it is such a part;
            else `of_all`: for any region from those of all, with the region. What is not yielded is not known.
        daily: whether it may change on a new day though nothing that it reads did.
        six_hourly: whether it is computed at the first tick of each six hours of the day, and only then.
        tells_silence: whether it says itself what the silent would change.
    """

    name: str
    reads: frozenset[str]
    of_region: Callable[[Facts, str], Iterable[Indicator]] | None = None
    of_all: Callable[[Facts], Iterable[tuple[str, Indicator]]] | None = None
    daily: bool = False
    six_hourly: bool = False
    tells_silence: bool = False

    def compute(self, facts: Facts, regions: Iterable[str]) -> _Found:
        """Return what follows for these regions, or for all of them at once, by region and key."""
        if self.of_region is None:
            return self._seen(facts, REGIONS, REGIONS)
        found: _Found = {}
        for region in regions:
            found |= self._seen(facts, (region,), {region, NL})
        return found

    def _seen(self, facts: Facts, regions: Iterable[str], read: Iterable[str]) -> _Found:
        """Return what follows for these regions from what is known of those that are read."""
        found = self._in_views(facts, regions, read)
        carried = () if self.tells_silence else facts.carried_in(self.reads, sorted(read))
        if not carried:
            return found
        # All at one bound, and each at the other: what follows grows or falls with a region's own figures, and grows or
        # falls with those of all others, so that its least and its most are among these.
        buts = ("", *(carried if len(carried) > 1 else ()))
        likely, possible = (
            [self._follows(replace(facts, bound=bound, but=but), regions) for but in buts for bound in pair]
            for pair in _PAIRS
        )
        in_range: _Found = {}
        for region, own in found.items():
            near = [side[region] for side in likely]
            # A region all of which reports is undecided by others only as far as those likely moved.
            far = [side[region] for side in possible] if region in carried or region == NL else near
            in_range[region] = {key: _in_range(key, one, near, far) for key, one in own.items()}
        return in_range

    def _in_views(self, facts: Facts, regions: Iterable[str], read: Iterable[str]) -> _Found:
        told = self._follows(facts, regions)
        silences = () if self.tells_silence else facts.silences(self.reads, read)
        if not silences:
            return told
        missed = self._follows(replace(facts, view="carried"), regions)
        given_up = self._follows(replace(facts, view="expired"), regions)
        at = self._when(facts, regions, silences, missed, given_up)
        found: _Found = {}
        for region, own in told.items():
            # What is not known with those who are missed is not known, whatever follows without them.
            known = [one for key, one in own.items() if key in missed[region]]
            with_all = [
                one for key, one in given_up[region].items() if key in missed[region] or key not in own
            ]
            every = with_stale(known, missed[region].values(), with_all, at[region])
            found[region] = _by_key(every)
        return found

    def _when(
        self,
        facts: Facts,
        regions: Iterable[str],
        silences: Collection[Silence],
        missed: _Found,
        given_up: _Found,
    ) -> dict[str, dict[str, int]]:
        """Return when the newest of those was given up who make a figure other, by region and key."""
        at: dict[str, dict[str, int]] = {region: {} for region in given_up}
        times = when_expired(silences)
        every = all(one.given_up_at or one.given_up == one.missed for one in silences)
        for since in times:
            open_ = [
                (region, key)
                for region, own in given_up.items()
                for key, found in own.items()
                if key not in at[region] and _value(missed[region].get(key)) != found.value
            ]
            if not open_:
                break
            if every and since == times[-1]:  # with all of them it has been computed already
                now = given_up
            else:
                now = self._follows(replace(facts, view="expired", since=since), regions)
            for region, key in open_:
                if _value(now[region].get(key)) != _value(missed[region].get(key)):
                    at[region][key] = since
        return at

    def _follows(self, facts: Facts, regions: Iterable[str]) -> _Found:
        if self.of_region is not None:
            return {region: _by_key(self.of_region(facts, region)) for region in regions}
        found: _Found = {region: {} for region in regions}
        for region, indicator in self.of_all(facts) if self.of_all is not None else ():
            found[region][indicator_key(indicator.name, indicator.labels)] = indicator
        return found


@dataclass(frozen=True)
class Join:
    """A join: its name in `streams.joins`, its parts, and what writes courses down for those that are six-hourly."""

    name: str
    parts: tuple[Part, ...]
    write_down: Callable[[dict[str, Course], Facts], None] | None = None

    @cached_property
    def reads(self) -> frozenset[str]:
        """Names of the indicators that any part reads."""
        return frozenset({PHASE}).union(*(part.reads for part in self.parts))

    @property
    def topics(self) -> tuple[str, ...]:
        """The report topics that it reads; the first one sets the pace."""
        return JOINS[self.name]

    def relevant(self, changes: Changes) -> Changes | None:
        """Return what it reads among the changes of a topic, or None if that is nothing."""
        reads = self.reads
        found = []
        for region, indicators in changes:
            own = [each for each in indicators if each.name in reads]
            if own:
                found.append((region, own))
        return found or None


_PAIRS: tuple[tuple[Bound, Bound], ...] = (("low", "high"), ("least", "most"))

_Side = Mapping[str, Indicator]


def _in_range(
    key: str, found: Indicator, likely: Collection[_Side], possible: Collection[_Side]
) -> Indicator:
    """Return a figure with what it may be by now, if that is more than one value."""
    if found.value is None:
        return found
    none = msgspec.structs.replace(found, value=None)
    own = range_of(
        found.value, [side.get(key, none) for side in likely], [side.get(key, none) for side in possible]
    )
    if own.least == own.most == found.value and own.completeness == found.completeness:
        return found
    return msgspec.structs.replace(found, range=own)


def _value(found: Indicator | None) -> float | None:
    return None if found is None else found.value


def _by_key(indicators: Iterable[Indicator]) -> dict[str, Indicator]:
    return {indicator_key(found.name, found.labels): found for found in indicators}


class JoinState(msgspec.Struct):
    """State of one join.

    Attributes:
        known: latest figures that it reads, by region and key.
        said: its indicators as last said, by part, region and key.
        phases: the phase in force in each region; empty where none is known.
        day: local day for which it was last computed, 0 before the first.
    """

    known: dict[str, dict[str, Indicator]] = {}
    said: dict[str, dict[str, dict[str, Indicator]]] = {}
    phases: dict[str, str] = {}
    day: int = 0


class SixHourly(msgspec.Struct):
    """What a join knows and says that changes every six hours only: large, so put away apart.

    Attributes:
        courses: beds of the last weeks by `region/unit`.
        said: indicators as last said, by part, region and key.
        six_hours: number of the six hours for which they were computed, 0 before the first.
    """

    courses: dict[str, Course] = {}
    said: dict[str, dict[str, dict[str, Indicator]]] = {}
    six_hours: int = 0


def join_entries(
    join: Join,
    state: JoinState,
    slow: SixHourly,
    moment: int,
    changes: Iterable[tuple[str, Changes]],
    norms: Norms,
) -> Iterator[StatusEntry]:
    """Take what changed up to a moment; yield the entries of the regions, each region named once, one an entry's phase."""
    at, after = second_of(moment), after_of(moment)
    said = _said(join, state, slow, at, changes, norms)
    entries = {
        region: StatusEntry(
            "join", join.name, -1, region, at, said[region], phase=state.phases.get(region, ""), after=after
        )
        for region in REGIONS
        if said.get(region)
    }
    quiet: dict[str, list[str]] = {}
    for region in REGIONS:
        if region not in entries:
            quiet.setdefault(state.phases.get(region, ""), []).append(region)
    for entry in entries.values():
        yield msgspec.structs.replace(entry, also=quiet.pop(entry.phase, []))
    for phase, (first, *others) in quiet.items():
        yield StatusEntry("join", join.name, -1, first, at, [], others, phase, after)


def _said(
    join: Join,
    state: JoinState,
    slow: SixHourly,
    at: int,
    changes: Iterable[tuple[str, Changes]],
    norms: Norms,
) -> dict[str, list[Indicator]]:
    """Return what changed in what the join says, by region; one that is not known any more has the value null."""
    changed = _take_in(state, changes)
    today = local_day(at)
    new_day = today != state.day and bool(state.known)
    anew = join.write_down is not None and bool(state.known) and six_hours_at(at) != slow.six_hours
    if not changed and not new_day and not anew:
        return {}
    state.day = today
    facts = Facts(state.known, at, norms, courses=slow.courses)
    if anew and join.write_down is not None:
        slow.six_hours = six_hours_at(at)
        join.write_down(slow.courses, facts)
    turned = PHASE in changed
    if turned:
        state.phases = {
            region: phase.phase for region in REGIONS if (phase := facts.phase(region)) is not None
        }
    said: dict[str, list[Indicator]] = {}
    for part in join.parts:
        if part.six_hourly:
            regions = set(REGIONS) if anew else set()
        elif turned or (new_day and part.daily):
            regions = set(REGIONS)
        else:
            regions = {region for name, own in changed.items() if name in part.reads for region in own}
        if regions:
            now = part.compute(facts, sorted(regions & REGIONS.keys()))
            held = (slow if part.six_hourly else state).said.setdefault(part.name, {})
            for region, own in now.items():
                said.setdefault(region, []).extend(_differences(held.get(region, {}), own))
                held[region] = own
    return said


def _take_in(state: JoinState, changes: Iterable[tuple[str, Changes]]) -> dict[str, set[str]]:
    """Keep what changed; return in which regions, by name."""
    changed: dict[str, set[str]] = {}
    for _, regions in changes:
        for region, indicators in regions:
            known = state.known.setdefault(region, {})
            for indicator in indicators:
                known[indicator_key(indicator.name, indicator.labels)] = indicator
                changed.setdefault(indicator.name, set()).add(region)
    return changed


def _differences(before: dict[str, Indicator], now: dict[str, Indicator]) -> Iterator[Indicator]:
    for key, found in now.items():
        if before.get(key) != found:
            yield found
    for key, held in before.items():
        if key not in now:
            yield msgspec.structs.replace(held, value=None, silence=None, range=None, evidence=None)
