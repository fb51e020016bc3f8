"""The three stages in one process: fold, nation, judge. For backtest, status and tests.

The Faust agents call the same functions, one stage an agent; here they follow each other at every tick.
"""

from collections.abc import Iterable, Iterator

from agents.domain.nation import NationState, nation
from agents.domain.partition import Counts, PartitionState, empty_partition, receive, tick
from alerts.judge import JudgeState, breach_views, indicator_views, judge
from alerts.norms import Norms
from streams.calendar import iso
from streams.codec import RefusedError
from streams.recording import Record
from streams.regions import REGIONS
from streams.status import RegionOverview, StatusEntry, Transition
from streams.ticks import TICK_KEY
from streams.topics import REPORT_TOPICS


class Pipeline:
    """Every partition, the nation and the judge, fed with one log.

    Attributes:
        counts: what became of the records so far.
        refused: what could not be accepted, with its record.
        other: records of topics that carry no reports.
    """

    def __init__(self, norms: Norms) -> None:
        self.norms = norms
        self.partitions: dict[str, PartitionState] = {
            topic: empty_partition(topic, 0, tuple(REGIONS)) for topic in REPORT_TOPICS
        }
        self.nations: dict[str, NationState] = {topic: NationState() for topic in REPORT_TOPICS}
        self.judged = JudgeState()
        self.refused: list[tuple[Record, RefusedError]] = []
        self.other = 0
        self.overviews: dict[str, RegionOverview] = {}

    @property
    def counts(self) -> Counts:
        """What became of the records, over all topics."""
        totals = Counts()
        for partition in self.partitions.values():
            totals.applied += partition.counts.applied
            totals.duplicate += partition.counts.duplicate
            totals.late += partition.counts.late
            totals.dead_lettered += partition.counts.dead_lettered
        return totals

    def receive(self, record: Record) -> None:
        """Take one record."""
        partition = self.partitions.get(record.topic)
        if partition is None:
            self.other += 1
            return
        if record.key == TICK_KEY:
            partition.counts.dead_lettered += 1
            why = "a log brings its ticks itself; only a ticker may use this key"
            self.refused.append((record, RefusedError("not-a-tick", why)))
            return
        try:
            receive(partition, record.key, record.value, record.timestamp)
        except RefusedError as refusal:
            self.refused.append((record, refusal))

    def tick(self, at: int) -> list[Transition]:
        """Pass a tick everywhere; return the transitions it causes, by region, norm, scope and step."""
        transitions = []
        for topic, partition in self.partitions.items():
            for entry in tick(partition, at, self.norms):
                transitions += self._judge(entry)
                for national in nation(self.nations[topic], entry):
                    transitions += self._judge(national)
        return sorted(transitions, key=order)

    def _judge(self, entry: StatusEntry) -> list[Transition]:
        transitions, overviews = judge(self.judged, entry, self.norms)
        self.overviews.update((overview.region, overview) for overview in overviews)
        return transitions

    def play(self, log: Iterable[Record | int]) -> Iterator[Transition]:
        """Play a log of records and ticks; yield the transitions in the order in which they become known."""
        for item in log:
            if isinstance(item, int):
                yield from self.tick(item)
            else:
                self.receive(item)

    def status(self, at: int) -> dict[str, object]:
        """Return what is known of every region, as `ketenwacht status --json` prints it."""
        regions = {}
        for name in REGIONS:
            region = self.judged.regions.get(name)
            regions[name] = {
                "indicators": [] if region is None else indicator_views(region),
                "breaches": [] if region is None else breach_views(region, name, self.norms),
            }
        return {"at": iso(at), "regions": regions}


_STATES = ("pending", "active", "step", "resolved")


def order(transition: Transition) -> tuple[str, str, str, str, int, int]:
    """Return the sorting key of a transition: when, where, which norm, then its place in the episode."""
    return (
        transition.at,
        transition.region,
        transition.norm,
        transition.scope,
        _STATES.index(transition.state),
        transition.step,
    )


def episode_order(transition: Transition) -> tuple[str, int, int]:
    """Return the sorting key by breach id: the episode, then the order within its life."""
    return (transition.episode, _STATES.index(transition.state), transition.step)
