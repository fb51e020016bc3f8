"""Lets go of a kafka-python producer within some seconds, whatever it still holds and wherever its brokers are.

As it comes, it waits for two minutes, and says once more that it timed out when the interpreter ends.
"""

import contextlib
from typing import Any

from kafka.errors import KafkaTimeoutError


def let_go(producer: Any, seconds: float) -> None:
    """Write what waits, for so many seconds at most, then close a `kafka.KafkaProducer`; what is left is given up.

    Whoever must know whether a record was written waits for its future before.
    """
    try:
        producer.flush(timeout=seconds)
    except KafkaTimeoutError:
        producer._sender.force_close()  # noqa: SLF001 - it offers no other way
    with contextlib.suppress(KafkaTimeoutError):
        producer.close(timeout=seconds)
