"""The three stages in one process: fold, second stage, judge. For backtest, status and tests.

The Faust agents call the same functions, one stage an agent; here they follow each other at every tick.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, product
from operator import attrgetter
from typing import Any, get_args

from agents.domain.country.second_stage import SecondStage, follow
from agents.domain.counts import OUTCOMES, Counts
from agents.domain.partition import (
    PartitionState,
    empty_partition,
)
from agents.domain.registration import hold, unknown_senders
from agents.offline import OfflinePartition, Refused
from agents.offline_stage import OfflineStage
from alerts.doubts import doubt_views
from alerts.judge import judge
from alerts.judged import Judged, JudgeState
from alerts.norms import Norms
from alerts.overview import breach_views, indicator_views
from alerts.unjudged import silent_views, unjudged_views
from alerts.worst import worst_of
from streams.calendar import iso, local_day
from streams.moments import second_of
from streams.recorded_log import PartitionLog, Stretch, in_order
from streams.recording import Record, RecordingHeader
from streams.regions import REGIONS
from streams.registry.registry import Registry
from streams.silent import of_silence
from streams.status import BreachState, RegionOverview, StatusEntry, Transition
from streams.topics import REPORT_TOPICS

_BATCH = 1000
"""Records that are taken at once; between two ticks it makes no difference how many."""


class Pipeline:
    """Every partition, the second stage and the judge, fed with one log.

    Args:
        norms: what is judged by.
        registry: who may say what from the first record on; None: anybody.
        header: of a recording of a log as it stood, which `play_logs` plays; None for any other.
        members: regions whose reports stand in each partition of a topic.

    Attributes:
        counts: what became of the records so far.
        other: how many records came of each topic that carries no reports; they change nothing.
        last_tick: second of the last tick, 0 before the first.
        at_day_end: called with the last tick of each local day, once the first tick of a later one comes.
    """

    def __init__(
        self,
        norms: Norms,
        registry: Registry | None = None,
        header: RecordingHeader | None = None,
        members: Sequence[tuple[str, ...]] = (tuple(REGIONS),),
    ) -> None:
        self.norms = norms
        self._parts: dict[tuple[str, int], OfflinePartition] = {}
        self._skipped = {} if header is None else header.skipped
        for topic, (number, regions) in product(REPORT_TOPICS, enumerate(members)):
            state = empty_partition(topic, number, regions)
            hold(state, registry)
            self._parts[topic, number] = OfflinePartition(state, norms, own_log=header is not None)
        self._nation = OfflineStage("nation", SecondStage(), lambda state, entry: follow(state, entry, norms))
        self._judge = OfflineStage("judge", JudgeState(), lambda state, entry: [judge(state, entry, norms)])
        self.other: dict[str, int] = {}
        self.last_tick = 0
        self.at_day_end: Callable[[int], None] = lambda _: None
        self.overviews: dict[str, RegionOverview] = {}

    @property
    def partitions(self) -> dict[str, PartitionState]:
        """The state of each topic; of each partition, as topic/number, where there are more."""
        several = len(self._parts) > len(REPORT_TOPICS)
        return {
            f"{topic}/{number}" if several else topic: part.state
            for (topic, number), part in self._parts.items()
        }

    @property
    def refused(self) -> Refused:
        """What could not be accepted, with its record; topic by topic."""
        return [each for part in self._parts.values() for each in part.refused]

    @property
    def second(self) -> SecondStage:
        """The state of the second stage."""
        return self._nation.state

    @property
    def judged(self) -> JudgeState:
        """The state of the judge."""
        return self._judge.state

    @property
    def passed_over(self) -> dict[str, list[tuple[StatusEntry, Exception]]]:
        """Status entries at which the second stage or the judge failed, with what was raised; workers count them by stage too."""
        return {stage.name: stage.passed_over for stage in (self._nation, self._judge)}

    @property
    def counts(self) -> Counts:
        """What became of the records, over all topics."""
        totals = Counts()
        for partition in self.partitions.values():
            for outcome in OUTCOMES:
                setattr(totals, outcome, getattr(totals, outcome) + getattr(partition.counts, outcome))
        return totals

    @property
    def unknown_senders(self) -> set[str]:
        """Sources that nobody registered: refused, or where there is no registry not watched for silence."""
        return set().union(*map(unknown_senders, self.partitions.values()))

    def receive(self, *records: Record) -> None:
        """Take records, in order."""
        by_topic: defaultdict[str, list[Record]] = defaultdict(list)
        for record in records:
            by_topic[record.topic].append(record)
        for (topic, _), partition in self._parts.items():
            own = by_topic.pop(topic, None)
            if own:
                partition.receive(own)
        for topic, others in by_topic.items():
            self.other[topic] = self.other.get(topic, 0) + len(others)

    def receive_in(self, topic: str, partition: int, *records: Record) -> None:
        """Take records of one partition, in order."""
        self._parts[topic, partition].receive(records)

    def tick(self, at: int) -> list[Transition]:
        """Pass a tick everywhere; return the transitions it causes, by region, norm, scope and step."""
        self._come_to(at)
        transitions = [each for part in self._parts.values() for each in self._tick(part, at)]
        return sorted(transitions, key=order)

    def _come_to(self, at: int) -> None:
        last = self.last_tick
        if last and local_day(at) > local_day(last):
            self.at_day_end(last)
        self.last_tick = at

    def _tick(self, part: OfflinePartition, at: int) -> Iterator[Transition]:
        for entry in part.tick(at):
            for each in (entry, *self._nation.handle(entry)):
                for transitions, overviews in self._judge.handle(each):
                    self.overviews.update((overview.region, overview) for overview in overviews)
                    yield from transitions

    def play(self, log: Iterable[Record | list[Record] | int]) -> Iterator[Transition]:
        """Play a log of records, one by one or in stretches, and ticks; yield the transitions as they become known."""
        waiting: list[Record] = []
        for item in log:
            if isinstance(item, int):
                self.receive(*waiting)
                waiting.clear()
                yield from self.tick(item)
                continue
            if isinstance(item, list):
                waiting += item
            else:
                waiting.append(item)
            if len(waiting) >= _BATCH:
                self.receive(*waiting)
                waiting.clear()
        self.receive(*waiting)

    def play_logs(self, logs: Sequence[PartitionLog], until: int | None = None) -> Iterator[Transition]:
        """Play partitions as they stood, up to a second if one is given; yield the transitions as they become known."""
        for moment, stretches in groupby(in_order(logs), key=attrgetter("moment")):
            if until is not None and second_of(moment) > until:
                return
            self._come_to(second_of(moment))
            transitions: list[Transition] = []
            for stretch in stretches:
                part = self._parts.get((stretch.log.topic, stretch.log.partition))
                if part is None:
                    topic = stretch.log.topic
                    self.other[topic] = self.other.get(topic, 0) + len(stretch.records)
                    continue
                self._receive_as_it_stood(part, stretch)
                if stretch.tick is not None:
                    transitions += self._tick(part, stretch.tick)
            yield from sorted(transitions, key=order)

    def _receive_as_it_stood(self, part: OfflinePartition, stretch: Stretch) -> None:
        skipped = self._skipped.get(stretch.log.place, ())
        waiting: list[Record] = []
        for each in stretch.records:
            if each.counts and each.offset not in skipped:
                waiting.append(each.record)
                continue
            part.receive(waiting)
            waiting = []
            if each.counts:
                part.skip(each.offset)
            else:
                part.refuse(each.record)
        part.receive(waiting)

    def status(self, at: int) -> dict[str, Any]:
        """Return what is known of every region, as `ketenwacht status --json` prints it."""
        regions = {}
        for name in REGIONS:
            region = self.judged.regions.get(name) or Judged()
            indicators = indicator_views(region)
            breaches = breach_views(region, name, self.norms)
            unjudged = unjudged_views(region, name, self.norms)
            regions[name] = {
                "state": worst_of(breaches, unjudged, indicators),
                "indicators": indicators,
                "breaches": breaches,
                **of_silence(silent_views(region), unjudged, doubt_views(region)),
            }
        return {"at": iso(at), "regions": regions}


_STATES = get_args(BreachState)


def order(transition: Transition) -> tuple[str, str, str, str, int, int, int]:
    """Return the sorting key of a transition: when, where, which norm, then its place in the episode."""
    return (
        transition.at,
        transition.region,
        transition.norm,
        transition.scope,
        transition.count,
        _STATES.index(transition.state),
        transition.step,
    )


def episode_order(transition: Transition) -> tuple[str, int, int, int]:
    """Return the sorting key by breach id: the episode, then the order within its life."""
    return (transition.episode, transition.count, _STATES.index(transition.state), transition.step)
