"""One join: what is known of the topics that it reads, and what it says of each region at a tick that all have passed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import msgspec

from agents.domain.country.joins.facts import PHASE, Facts
from agents.domain.country.joins.part import Part
from agents.domain.country.nation import Changes
from agents.domain.projection.course import Course
from alerts.norms import Norms
from streams.calendar import local_day, six_hours_at
from streams.indicators import indicator_key
from streams.joins import JOINS
from streams.moments import after_of, second_of
from streams.regions import REGIONS
from streams.status import Indicator, StatusEntry


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
