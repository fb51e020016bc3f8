"""One report partition without a worker around it: a record that it cannot handle is passed over, as a worker does.

What raised an error has left the state half changed. So what was put away last, in memory, is taken up again with what came since,
and the records of that stretch are taken one at a time (`agents.engine.doubt` does it for workers, from their snapshots).
"""

from collections.abc import Sequence

from agents.domain.counts import not_handled
from agents.domain.partition import PartitionState, receive_batch, tick
from agents.domain.registration import apply_control, take_lines
from agents.domain.skips import skip
from agents.partition_image import PartitionImage
from alerts.norms import Norms
from streams.codec import RefusedError
from streams.control import CONTROL_KEY, RegistryLines, decode_control
from streams.recording import Record
from streams.replay import no_part_of_a_log
from streams.status import StatusEntry
from streams.ticks import TICK_KEY, encode_tick

_KEEP_AFTER = 20_000
"""Records and ticks that are held to be taken again; then the state is put away anew, which costs what changed."""

Refused = list[tuple[Record, RefusedError]]
"""What could not be accepted, with why."""


class OfflinePartition:
    """A partition that is fed from a recording.

    Args:
        state: as it begins.
        norms: for how long reports are kept.
        own_log: what comes is its own log, so control records are those that took effect there.

    Attributes:
        state: as it stands.
        refused: what could not be accepted.
    """

    def __init__(self, state: PartitionState, norms: Norms, *, own_log: bool = False) -> None:
        self.state = state
        self.refused: Refused = []
        self._norms = norms
        self._take_control = _applied if own_log else _took_registry
        self._image = PartitionImage()
        self._kept: dict[str, bytes] = {}
        self._since: list[Sequence[Record] | int] = []
        self._held = 0
        self._keep()

    def receive(self, records: Sequence[Record]) -> None:
        """Take records, in order."""
        try:
            refused = self._taken(records)
        except Exception:  # noqa: BLE001 - whatever a record can do to a fold
            self._one_by_one(records)
            return
        self.refused += refused
        self._note(records, len(records))

    def tick(self, at: int) -> list[StatusEntry]:
        """Pass a tick: return what changed."""
        try:
            entries = tick(self.state, at, self._norms)
        except Exception as error:  # noqa: BLE001 - whatever a tick can do to it
            self._pass_over(Record(self.state.topic, TICK_KEY, at * 1000, (), encode_tick(at)), error)
            return []
        self._note(at, 1)
        return entries

    def skip(self, offset: int) -> None:
        """Pass over a record that was skipped in its log."""
        skip(self.state, offset, 1)
        self._keep()

    def refuse(self, record: Record) -> None:
        """Take a record that posed as a tick or control record in its log."""
        self.state.counts.dead_lettered += 1
        self.refused.append((record, no_part_of_a_log(record.key)))
        self._keep()

    def _taken(self, records: Sequence[Record]) -> Refused:
        state = self.state
        refused: list[tuple[int, RefusedError]] = []
        start = 0
        while (start := receive_batch(state, records, refused, self._norms, start)) < len(records):
            refusal = self._take_control(state, records[start])
            if refusal is not None:
                state.counts.dead_lettered += 1
                refused.append((start, refusal))
            start += 1
        return [(records[index], refusal) for index, refusal in refused]

    def _one_by_one(self, records: Sequence[Record]) -> None:
        self._go_back()
        for record in records:
            try:
                refused = self._taken([record])
            except Exception as error:  # noqa: BLE001 - whatever a record can do to a fold
                self._pass_over(record, error)
            else:
                self.refused += refused
                self._note([record], 1)

    def _pass_over(self, record: Record, error: Exception) -> None:
        self._go_back()
        self.state.counts.dead_lettered += 1
        self.refused.append((record, not_handled(error)))
        self._keep()

    def _note(self, came: Sequence[Record] | int, count: int) -> None:
        self._since.append(came)
        self._held += count
        if self._held >= _KEEP_AFTER:
            self._keep()

    def _keep(self) -> None:
        for name, piece in self._image.changed(self.state).items():
            if piece is None:
                self._kept.pop(name, None)
            else:
                self._kept[name] = piece
        self._since.clear()
        self._held = 0

    def _go_back(self) -> None:
        self._image = PartitionImage()
        self.state = self._image.restore(self._kept)
        for came in self._since:
            if isinstance(came, int):
                tick(self.state, came, self._norms)
            else:
                self._taken(came)
        self._keep()


def _applied(state: PartitionState, record: Record) -> RefusedError | None:
    """Let a control record take effect as it did in its own log; else return why it did not."""
    try:
        apply_control(state, decode_control(record.value))
    except RefusedError as refusal:
        return refusal
    except ValueError:
        return no_part_of_a_log(record.key)
    return None


def _took_registry(state: PartitionState, record: Record) -> RefusedError | None:
    """Put a part of a registry in force, as it did in the log that was recorded; refuse anything else."""
    try:
        control = decode_control(record.value)
        if record.key != CONTROL_KEY or not isinstance(control, RegistryLines):
            return no_part_of_a_log(record.key)
        take_lines(state, control)
    except ValueError:
        return no_part_of_a_log(record.key)
    return None
