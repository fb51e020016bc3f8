"""Stage 1, one agent a report topic: reports and ticks in, status entries and dead letters out."""

from collections.abc import Sequence

from agents.domain.counts import not_handled
from agents.domain.losses import lose
from agents.domain.partition import PartitionState, empty_partition, receive_batch, tick
from agents.domain.registration import apply_control
from agents.domain.skips import skip, too_late
from agents.door import Door, of_tomorrow
from agents.engine.formats import FORMAT
from agents.engine.members import members_of
from agents.engine.stage import HandledAlreadyError, Incoming, Outgoing
from agents.partition_image import PartitionImage, whole
from alerts.norms import Norms
from streams.codec import RefusedError
from streams.control import CONTROL_KEY, AnyControl, Skip, UpgradeFinalize
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

    @property
    def finalized(self) -> int:
        """As a control record in this partition said."""
        return self.state.finalized

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
                self._apply(record, self.door.control_of(state.topic, state.partition, record))
                return start + 1, []
        except RefusedError as refusal:
            state.counts.dead_lettered += offsets_of(record)
            return start + 1, [_dead_letter(state, record, refusal)]
        if ahead < len(records):
            records = records[:ahead]
        refused: list[tuple[int, RefusedError]] = []
        stop = receive_batch(state, records, refused, self.norms, start, self.door.source_keys)
        return stop, [_dead_letter(state, records[index], refusal) for index, refusal in refused]

    def _apply(self, record: Incoming, control: AnyControl) -> None:
        if isinstance(control, Skip):
            if control.offset >= record.offset:
                raise RefusedError(
                    "not-a-control", f"it skips {control.offset}, which does not stand before it"
                )
            if control.offset not in self.state.skipped:
                raise HandledAlreadyError(control.offset)
        if isinstance(control, UpgradeFinalize) and control.format > FORMAT:
            # Kept, it would let the first worker of that version leave the format that the others read.
            raise RefusedError(
                "not-a-control",
                f"format {control.format} is of a later version than this worker's; upgrade all of them, then write it again",
            )
        apply_control(self.state, control)

    def pieces(self) -> dict[str, bytes | None]:
        """Return what changed of the partition."""
        return self._image.changed(self.state)

    def whole(self) -> dict[str, bytes]:
        """Return the partition."""
        return whole(self.state)

    def pass_over(self, record: Incoming, error: Exception) -> list[Outgoing]:
        """Count the record and put it with the dead letters."""
        self._after_tick = False
        self.state.counts.dead_lettered += offsets_of(record)
        return [_dead_letter(self.state, record, _refusal_of(error))]

    def skip(self, offset: int, record: Incoming | None) -> None:
        """Count the record, which stays where it stands."""
        self._after_tick = False
        counts = record is not None and not self._is_no_report(record)
        skip(self.state, offset, offsets_of(record) if counts else 0)

    def lose(self, begin: int, end: int) -> None:
        """Count what was gone before it was read."""
        self._after_tick = False
        lose(self.state, begin, end)

    def _is_no_report(self, record: Incoming) -> bool:
        """Return whether it is a tick or a control record, which nobody counts."""
        place = (self.state.topic, self.state.partition)
        try:
            if record.key == TICK_KEY:
                self.door.tick_of(*place, record)
            elif record.key == CONTROL_KEY:
                self.door.control_of(*place, record)
            else:
                return False
        except RefusedError:
            return False
        return True


class FoldReports:
    """Makes the partitions of one report topic; `held` are those of this worker."""

    from_beginning = False
    """Reports say again what stands, and a figure says on whom it rests."""

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

    def skipped_by(self, partition: int, record: Incoming) -> int | None:
        """Return the offset that a control record skips; None where it says something else, or does not count."""
        try:
            if self.door.first_ahead([record], 0) == 0:
                return None
            control = self.door.control_of(self.source, partition, record)
        except RefusedError:
            return None
        return control.offset if isinstance(control, Skip) and control.offset < record.offset else None


def _refusal_of(error: Exception) -> RefusedError:
    if isinstance(error, HandledAlreadyError):
        return too_late(error.offset)
    return not_handled(error)


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
