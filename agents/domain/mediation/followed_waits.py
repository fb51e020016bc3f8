"""The waits as they are told, for those who look something up: the same door and fold, and nothing is judged.

A tick here only forgets what is too old; that costs once a day what a fold pays at every tick.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from agents.domain.partition import PartitionState, empty_partition, receive_batch
from agents.domain.region import FOLDINGS, RegionState
from agents.domain.registration import take_lines
from agents.domain.speakers.registered import aside
from agents.domain.waits.waiting_times import Place, WaitingTimesState
from alerts.norms import Norms
from streams.calendar import local_day
from streams.codec import RefusedError
from streams.control import CONTROL_KEY, RegistryLines, TickerReset, control_that_counts
from streams.regions import REGIONS
from streams.registry.registry import Registry
from streams.signature import Signed, SigningKeys
from streams.ticks import TICK_KEY, tick_that_counts
from streams.topics import WAITING_TIMES
from streams.written import Written


class FollowedWaits:
    """What every location tells of its waits, out of the partitions of `care.waiting-times`.

    Args:
        norms: how long waits are kept.
        registry: who may say what from the beginning; another takes its place where the log says so.
        keys: who may write ticks and control records; without any, everybody.
        source_keys: of the sources that sign; None asks for no signature, as of a recording.

    Attributes:
        at: newest tick of any partition, 0 before the first.
        records: how many reports were read.
    """

    def __init__(
        self,
        norms: Norms,
        registry: Registry | None = None,
        keys: SigningKeys | None = None,
        source_keys: SigningKeys | None = None,
    ) -> None:
        self._norms = norms
        self._registry = registry
        self._keys = keys or SigningKeys()
        self._source_keys = source_keys
        self.at = 0
        self.records = 0
        self._partitions: dict[int, PartitionState] = {}

    @property
    def places(self) -> Mapping[str, Mapping[str, Place]]:
        """By region, and the pseudo-region of what lies in no network, what each location told that counts there."""
        return {
            name: self._counted(partition.registry, name, region)
            for partition in self._partitions.values()
            for name, region in partition.regions.items()
            if isinstance(region.body, WaitingTimesState)
        }

    def _counted(self, registry: Registry | None, name: str, region: RegionState) -> Mapping[str, Place]:
        places: Mapping[str, Place] = cast("WaitingTimesState", region.body).places
        if registry is None:
            return places
        others = aside(registry, region.speakers, name, local_day(self.at), region.speakers.gone)
        return {location: place for location, place in places.items() if location not in others}

    def receive(self, partition: int, records: Sequence[Written]) -> None:
        """Take records of a partition in their order, ticks among them; what cannot be accepted is passed over."""
        state = self._state(partition)
        reports = [record for record in records if record.key != TICK_KEY]
        self.records += len(reports)
        if not reports:  # a quiet topic is ticks for weeks, and the newest that counts says it all
            any(self._passed(partition, record) for record in reversed(records))
            return
        refused: list[tuple[int, RefusedError]] = []
        start = 0
        while (start := receive_batch(state, records, refused, self._norms, start, self._source_keys)) < len(
            records
        ):
            self._passed(partition, records[start])
            start += 1

    def _passed(self, partition: int, record: Written) -> bool:
        """Pass a tick or a control record; return whether it counts, by the rule of the worker, who puts others aside."""
        written = Signed(WAITING_TIMES, partition, record.timestamp, record.key, record.value)
        try:
            if record.key != CONTROL_KEY:
                self.tick(partition, tick_that_counts(written, record.headers, self._keys))
            elif isinstance(control := control_that_counts(written, record.headers, self._keys), TickerReset):
                self.at = self._state(partition).last_tick = control.at
            elif isinstance(control, RegistryLines):
                take_lines(self._state(partition), control)
        except ValueError:
            return False
        return True

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
            state.registry = self._registry
        return state
