"""Stage 1, one agent a report topic: reports and ticks in, status entries and dead letters out."""

from collections.abc import Sequence

from agents.domain.partition import PartitionState, empty_partition, receive_batch, tick
from agents.domain.registration import apply_control
from agents.door import Door, of_tomorrow
from agents.engine.members import members_of
from agents.engine.stage import Incoming, Outgoing
from agents.partition_image import PartitionImage, whole
from alerts.norms import Norms
from streams.codec import RefusedError
from streams.control import CONTROL_KEY
from streams.damaged import offsets_of
from streams.dead_letter import Place, dead_letter
from streams.entry_check import sign_entry
from streams.signature import SigningKeys
from streams.status import StatusEntry, encode
from streams.ticks import LATEST_TICK, TICK_KEY
from streams.topics import REGION_STATUS, dead_letter_topic


class FoldPartition:
    """One partition of one report topic."""

    def __init__(self, state: PartitionState, image: PartitionImage, norms: Norms, door: Door) -> None:
        self.state = state
        self.norms = norms
        self.door = door
        self._image = image
        self._after_tick = True
        self._busy = False

    @property
    def at_barrier(self) -> bool:
        """Right after a tick: then nothing waits to be said."""
        return self._after_tick

    def urgency(self, records: Sequence[Incoming], start: int) -> int | None:
        """Reports are taken at once; of ticks, those first behind which reports wait or will: some came before it."""
        if records[start].key != TICK_KEY:
            return None
        return 0 if self._busy or len(records) - start > 1 else 1

    def handle(self, records: Sequence[Incoming], start: int) -> tuple[int, list[Outgoing]]:
        """Fold reports, or pass a tick or a control record; what is refused goes to the dead-letter topic."""
        state, record = self.state, records[start]
        is_tick = record.key == TICK_KEY
        self._busy = not is_tick
        ahead = self.door.first_ahead(records, start)
        try:
            if ahead == start:
                raise of_tomorrow(record)
            if is_tick:
                at = self.door.tick_of(state.topic, state.partition, record)
                self._after_tick = True
                return start + 1, [
                    outgoing_entry(entry, self.door.keys) for entry in tick(state, at, self.norms)
                ]
            self._after_tick = False
            if record.key == CONTROL_KEY:
                apply_control(state, self.door.control_of(state.topic, state.partition, record))
                return start + 1, []
        except RefusedError as refusal:
            state.counts.dead_lettered += offsets_of(record)
            return start + 1, [_dead_letter(state, record, refusal)]
        if ahead < len(records):
            records = records[:ahead]
        refused: list[tuple[int, RefusedError]] = []
        stop = receive_batch(state, records, refused, self.norms, start, self.door.source_keys)
        return stop, [_dead_letter(state, records[index], refusal) for index, refusal in refused]

    def pieces(self) -> dict[str, bytes | None]:
        """Return what changed of the partition."""
        return self._image.changed(self.state)

    def whole(self) -> dict[str, bytes]:
        """Return the partition."""
        return whole(self.state)

    def pass_over(self, record: Incoming, error: Exception) -> list[Outgoing]:
        """Count the record and put it with the dead letters."""
        self._after_tick = False
        why = f"{type(error).__name__}: {error}; the fault is ours: keep it, and requeue it with a later version"
        self.state.counts.dead_lettered += offsets_of(record)
        return [_dead_letter(self.state, record, RefusedError("not-handled", why))]


class FoldReports:
    """Makes the partitions of one report topic; `held` are those of this worker."""

    def __init__(self, topic: str, partitions: int, norms: Norms, door: Door | None = None) -> None:
        self.name = f"fold-{topic.removeprefix('care.')}"
        self.source = topic
        self.partitions = partitions
        self.norms = norms
        self.door = door or Door()
        self.held: dict[int, FoldPartition] = {}

    def make(self, partition: int, pieces: dict[str, bytes]) -> FoldPartition:
        """Return a partition from the pieces of its state, or an empty one."""
        image = PartitionImage()
        held = image.restore(pieces) if pieces else self._empty(partition)
        self.held[partition] = FoldPartition(held, image, self.norms, self.door)
        return self.held[partition]

    def _empty(self, partition: int) -> PartitionState:
        return empty_partition(self.source, partition, members_of(partition, self.partitions))

    def dropped(self, partition: int) -> None:
        """Forget a partition that another worker has now."""
        self.held.pop(partition, None)


def outgoing_entry(entry: StatusEntry, keys: SigningKeys) -> Outgoing:
    """Return the record of a status entry, signed where there are keys."""
    value = encode(entry)
    headers = sign_entry(entry, value, keys)
    return Outgoing(REGION_STATUS, entry.region.encode(), value, entry.at * 1000, headers, partition=0)


def _dead_letter(state: PartitionState, record: Incoming, refusal: RefusedError) -> Outgoing:
    place = Place(state.topic, state.partition, record.offset, record.timestamp)
    letter = dead_letter(record, refusal, place)
    at = min(max(record.timestamp, 0), LATEST_TICK * 1000)
    return Outgoing(dead_letter_topic(state.topic), letter.key, letter.value, at, letter.headers, partition=0)
