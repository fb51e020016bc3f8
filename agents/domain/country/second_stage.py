"""The second stage: the country's totals of each topic, and the joins, at a tick once every region has passed it.

Regional entries come in any order between topics and partitions; what goes out at a tick depends on the entries up to
that tick only. A topic is complete at a tick when all regions passed it there; a join when all its topics are.
"""

from collections.abc import Iterator, Mapping

import msgspec

from agents.domain.country.alignment import Alignment
from agents.domain.country.joins.access import ACCESS
from agents.domain.country.joins.agreements import AGREEMENTS
from agents.domain.country.joins.beds import BEDS
from agents.domain.country.joins.join import Join, JoinState, SixHourly, join_entries
from agents.domain.country.joins.scaling_up import SCALING_UP
from agents.domain.country.nation import MEMBERS, Changes, NationState, nation
from alerts.norms import Norms
from streams.entry_room import ALWAYS_FITS, split
from streams.regions import NL
from streams.status import Indicator, StatusEntry
from streams.topics import REPORT_TOPICS

ALL_JOINS: Mapping[str, Join] = {join.name: join for join in (AGREEMENTS, BEDS, SCALING_UP, ACCESS)}
"""Every join by name."""

_READERS: Mapping[str, tuple[Join, ...]] = {
    topic: tuple(join for join in ALL_JOINS.values() if topic in join.topics) for topic in REPORT_TOPICS
}


class SecondStage(msgspec.Struct, dict=True):
    """State of the second stage.

    Attributes:
        regions: by topic, which region passed which tick.
        topics: by join, which topic is complete at which tick.
        nations: the country by topic.
        joins: what each join knows and said.
        six_hourly: what changes every six hours of that, of the joins that have any.
    """

    regions: dict[str, Alignment[list[Indicator]]] = {}
    topics: dict[str, Alignment[Changes]] = {}
    nations: dict[str, NationState] = {}
    joins: dict[str, JoinState] = {}
    six_hourly: dict[str, SixHourly] = {}

    def __post_init__(self) -> None:
        """Begin with nothing to put away: (field, name) of what changed since somebody last emptied it."""
        self.unsaved: set[tuple[str, str]] = set()


def follow(state: SecondStage, entry: StatusEntry, norms: Norms) -> list[StatusEntry]:
    """Take a region's entry; return the entries of the country and the joins for the ticks that are now complete.

    A region's tick at or before its last one is a repeat and does nothing.
    """
    topic, moment = entry.topic, entry.moment
    regions = state.regions.get(topic)
    if regions is None:
        regions = state.regions[topic] = Alignment()
    state.unsaved.add(("regions", topic))
    for region in (entry.region, *entry.also):
        change = entry.indicators if region == entry.region and entry.indicators else None
        regions.take(region, moment, change, sets_pace=region == NL)
    entries = []
    for tick, due in regions.complete(len(MEMBERS)):
        changes = _fitting(regions, tick, due)
        held = state.nations.get(topic)
        if held is None:
            held = state.nations[topic] = NationState()
        if changes:
            state.unsaved.add(("nations", topic))
        entries.append(nation(held, topic, tick, changes))
        for join in _READERS[topic]:
            entries += _pass(state, join, topic, tick, changes, norms)
    return entries


def _fitting(regions: Alignment[list[Indicator]], tick: int, due: Changes) -> Changes:
    """Return the changes that fit into the country's entry; the others come with its next tick."""
    if sum(len(indicators) for _, indicators in due) <= ALWAYS_FITS:
        return due
    fits, _ = split([indicator for _, indicators in due for indicator in indicators])
    room = len(fits)
    changes: Changes = []
    for region, indicators in due:
        changes.append((region, indicators[:room]))
        if indicators[room:]:
            before = regions.waiting.get(tick, {}).get(region, ())
            regions.wait(region, tick, [*before, *indicators[room:]])
        room -= min(room, len(indicators))
    return changes


def _pass(
    state: SecondStage, join: Join, topic: str, tick: int, changes: Changes, norms: Norms
) -> Iterator[StatusEntry]:
    """Let a topic pass a tick for a join."""
    name = join.name
    topics = state.topics.get(name)
    if topics is None:
        topics = state.topics[name] = Alignment()
    state.unsaved.add(("topics", name))
    topics.take(topic, tick, join.relevant(changes), sets_pace=topic == join.topics[0])
    for at, due in topics.complete(len(join.topics)):
        held = state.joins.get(name)
        if held is None:
            held = state.joins[name] = JoinState()
        slow = SixHourly() if join.write_down is None else state.six_hourly.setdefault(name, SixHourly())
        day, six_hours = held.day, slow.six_hours
        yield from join_entries(join, held, slow, at, due, norms)
        if due or held.day != day:
            state.unsaved.add(("joins", name))
        if slow.six_hours != six_hours:
            state.unsaved.add(("six_hourly", name))
