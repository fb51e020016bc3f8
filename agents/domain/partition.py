"""One partition of a report topic: its regions, its last tick, and the count of what became of each record.

Always: applied + duplicate + late + dead_lettered = records received (ticks are not counted).
"""

import msgspec

from agents.domain.region import UNPLACED, Outcome, RegionState, empty_region, fold, region_of, status
from alerts.norms import Norms
from streams.calendar import local_day, seconds
from streams.codec import RefusedError, decode_report
from streams.regions import NL
from streams.reports import Report
from streams.status import StatusEntry

CLOCK_SKEW_MAX_MS = 86_400_000
"""How far a time in a record may lie after the record's own timestamp."""


class Counts(msgspec.Struct):
    """What became of the records of a partition."""

    applied: int = 0
    duplicate: int = 0
    late: int = 0
    dead_lettered: int = 0
    ticks: int = 0

    @property
    def total(self) -> int:
        """Every record that was received, without ticks."""
        return self.applied + self.duplicate + self.late + self.dead_lettered


class PartitionState(msgspec.Struct):
    """State of one partition.

    Attributes:
        topic: report topic.
        partition: its number.
        members: regions of the catalogue whose key lies in this partition; each gets an entry at each tick.
        regions: their state, once there is any.
        last_tick: second of the last tick, 0 before the first.
        counts: what became of the records.
    """

    topic: str
    partition: int
    members: tuple[str, ...]
    regions: dict[str, RegionState]
    last_tick: int = 0
    counts: Counts = msgspec.field(default_factory=Counts)


def empty_partition(topic: str, partition: int, members: tuple[str, ...]) -> PartitionState:
    """Return a partition in which nothing has happened."""
    everyone = (*members, UNPLACED) if NL in members else members
    return PartitionState(topic, partition, everyone, {})


def receive(state: PartitionState, key: bytes | None, value: bytes | None, timestamp: int) -> Outcome:
    """Take one record (no tick) into the partition; `timestamp` is the record's own, in milliseconds.

    Raises:
        RefusedError: it cannot be accepted and belongs in the dead-letter topic; it is counted as such.
    """
    try:
        report = decode_report(state.topic, key, value)
        _refuse_from_the_future(report, timestamp)
        name = _member(state, report)
    except RefusedError:
        state.counts.dead_lettered += 1
        raise
    region = state.regions.get(name)
    if region is None:
        region = state.regions[name] = empty_region(state.topic)
        # What is late does not depend on whether the region was heard before.
        region.day = local_day(state.last_tick) if state.last_tick else 0
    outcome = fold(state.topic, region, report)
    counts = state.counts
    if outcome == "applied":
        counts.applied += 1
    elif outcome == "duplicate":
        counts.duplicate += 1
    else:
        counts.late += 1
    return outcome


def _refuse_from_the_future(report: Report, timestamp: int) -> None:
    # A source that was last heard in 2099 would never be missed again.
    if seconds(report.received_at) * 1000 > timestamp + CLOCK_SKEW_MAX_MS:
        raise RefusedError(
            "impossible-time",
            f"`received_at` {report.received_at} lies more than a day after the record was written; check the clock",
        )


def _member(state: PartitionState, report: Report) -> str:
    name = region_of(report)
    if name not in state.members:
        raise RefusedError(
            "wrong-partition", f"{name} does not belong in partition {state.partition}; let the key choose it"
        )
    return name


def tick(state: PartitionState, at: int, norms: Norms) -> list[StatusEntry]:
    """Pass a tick: return what changed, every member named once; nothing if `at` is not after the last tick."""
    if at <= state.last_tick:
        return []
    state.last_tick = at
    state.counts.ticks += 1
    entries = []
    quiet = []
    for name in state.members:
        region = state.regions.get(name)
        changes = [] if region is None else status(state.topic, name, region, at, norms)
        if changes:
            entries.append(StatusEntry("fold", state.topic, state.partition, name, at, changes))
        else:
            quiet.append(name)
    if quiet:
        first = entries[0] if entries else StatusEntry("fold", state.topic, state.partition, quiet.pop(0), at)
        entries[:1] = [msgspec.structs.replace(first, also=quiet)]
    return entries
