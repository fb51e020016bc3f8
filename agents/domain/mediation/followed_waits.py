"""The waits as they are told, for those who look something up: the same fold, and nothing is judged.

A tick here only forgets what is too old; that costs once a day what a fold pays at every tick.
"""

import contextlib
from collections.abc import Mapping, Sequence

from agents.domain.partition import PartitionState, empty_partition, receive_batch
from agents.domain.region import FOLDINGS
from agents.domain.waits.waiting_times import Place, WaitingTimesState
from alerts.norms import Norms
from streams.calendar import local_day
from streams.codec import RefusedError
from streams.control import CONTROL_KEY, TickerReset, control_that_counts
from streams.regions import REGIONS
from streams.signature import Signed, SigningKeys
from streams.ticks import TICK_KEY, tick_that_counts
from streams.topics import WAITING_TIMES
from streams.written import Written


class FollowedWaits:
    """What every location tells of its waits, out of the partitions of `care.waiting-times`.

    Attributes:
        at: newest tick of any partition, 0 before the first.
        records: how many reports were read.
    """

    def __init__(self, norms: Norms) -> None:
        self._norms = norms
        self.at = 0
        self.records = 0
        self._partitions: dict[int, PartitionState] = {}

    @property
    def places(self) -> Mapping[str, Mapping[str, Place]]:
        """By region, and the pseudo-region of what lies in no network, what each location told."""
        return {
            name: region.body.places
            for partition in self._partitions.values()
            for name, region in partition.regions.items()
            if isinstance(region.body, WaitingTimesState)
        }

    def receive(self, partition: int, records: Sequence[Written]) -> None:
        """Take records of a partition in their order, ticks among them; what cannot be accepted is passed over."""
        state = self._state(partition)
        reports = [record for record in records if record.key != TICK_KEY]
        self.records += len(reports)
        if not reports:  # a quiet topic is ticks for weeks, and the newest says it all
            records = records[-1:]
        refused: list[tuple[int, RefusedError]] = []
        start = 0
        while (start := receive_batch(state, records, refused, self._norms, start)) < len(records):
            with contextlib.suppress(ValueError):  # does not count: the fold's worker puts it aside
                self._pass(partition, records[start])
            start += 1

    def _pass(self, partition: int, record: Written) -> None:
        """Pass a tick, or let the time begin again; who wrote it is asked by those who judge, and this page has no key."""
        written = Signed(WAITING_TIMES, partition, record.timestamp, record.key, record.value)
        if record.key == CONTROL_KEY:
            control = control_that_counts(written, (), SigningKeys())
            if isinstance(control, TickerReset):
                self.at = self._state(partition).last_tick = control.at
            return
        self.tick(partition, tick_that_counts(written, (), SigningKeys()))

    def tick(self, partition: int, at: int) -> None:
        """Pass a tick: forget what is too old."""
        state = self._state(partition)
        self.at = max(self.at, at)
        if at <= state.last_tick:
            return
        state.last_tick = at
        today = local_day(at)
        for region in state.regions.values():
            if region.day != today:
                FOLDINGS[WAITING_TIMES].advance(region.body, today, self._norms)
                region.day = today
                region.feeds.received.clear()
                region.feeds.old.clear()
                if isinstance(region.body, WaitingTimesState):
                    region.body.parts.touched.clear()

    def _state(self, partition: int) -> PartitionState:
        state = self._partitions.get(partition)
        if state is None:
            # Every region may be a member: which partition a key falls in is the writer's affair.
            state = self._partitions[partition] = empty_partition(WAITING_TIMES, partition, tuple(REGIONS))
        return state
