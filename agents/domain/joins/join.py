"""One join: what is known of the topics that it reads, and what it says of each region at a tick that all have passed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import msgspec

from agents.domain.joins.facts import PHASE, Facts
from agents.domain.nation import Changes
from alerts.norms import Norms
from streams.calendar import local_day
from streams.indicators import indicator_key
from streams.joins import JOINS
from streams.regions import REGIONS
from streams.status import Indicator, StatusEntry

Results = Iterable[tuple[str, Indicator]]
"""Regions with what follows for them; an indicator that is not among them is not known."""


@dataclass(frozen=True)
class Join:
    """How a join follows.

    Attributes:
        name: its name, in `streams.joins`.
        reads: names of the indicators that it reads, besides the phase.
        compute: from what is known, all that follows.
        daily: whether that may change on a new day though nothing that it reads did.
    """

    name: str
    reads: frozenset[str]
    compute: Callable[[Facts], Results]
    daily: bool = False

    @property
    def topics(self) -> tuple[str, ...]:
        """The report topics that it reads; the first one sets the pace."""
        return JOINS[self.name]

    def relevant(self, changes: Changes) -> Changes | None:
        """Return what it reads among the changes of a topic, or None if that is nothing."""
        found = []
        for region, indicators in changes:
            own = [each for each in indicators if each.name in self.reads or each.name == PHASE]
            if own:
                found.append((region, own))
        return found or None


class JoinState(msgspec.Struct):
    """State of one join.

    Attributes:
        known: latest figures that it reads, by region and key.
        said: its indicators as last said, by region and key.
        phases: the phase in force in each region; empty where none is known.
        day: local day for which it was last computed, 0 before the first.
    """

    known: dict[str, dict[str, Indicator]] = {}
    said: dict[str, dict[str, Indicator]] = {}
    phases: dict[str, str] = {}
    day: int = 0


def join_entries(
    join: Join, state: JoinState, at: int, changes: Iterable[tuple[str, Changes]], norms: Norms
) -> Iterator[StatusEntry]:
    """Take what changed up to a tick; yield the entries of the regions, each region named once, one an entry's phase."""
    said = _said(join, state, at, changes, norms)
    entries = {
        region: StatusEntry(
            "join", join.name, -1, region, at, said[region], phase=state.phases.get(region, "")
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
        yield StatusEntry("join", join.name, -1, first, at, [], others, phase)


def _said(
    join: Join, state: JoinState, at: int, changes: Iterable[tuple[str, Changes]], norms: Norms
) -> dict[str, list[Indicator]]:
    """Return what changed in what the join says, by region; one that is not known any more has the value null."""
    changed = False
    for _, regions in changes:
        for region, indicators in regions:
            known = state.known.setdefault(region, {})
            for indicator in indicators:
                known[indicator_key(indicator.name, indicator.labels)] = indicator
                changed = True
    today = local_day(at)
    if not changed and (not join.daily or today == state.day or not state.known):
        return {}
    state.day = today
    facts = Facts(state.known, at, norms)
    state.phases = {region: phase[0] for region in REGIONS if (phase := facts.phase(region)) is not None}
    now: dict[str, dict[str, Indicator]] = {}
    for region, found in join.compute(facts):
        now.setdefault(region, {})[indicator_key(found.name, found.labels)] = found
    said, state.said = state.said, now
    return {
        region: [
            *(found for key, found in own.items() if before.get(key) != found),
            *(msgspec.structs.replace(held, value=None) for key, held in before.items() if key not in own),
        ]
        for region in REGIONS
        if (own := now.get(region, {})) != (before := said.get(region, {}))
    }
