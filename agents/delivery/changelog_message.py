"""One record of a changelog, as Faust takes it into a table."""

from typing import Any

from faust.types import TP
from faust.types.tuples import ConsumerMessage

from streams.damaged import DamagedRecord

_NOBODYS_KEY = b"-"


def changelog_message(tp: TP, record: Any, generation_id: int) -> Any:
    """Return the message of a record that aiokafka parsed.

    What cannot be read, and what has no key, which ends Faust, is no record of ours; but a recovery waits for every
    offset, so it travels as one that deletes a key that nobody has.
    """
    ours = not isinstance(record, DamagedRecord) and record.key is not None
    return ConsumerMessage(
        tp.topic,
        tp.partition,
        record.offset,
        record.timestamp / 1000.0,
        0,
        (),
        record.key if ours else _NOBODYS_KEY,
        record.value if ours else None,
        None,
        tp=tp,
        generation_id=generation_id,
    )
