"""Keeps a log readable while something fails many times a second.

A client of a broker that is away says so at every try, hundreds of times a second: an hour of that would push what
matters out of any log that is kept by size.
"""

import logging
import time
from collections.abc import Callable

from aiokafka.errors import KafkaError
from typing_extensions import override

_REPEAT_SECONDS = 10.0


class CalmLog(logging.Filter):
    """Lets a message through once in ten seconds, and says with the next how many were left out.

    Messages are the same if logger and text are, before values are filled in.

    Args:
        clock: seconds of a clock that never goes back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._shown: dict[tuple[str, str], tuple[float, int]] = {}

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is shown."""
        key = (record.name, str(record.msg))
        now = self._clock()
        shown_at, left_out = self._shown.get(key, (float("-inf"), 0))
        if now - shown_at < _REPEAT_SECONDS:
            self._shown[key] = shown_at, left_out + 1
            return False
        self._shown[key] = now, 0
        if left_out:
            record.msg = f"{record.msg} ({left_out} more like this in {now - shown_at:.0f} s)"
        return True


class InALine(logging.Filter):
    """Leaves out the stack where all there is to say is that a broker does not answer, and trying again may help."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Return true: the record is shown."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, KafkaError) and error.retriable:
            record.exc_info = record.exc_text = None
        return True


def keep_calm(package: str) -> None:
    """Calm every logger of a package that has been imported; a filter on its root would not see its children."""
    calm = CalmLog()
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == package:
            logging.getLogger(name).addFilter(calm)
