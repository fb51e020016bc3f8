"""Which regions live in which partition: Kafka's own partitioner over the region ids."""

from aiokafka.partitioner import murmur2

from streams.regions import REGIONS


def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition that producers must choose for a key: murmur2, as Java and kafka-python do."""
    return int(murmur2(key) & 0x7FFFFFFF) % partitions


def members_of(partition: int, partitions: int) -> tuple[str, ...]:
    """Return the regions whose records stand in a partition, in catalogue order."""
    return tuple(name for name in REGIONS if partition_of(name.encode(), partitions) == partition)
