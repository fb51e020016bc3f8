"""Stage 2, one agent: regional status entries in, the country's status entries out, on the same topic."""

import msgspec
import structlog

from agents.domain.nation import NationState, nation
from agents.engine.snapshot import decode_state, encode_state
from agents.engine.stage import Incoming, Outgoing
from agents.fold_reports import outgoing_entry
from streams.status import decode_entry
from streams.topics import REGION_STATUS

log = structlog.get_logger()


class NationPartition:
    """The country, topic by topic."""

    def __init__(self, states: dict[str, NationState]) -> None:
        self.states = states

    @property
    def at_barrier(self) -> bool:
        """Any record will do: entries that wait for others are part of the state."""
        return True

    def handle(self, record: Incoming) -> list[Outgoing]:
        """Take a region's entry; pass over the country's own."""
        try:
            entry = decode_entry(record.value or b"")
        except msgspec.MsgspecError as error:
            log.error("not a status entry, passed over", offset=record.offset, error=str(error))  # noqa: TRY400
            return []
        if entry.stage != "fold":
            return []
        state = self.states.setdefault(entry.topic, NationState())
        return [outgoing_entry(national) for national in nation(state, entry)]

    def dump(self) -> bytes:
        """Return the state of the country."""
        return encode_state(self.states)


class SumNation:
    """Makes the one partition of the national stage."""

    name = "nation"
    source = REGION_STATUS

    def make(self, _partition: int, state: bytes | None) -> NationPartition:
        """Return the country from its dumped state, or an empty one."""
        return NationPartition({} if state is None else decode_state(state, dict[str, NationState]))

    def dropped(self, partition: int) -> None:
        """Nothing of it is shown here."""
