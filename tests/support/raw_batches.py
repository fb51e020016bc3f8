"""Batches byte by byte, and a producer that writes whatever it is given: what no client library would send."""

import socket
import struct
import zlib
from itertools import count

import cramjam
import crc32c
import lz4.frame
import zstandard

from streams.batches.records import HEADER

_CRC_FROM = 21
_numbers = count(1)
CODECS = {
    0: bytes,
    1: lambda data: (packer := zlib.compressobj(wbits=31)).compress(data) + packer.flush(),
    2: lambda data: bytes(cramjam.snappy.compress_raw(data)),
    3: lambda data: lz4.frame.compress(data, block_linked=False),  # linked ones Kafka hangs up on
    4: zstandard.ZstdCompressor(level=19).compress,
}


def varint(number: int) -> bytes:
    raw = (number << 1) ^ (number >> 63)
    out = bytearray()
    while raw > 0x7F:
        out.append(raw & 0x7F | 0x80)
        raw >>= 7
    return bytes(out) + bytes([raw])


def part(data: bytes | None) -> bytes:
    return varint(-1) if data is None else varint(len(data)) + data


def record(delta: int, key: bytes | None, value: bytes | None, *headers: tuple[bytes, bytes | None]) -> bytes:
    """One record of a batch; names of headers are bytes."""
    named = b"".join(part(name) + part(own) for name, own in headers)
    body = b"\0" + varint(0) + varint(delta) + part(key) + part(value) + varint(len(headers)) + named
    return varint(len(body)) + body


def batch(
    *records: bytes,
    codec: int = 0,
    begin: int = 0,
    delta: int | None = None,
    number: int | None = None,
    attributes: int = 0,
    timestamp: int = 1_700_000_000_000,
    payload: bytes | None = None,
    spoiled: bool = False,
) -> bytes:
    """A batch of these records; `payload` stands for them, `spoiled` gives it a checksum that does not fit."""
    packed = CODECS[codec](b"".join(records)) if payload is None else payload
    last = len(records) - 1 if delta is None else delta
    size = len(records) if number is None else number
    length = HEADER.size - 12 + len(packed)
    head = (begin, length, -1, 2, 0, codec | attributes, last, timestamp, timestamp, -1, -1, -1, size)
    data = bytearray(HEADER.pack(*head) + packed)
    data[17:21] = struct.pack(">I", crc32c.crc32c(bytes(data[_CRC_FROM:])) ^ spoiled)
    return bytes(data)


def produce(bootstrap: str, topic: str, partition: int, data: bytes) -> int:
    """Write bytes as they are to a partition; return the broker's error code, 0 if it took them, -1 if it hung up."""
    host, _, port = bootstrap.partition(":")
    head = struct.pack(">hhih3s", 0, 7, next(_numbers), 3, b"raw")
    body = struct.pack(">hhii", -1, -1, 10_000, 1) + struct.pack(">h", len(topic)) + topic.encode()
    body += struct.pack(">iii", 1, partition, len(data)) + data
    with socket.create_connection((host, int(port)), timeout=20) as broker:
        try:
            broker.sendall(struct.pack(">i", len(head) + len(body)) + head + body)
            answer = _exactly(broker, struct.unpack(">i", _exactly(broker, 4))[0])
        except OSError:
            return -1
    # correlation id, one topic with its name, one partition with its number
    at = 4 + 4 + 2 + len(topic) + 4 + 4
    return struct.unpack_from(">h", answer, at)[0]


def _exactly(broker: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = broker.recv(size - len(found))
        if not piece:
            raise ConnectionError("the broker hung up")
        found += piece
    return found
