"""Health of the ticker, as docker compose asks for it: does every partition still get ticks?

Reports reach some partitions, ticks reach all of them; so if each one grew, the ticker works.
Run as `python -m deploy.compose.ticks_come`; exit code 0 if they come, 1 if not.
"""

import sys
import time

from kafka import KafkaConsumer, TopicPartition

from streams.kafka import KafkaSettings
from streams.log_end import partitions_of
from streams.topics import REPORT_TOPICS

PATIENCE_S = 5.0
_LOOK_SECONDS = 0.1


def silent_partitions(settings: KafkaSettings, patience: float = PATIENCE_S) -> set[TopicPartition]:
    """Return the partitions of the report topics that got nothing for `patience` seconds.

    Raises:
        kafka.errors.KafkaError: the broker cannot be reached.
        TimeoutError: it does not answer.
    """
    partitions = partitions_of(settings, *REPORT_TOPICS)
    silent = set(partitions)
    # Not `streams.log_end`, which reads: a ticker may write to these topics, and ask how far they are.
    with KafkaConsumer(**settings.consumer()) as consumer:
        before = consumer.end_offsets(partitions)
        deadline = time.monotonic() + patience
        while silent and time.monotonic() < deadline:
            now = consumer.end_offsets(list(silent))
            silent = {each for each in silent if now[each] <= before[each]}
            time.sleep(_LOOK_SECONDS)
    return silent


if __name__ == "__main__":
    sys.exit(bool(silent_partitions(KafkaSettings())))
