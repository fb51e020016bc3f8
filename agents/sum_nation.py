"""Stage 2, one agent: regional status entries in, those of the country and of the joins out, on the same topic."""

from collections.abc import Mapping, Sequence
from typing import Any

from agents.domain.country.alignment import Alignment
from agents.domain.country.joins.join import JoinState, SixHourly
from agents.domain.country.nation import Changes, NationState
from agents.domain.country.second_stage import SecondStage, follow
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

_ENTRIES = 8
"""Added up at once, a millisecond or so."""


class NationPartition:
    """The country and the joins, topic by topic."""

    def __init__(self, state: SecondStage, norms: Norms, entries: StatusEntries) -> None:
        self.state = state
        self.norms = norms
        self.entries = entries

    @property
    def at_barrier(self) -> bool:
        """Any record will do: entries that wait for others are part of the state."""
        return True

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
        return {
            f"{field}/{name}": encode_state(getattr(self.state, field)[name])
            for field, name in sorted(changed)
        }

    def whole(self) -> dict[str, bytes]:
        """Return all of it."""
        return {
            f"{field}/{name}": encode_state(state)
            for field in PIECES
            for name, state in getattr(self.state, field).items()
        }

    def pass_over(self, record: Incoming, error: Exception) -> list[Outgoing]:
        """Count the entry; it stays where it stands."""
        self.entries.pass_over(NOT_HANDLED, record.offset, repr(error))
        return []


class SumNation:
    """Makes the one partition of the second stage."""

    name = "nation"
    source = REGION_STATUS

    def __init__(self, norms: Norms, door: Door | None = None) -> None:
        self.norms = norms
        self.entries = StatusEntries(self.name, door or Door())

    def make(self, _partition: int, pieces: dict[str, bytes]) -> NationPartition:
        """Return the stage from the pieces of its state, or an empty one."""
        state = SecondStage()
        for piece, data in pieces.items():
            field, _, name = piece.partition("/")
            getattr(state, field)[name] = decode_state(data, PIECES[field])
        return NationPartition(state, self.norms, self.entries)

    def dropped(self, partition: int) -> None:
        """Nothing of it is shown here."""
