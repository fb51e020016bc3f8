"""Writes control records: each to its own partition of a report topic, signed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kafka import KafkaProducer

from streams.control import CONTROL_KEY, AnyControl, encode_control
from streams.kafka import KafkaSettings
from streams.letting_go import let_go
from streams.recording import Record
from streams.signature import Signed, SigningKeys


@dataclass(frozen=True, slots=True)
class ControlAt:
    """A control record and the partition that it is for."""

    topic: str
    partition: int
    control: AnyControl


def write_controls(settings: KafkaSettings, keys: SigningKeys, controls: Iterable[ControlAt]) -> int:
    """Write control records and return how many, once all are acknowledged; each has its `at` as timestamp.

    Raises:
        kafka.errors.KafkaError: one of them could not be written; the others are.
        SignatureError: there are keys, and none of them holds now.
    """
    producer = KafkaProducer(**settings.producer())
    try:
        written = [_send(producer, keys, each) for each in controls]
        for future in written:
            future.get(timeout=settings.request_timeout_s)
    finally:
        let_go(producer, settings.request_timeout_s)
    return len(written)


def control_record(each: ControlAt, keys: SigningKeys) -> Record:
    """Return a control record as it is written, signed.

    Raises:
        SignatureError: there are keys, and none of them holds at its time.
    """
    value, timestamp = encode_control(each.control), each.control.at * 1000
    signature = keys.sign(Signed(each.topic, each.partition, timestamp, CONTROL_KEY, value))
    return Record(each.topic, CONTROL_KEY, timestamp, signature, value)


def _send(producer: KafkaProducer, keys: SigningKeys, each: ControlAt) -> Any:
    record = control_record(each, keys)
    return producer.send(
        record.topic,
        value=record.value,
        key=record.key,
        headers=list(record.headers),
        partition=each.partition,
        timestamp_ms=record.timestamp,
    )
