"""Stages fed as the shell feeds them: with the consumed records of one partition, in batches."""

from collections.abc import Iterable, Sequence

from aiokafka.structs import ConsumerRecord

from agents.engine.members import partition_of
from agents.engine.stage import Outgoing, StagePartition
from streams.control import CONTROL_KEY, TickerReset, encode_control
from streams.recording import Record
from streams.signature import Signed, SigningKeys
from streams.ticks import TICK_KEY, encode_tick
from streams.topics import REGION_STATUS


def consumed(
    log: Iterable[Record | TickerReset | int], topic: str, partition: int, partitions: int
) -> list[ConsumerRecord]:
    """What a worker fetches of one partition when a log of records, control records and ticks is written."""
    found = []
    for item in log:
        if isinstance(item, int):
            told = (item * 1000, TICK_KEY, encode_tick(item), ())
        elif isinstance(item, TickerReset):
            told = (item.at * 1000, CONTROL_KEY, encode_control(item), ())
        elif item.topic == topic and partition_of(item.key or b"", partitions) == partition:
            told = (item.timestamp, item.key, item.value, item.headers)
        else:
            continue
        found.append(_record(topic, partition, len(found), *told))
    return found


def consumed_ticks(
    topic: str, partition: int, ticks: Iterable[tuple[int, int]], keys: SigningKeys
) -> list[ConsumerRecord]:
    """What a worker fetches when ticks are written with a timestamp of their own, (tick, timestamp) in seconds."""
    found = []
    for at, timestamp in ticks:
        value, headers = encode_tick(at), ()
        if timestamp * 1000 >= keys.since:
            headers = keys.sign(Signed(topic, partition, timestamp * 1000, TICK_KEY, value))
        found.append(_record(topic, partition, len(found), timestamp * 1000, TICK_KEY, value, headers))
    return found


def on_status_log(written: Iterable[Outgoing]) -> list[ConsumerRecord]:
    """What a worker fetches of the status log when these were written to it."""
    own = [each for each in written if each.topic == REGION_STATUS]
    return [
        _record(REGION_STATUS, 0, offset, each.timestamp, each.key, each.value, each.headers)
        for offset, each in enumerate(own)
    ]


def through(stage: StagePartition, records: Sequence[ConsumerRecord], cuts: Iterable[int]) -> list[Outgoing]:
    """What a stage writes of these records, delivered in batches that end before each of the cuts, and at the end."""
    written: list[Outgoing] = []
    begin = 0
    for end in [*sorted(cuts), len(records)]:
        batch, taken = records[begin:end], 0
        while taken < len(batch):
            taken, outgoing = stage.handle(batch, taken)
            written += outgoing
        begin = end
    return written


def _record(topic, partition, offset, timestamp, key, value, headers) -> ConsumerRecord:
    sizes = (len(key or b""), len(value or b""))
    return ConsumerRecord(topic, partition, offset, timestamp, 0, key, value, None, *sizes, headers)
