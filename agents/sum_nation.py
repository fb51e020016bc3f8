"""Stage 2, one agent: regional status entries in, those of the country and of the joins out, on the same topic."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agents.domain.country.alignment import Alignment
from agents.domain.country.joins.join import JoinState, SixHourly
from agents.domain.country.nation import Changes, NationState
from agents.domain.country.second_stage import SecondStage, follow
from agents.domain.losses import EntriesLost, lose_entries
from agents.door import Door
from agents.engine.snapshot import decode_state, encode_state
from agents.engine.stage import Incoming, Outgoing
from agents.fold_reports import outgoing_entry
from agents.status_entries import NOT_HANDLED, StatusEntries, turn_of
from alerts.norms import Norms
from streams.status import Indicator
from streams.topics import REGION_STATUS

PIECES: Mapping[str, Any] = {
    "regions": Alignment[list[Indicator]],
    "topics": Alignment[Changes],
    "nations": NationState,
    "joins": JoinState,
    "six_hourly": SixHourly,
}
"""What is put away of each field of the state; who passed which tick apart, since only that changes at every tick."""

LOST = "lost"
"""The piece that says what was gone before it was added up; there is none before anything was."""

_ENTRIES = 8
"""Added up at once, a millisecond or so."""


class NationPartition:
    """The country and the joins, topic by topic; `lost` is what was gone before it was added up."""

    def __init__(
        self, state: SecondStage, norms: Norms, entries: StatusEntries, lost: EntriesLost | None = None
    ) -> None:
        self.state = state
        self.lost = lost or EntriesLost()
        self._lost_saved = self.lost.count
        self.norms = norms
        self.entries = entries

    @property
    def at_barrier(self) -> bool:
        """Any record will do: entries that wait for others are part of the state."""
        return True

    @property
    def finalized(self) -> int:
        """As the folds say with their ticks."""
        return self.entries.finalized

    def urgency(self, _records: Sequence[Incoming], _start: int) -> int:
        """After the folds: reports wait for those, nothing waits for this."""
        return 2

    def handle(self, records: Sequence[Incoming], start: int) -> tuple[int, list[Outgoing]]:
        """Take some of the entries, pass over those of this stage; not all at once, for reports wait meanwhile."""
        outgoing: list[Outgoing] = []
        stop = turn_of(records, start, _ENTRIES)
        for entry in self.entries.of(records[start:stop]):
            if entry.stage == "fold":
                outgoing += [
                    outgoing_entry(each, self.entries.door.keys)
                    for each in follow(self.state, entry, self.norms)
                ]
        return stop, outgoing

    def pieces(self) -> dict[str, bytes | None]:
        """Return what changed, by field and topic or join."""
        changed, self.state.unsaved = self.state.unsaved, set()
        pieces: dict[str, bytes | None] = {
            f"{field}/{name}": encode_state(getattr(self.state, field)[name])
            for field, name in sorted(changed)
        }
        if self._lost_saved != self.lost.count:
            pieces |= self._lost()
            self._lost_saved = self.lost.count
        return pieces

    def whole(self) -> dict[str, bytes]:
        """Return all of it."""
        return {
            f"{field}/{name}": encode_state(state)
            for field in PIECES
            for name, state in getattr(self.state, field).items()
        } | self._lost()

    def lose(self, begin: int, end: int) -> None:
        """Count what was gone before it was added up."""
        lose_entries(self.lost, begin, end, self.passed())

    def passed(self) -> Iterator[int]:
        """Yield the tick that each region has passed in each topic."""
        for regions in self.state.regions.values():
            yield from regions.passed.values()

    def _lost(self) -> dict[str, bytes]:
        return {LOST: encode_state(self.lost)} if self.lost.count else {}

    def pass_over(self, record: Incoming, error: Exception) -> list[Outgoing]:
        """Count the entry; it stays where it stands."""
        self.entries.pass_over(NOT_HANDLED, record.offset, repr(error))
        return []


class SumNation:
    """Makes the one partition of the second stage; `held` is it while this worker has it."""

    name = "nation"
    source = REGION_STATUS
    from_beginning = True

    def __init__(self, norms: Norms, door: Door | None = None) -> None:
        self.norms = norms
        self.entries = StatusEntries(self.name, door or Door())
        self.held: NationPartition | None = None

    def make(self, _partition: int, pieces: dict[str, bytes]) -> NationPartition:
        """Return the stage from the pieces of its state, or an empty one."""
        state = SecondStage()
        lost = decode_state(pieces[LOST], EntriesLost) if LOST in pieces else None
        for piece in pieces.keys() - {LOST}:
            field, _, name = piece.partition("/")
            getattr(state, field)[name] = decode_state(pieces[piece], PIECES[field])
        self.held = NationPartition(state, self.norms, self.entries, lost)
        return self.held

    def dropped(self, partition: int) -> None:  # noqa: ARG002 - there is one
        """Forget it: another worker tells of it now."""
        self.held = None
