"""Every stage as workers hold it, in one process: fed by partition, put away as snapshots and taken up from them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from aiokafka.structs import ConsumerRecord

from agents.engine.snapshot import SnapshotStore
from agents.engine.stage import Outgoing, StageFactory
from agents.fold_reports import FoldReports
from agents.judge_status import JudgeStatus
from agents.sum_nation import SumNation
from alerts.norms import Norms
from streams.topics import REGION_STATUS, REPORT_TOPICS
from tests.support.stages import on_status_log

Changelogs = dict[str, dict[bytes, bytes]]
"""What stands in the changelog of each stage."""

PARTITIONS = 4
"""Of each report topic, on the clusters that the kept states come from."""

PARTS: tuple[tuple[str, int], ...] = tuple(
    (topic, partition) for topic in REPORT_TOPICS for partition in range(PARTITIONS)
)
"""Every report partition."""


class Held:
    """One partition of a stage: its state, its snapshots, and the offset of what comes next."""

    def __init__(self, factory: StageFactory, partition: int, changelog: dict[bytes, bytes]) -> None:
        self.changelog = changelog
        self.store = SnapshotStore(partition)
        pieces = self.store.load(changelog)
        if changelog and self.store.next_offset is None:
            raise ValueError(f"{factory.name}: today's code does not read this snapshot")
        self.stage = factory.make(partition, pieces)
        self.next_offset = self.store.next_offset or 0

    def take(self, records: Sequence[ConsumerRecord]) -> Iterator[Outgoing]:
        """Take records that come next, and yield what is written because of each step."""
        taken = 0
        while taken < len(records):
            stop, written = self.stage.handle(records, taken)
            self.next_offset += stop - taken
            taken = stop
            yield from written

    def put_away(self) -> None:
        """Write the snapshot to the changelog, the head last."""
        records, key, head = self.store.save(self.next_offset, self.stage.pieces())
        for name, value in [*records.items(), (key, head)]:
            self.changelog.pop(name, None)
            if value is not None:
                self.changelog[name] = value


class Workers:
    """All stages, new or from their changelogs, which are written to when they are put away."""

    def __init__(self, norms: Norms, changelogs: Changelogs) -> None:
        reports = {topic: FoldReports(topic, PARTITIONS, norms) for topic in REPORT_TOPICS}
        nation, judge = SumNation(norms), JudgeStatus(norms)
        logs = {
            made.name: changelogs.setdefault(made.name, {}) for made in (*reports.values(), nation, judge)
        }
        self.folds = {
            (topic, partition): Held(reports[topic], partition, logs[reports[topic].name])
            for topic, partition in PARTS
        }
        self.nation = Held(nation, 0, logs[nation.name])
        self.judge = Held(judge, 0, logs[judge.name])

    def play(self, arrived: Mapping[tuple[str, int], Sequence[ConsumerRecord]]) -> list[Outgoing]:
        """Take what arrived in each report partition, and return everything that is written.

        The status log holds the entries by tick, then by topic and partition; those of the country and the joins
        follow the entry that completes them.
        """
        written: list[Outgoing] = []
        for part, records in arrived.items():
            held = self.folds[part]
            numbered = [replace(one, offset=held.next_offset + at) for at, one in enumerate(records)]
            written += held.take(numbered)
        for entry in sorted(written, key=lambda each: each.timestamp):
            if entry.topic == REGION_STATUS:
                following = self._follow(entry)
                written += following
                written += self.judge.take(on_status_log([entry, *following]))
        return written

    def _follow(self, entry: Outgoing) -> list[Outgoing]:
        following = list(self.nation.take(on_status_log([entry])))
        list(self.nation.take(on_status_log(following)))  # its own are passed over
        return following

    def put_away(self) -> None:
        """Write the snapshots of all partitions."""
        for held in (*self.folds.values(), self.nation, self.judge):
            held.put_away()
