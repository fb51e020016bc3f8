"""Plays a log into Kafka: every record to its topic, every tick to every partition of every report topic.

A log brings its ticks itself. A record in it that a worker would take for a tick or a control record goes to the dead letters, as the backtest
refuses it: written to its topic, it would put the clock of one partition forward. A tick that lies in the future, such as
the last one of a recording of today, is written as of now: brokers refuse it otherwise.

Order within a partition is the order of the log. Before a tick is written, everything that precedes it has
been handed to the same connection, so no record can fall behind its tick.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kafka import KafkaProducer, TopicPartition

from streams.control import CONTROL_KEY, Skip, decode_control
from streams.control_writer import ControlAt, control_record
from streams.dead_letter import Place, dead_letter
from streams.kafka import KafkaSettings
from streams.letting_go import let_go
from streams.recorded_log import PartitionLog, Recorded, in_order
from streams.recording import Record, RecordingHeader
from streams.registry.applied import registry_controls
from streams.registry.registry import Registry
from streams.replay import no_part_of_a_log
from streams.signature import SigningKeys
from streams.ticks import TICK_KEY, decode_tick, encode_tick, sign_tick
from streams.topics import REPORT_TOPICS, dead_letter_topic

_FLUSH_EVERY = 5_000
_FLUSH_SECONDS = 150.0
"""A backstop: the producer itself gives up what it could not deliver in 120 s."""
_LAST_SECONDS = 5.0
"""Who is closed was asked to end, and does not wait for a broker that is away."""
_NAP_SECONDS_MAX = 0.25


@dataclass
class Played:
    """What was written so far.

    Attributes:
        records: records of the log, with those that were refused.
        refused: of them, posed as a tick or control record: they are dead letters, which no worker counts.
        ticks: ticks, each counted once.
        last_tick: the last of them, in seconds.
    """

    records: int = 0
    refused: int = 0
    ticks: int = 0
    last_tick: int = 0


class Player:
    """Writes to a broker until closed.

    Args:
        settings: where Kafka is.
        partitions: partition count of the report topics.
        keys: ticks and control records are signed with the newest of them that holds.
    """

    def __init__(self, settings: KafkaSettings, partitions: int, keys: SigningKeys | None = None) -> None:
        self.partitions = partitions
        self.keys = keys or SigningKeys()
        self.played = Played()
        # One request in flight: a retried batch must not overtake the next one.
        self._producer: Any = KafkaProducer(
            **settings.producer(), linger_ms=5, retries=20, max_in_flight_requests_per_connection=1
        )
        self._pending: list[Any] = []

    def record(self, record: Record) -> None:
        """Write one record with its own timestamp."""
        self._send(record, None)
        self.played.records += 1

    def tick(self, at: int, spread_seconds: float = 0.0) -> None:
        """Write one tick to every partition of every report topic, spread over so many seconds."""
        value = encode_tick(at)
        for partition in range(self.partitions):
            if partition and spread_seconds:
                time.sleep(spread_seconds / self.partitions)
            for topic in REPORT_TOPICS:
                headers = sign_tick(topic, partition, at, self.keys)
                self._send(Record(topic, TICK_KEY, at * 1000, headers, value), partition)
        self.played.ticks += 1
        self.played.last_tick = at

    def registry(self, registry: Registry, at: int) -> None:
        """Let a registry take effect in every partition of every report topic, before what is written next.

        Args:
            registry: what holds from here on.
            at: second at which it takes effect.
        """
        for control in registry_controls(registry, at):
            for partition in range(self.partitions):
                for topic in REPORT_TOPICS:
                    self._send(control_record(ControlAt(topic, partition, control), self.keys), partition)

    def play(
        self,
        log: Iterable[Record | int],
        speed: float | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Played:
        """Write a whole log.

        Args:
            log: records and ticks in order.
            speed: how many seconds of the log pass in a second; None goes as fast as it can.
            stop: asked between records; true ends the play early.
        """
        pace = Pace(speed, stop)
        for item in log:
            if stop():
                break
            pace.wait_until(item if isinstance(item, int) else item.timestamp / 1000)
            if isinstance(item, int):
                self.tick(min(item, int(time.time())))
            elif poses_as_tick(item):
                self._dead_letter(item)
            else:
                self.record(item)
        self.flush()
        return self.played

    def play_logs(
        self,
        logs: Sequence[PartitionLog],
        header: RecordingHeader,
        ends: Mapping[TopicPartition, int],
        speed: float | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Played:
        """Write partitions as they stood, each to its own partition.

        Control records are signed anew. A record that was skipped is followed at once by a skip: no snapshot can come between.

        Args:
            logs: the partitions.
            header: of their recording.
            ends: where each partition of the cluster ends.
            speed: how many seconds of the log pass in a second; None goes as fast as it can.
            stop: asked between ticks; true ends the play early.
        """
        offsets = dict(ends)
        pace = Pace(speed, stop)
        for stretch in in_order(logs):
            if stop():
                break
            if stretch.tick is not None:
                pace.wait_until(stretch.tick)
            skipped = header.skipped.get(stretch.log.place, ())
            place = TopicPartition(stretch.log.topic, stretch.log.partition)
            for each in stretch.records:
                for record in self._as_it_stood(
                    each, place, offsets[place] if each.offset in skipped else None
                ):
                    self._send(record, place.partition)
                    offsets[place] += 1
            if stretch.tick is not None:
                self._tick_in(place.topic, place.partition, min(stretch.tick, int(time.time())))
                offsets[place] += 1
        self.flush()
        return self.played

    def _as_it_stood(self, each: Recorded, place: TopicPartition, skipped_at: int | None) -> Iterator[Record]:
        """Yield what is written of a record; `skipped_at` is where it comes to stand if it is to be skipped."""
        record = each.record
        if not each.counts:
            self._dead_letter(record)
        elif record.key != CONTROL_KEY:
            self.played.records += 1
            yield record
            if skipped_at is not None:
                skip = Skip(at=record.timestamp // 1000, offset=skipped_at)
                yield control_record(ControlAt(place.topic, place.partition, skip), self.keys)
        elif not isinstance(control := decode_control(record.value), Skip):
            yield control_record(ControlAt(place.topic, place.partition, control), self.keys)

    def _tick_in(self, topic: str, partition: int, at: int) -> None:
        headers = sign_tick(topic, partition, at, self.keys)
        self._send(Record(topic, TICK_KEY, at * 1000, headers, encode_tick(at)), partition)
        self.played.ticks += at != self.played.last_tick
        self.played.last_tick = max(at, self.played.last_tick)

    def flush(self, patience_seconds: float = _FLUSH_SECONDS) -> None:
        """Wait until everything is written.

        Args:
            patience_seconds: so long it may take until the next batch is acknowledged.

        Raises:
            kafka.errors.KafkaError: a record could not be written, or nobody acknowledged it in time.
        """
        pending, self._pending = self._pending, []
        self._producer.flush(timeout=patience_seconds)
        for future in pending:
            future.get(timeout=patience_seconds)

    def close(self) -> None:
        """Write what waits, for some seconds at most, then let go of the broker.

        Raises:
            kafka.errors.KafkaError: a record could not be written.
        """
        try:
            self.flush(_LAST_SECONDS)
        finally:
            let_go(self._producer, 1.0)

    def _dead_letter(self, record: Record) -> None:
        refusal = no_part_of_a_log(record.key)
        # It stands nowhere in the topic that it was meant for.
        place = Place(record.topic, -1, -1, record.timestamp)
        letter = dead_letter(record, refusal, place)
        topic = dead_letter_topic(record.topic)
        self._send(Record(topic, letter.key, record.timestamp, letter.headers, letter.value), 0)
        self.played.records += 1
        self.played.refused += 1

    def _send(self, record: Record, partition: int | None) -> None:
        future = self._producer.send(
            record.topic,
            value=record.value,
            key=record.key,
            timestamp_ms=record.timestamp,
            headers=list(record.headers),
            partition=partition,
        )
        self._pending.append(future)
        if len(self._pending) >= _FLUSH_EVERY:
            self.flush()


class Pace:
    """Keeps to a speed.

    Args:
        speed: seconds of the log in a second; None for as fast as it goes.
        stop: asked meanwhile; true ends the waiting.
    """

    def __init__(self, speed: float | None, stop: Callable[[], bool]) -> None:
        self._speed = speed
        self._stop = stop
        self._began: tuple[float, float] | None = None

    def wait_until(self, moment: float) -> None:
        """Wait until it is time for a moment of the log, in seconds; the first one is now."""
        if self._speed is None:
            return
        if self._began is None:
            self._began = time.monotonic(), moment
        at = self._began[0] + (moment - self._began[1]) / self._speed
        while (left := at - time.monotonic()) > 0 and not self._stop():
            time.sleep(min(left, _NAP_SECONDS_MAX))


def poses_as_tick(record: Record) -> bool:
    """Return whether a worker would take a record of a log for a tick or a control record.

    One that only has the key of a tick it refuses itself.
    """
    if record.topic not in REPORT_TOPICS:
        return False
    if record.key == CONTROL_KEY:
        return True
    if record.key != TICK_KEY:
        return False
    try:
        decode_tick(record.value)
    except ValueError:
        return False
    return True
