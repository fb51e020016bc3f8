"""The status entries in a batch of `care.region-status`, for the stages that read it."""

from collections.abc import Iterable, Iterator

import msgspec
import structlog

from agents.engine.stage import Incoming
from streams.status import StatusEntry, decode_entry

log = structlog.get_logger()


def status_entries(records: Iterable[Incoming]) -> Iterator[StatusEntry]:
    """Yield the entries in their order; what is none is named in the log and passed over."""
    for record in records:
        try:
            yield decode_entry(record.value or b"")
        except msgspec.MsgspecError as error:
            log.error("not a status entry, passed over", offset=record.offset, error=str(error))  # noqa: TRY400
