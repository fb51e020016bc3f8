"""Health of the ticker, as docker compose asks for it: does every partition still get ticks?

Reports reach some partitions, ticks reach all of them; so if each one grew, the ticker works.
Run as `python -m deploy.compose.ticks_come`; exit code 0 if they come, 1 if not.
"""

import sys
import time

from kafka import TopicPartition

from streams.kafka import KafkaSettings
from streams.log_end import log_ends, partitions_of
from streams.topics import REPORT_TOPICS

PATIENCE_S = 5.0


def silent_partitions(settings: KafkaSettings, patience: float = PATIENCE_S) -> set[TopicPartition]:
    """Return the partitions of the report topics that got nothing for `patience` seconds.

    Raises:
        kafka.errors.KafkaError: the broker cannot be reached.
        TimeoutError: it does not answer.
    """
    partitions = partitions_of(settings, *REPORT_TOPICS)
    before = log_ends(settings, partitions)
    silent = set(partitions)
    deadline = time.monotonic() + patience
    while silent and time.monotonic() < deadline:
        now = log_ends(settings, silent)
        silent = {each for each in silent if now[each] <= before[each]}
    return silent


if __name__ == "__main__":
    sys.exit(bool(silent_partitions(KafkaSettings())))
