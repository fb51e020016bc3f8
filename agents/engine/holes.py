"""Offsets of a topic without a record: whether they are looked for again before they are stepped over.

A log that is compacted or written in transactions has such offsets. But the embedded broker, while two producers write to
a partition, may show a later batch before the one in front of it: who steps over that has lost it, for the log has no hole.
So who finds one reads again, for half a second; what is missing then is not there, and this topic has holes.
"""

import structlog

from agents.delivery.batch import Batch

log = structlog.get_logger()

_LOOKS = 10
LOOK_AGAIN_SECONDS = 0.05
"""Between two looks at the same place."""


class Holes:
    """What a worker knows of the holes of one topic.

    Args:
        stage: who reads it, for the log.

    Attributes:
        are_real: whether the topic has offsets without a record; they are stepped over then.
    """

    def __init__(self, stage: str) -> None:
        self.stage = stage
        self.are_real = False
        self._looks: dict[int, tuple[int, int]] = {}

    def look(self, batch: Batch, next_offset: int) -> int | None:
        """Return the offset from which to read again; None if the batch can be handled whole."""
        missing = None if self.are_real else batch.first_missing(next_offset)
        if missing is None:
            return None
        at, looks = self._looks.get(batch.tp.partition, (missing, 0))
        looks = looks + 1 if at == missing else 1
        self._looks[batch.tp.partition] = missing, looks
        if looks == 1:
            self._say("records are missing in what the broker gave, looking again", batch, missing)
        elif looks > _LOOKS:
            self.are_real = True
            self._say("this log has offsets without a record, they are stepped over", batch, missing)
            return None
        return missing

    def _say(self, what: str, batch: Batch, missing: int) -> None:
        log.info(what, stage=self.stage, partition=batch.tp.partition, missing_from=missing)
