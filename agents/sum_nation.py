"""Stage 2, one agent: regional status entries in, the country's status entries out, on the same topic."""

from collections.abc import Sequence

from agents.domain.nation import NationState, nation
from agents.engine.snapshot import decode_state, encode_state
from agents.engine.stage import Incoming, Outgoing
from agents.fold_reports import outgoing_entry
from agents.status_entries import status_entries
from streams.topics import REGION_STATUS

_ENTRIES = 8
"""Added up at once, a millisecond or so."""


class NationPartition:
    """The country, topic by topic."""

    def __init__(self, states: dict[str, NationState]) -> None:
        self.states = states
        self._changed: set[str] = set()

    @property
    def at_barrier(self) -> bool:
        """Any record will do: entries that wait for others are part of the state."""
        return True

    def urgency(self, _records: Sequence[Incoming], _start: int) -> int:
        """After the folds: reports wait for those, nothing waits for this."""
        return 2

    def handle(self, records: Sequence[Incoming], start: int) -> tuple[int, list[Outgoing]]:
        """Take some of the regions' entries, pass over the country's own; not all at once, for reports wait meanwhile."""
        outgoing: list[Outgoing] = []
        stop = min(start + _ENTRIES, len(records))
        for entry in status_entries(records[start:stop]):
            if entry.stage == "fold":
                state = self.states.setdefault(entry.topic, NationState())
                self._changed.add(entry.topic)
                outgoing += [outgoing_entry(national) for national in nation(state, entry)]
        return stop, outgoing

    def pieces(self) -> dict[str, bytes | None]:
        """Return the country as told by each topic that said something."""
        changed, self._changed = self._changed, set()
        return {topic: encode_state(self.states[topic]) for topic in sorted(changed)}


class SumNation:
    """Makes the one partition of the national stage."""

    name = "nation"
    source = REGION_STATUS

    def make(self, _partition: int, pieces: dict[str, bytes]) -> NationPartition:
        """Return the country from the pieces of its state, or an empty one."""
        return NationPartition({topic: decode_state(piece, NationState) for topic, piece in pieces.items()})

    def dropped(self, partition: int) -> None:
        """Nothing of it is shown here."""
