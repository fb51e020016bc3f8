"""Decompression with an end: a batch of 12 kB may hold gigabytes of zeros."""

import struct
import zlib
from collections.abc import Callable, Mapping

import cramjam
import lz4.frame  # type: ignore[import-untyped]
import zstandard

from streams.topics import DEAD_LETTER_ROOM, MESSAGE_BYTES_MAX

UNPACKED_BYTES_MAX = MESSAGE_BYTES_MAX + DEAD_LETTER_ROOM
"""What a batch may hold unpacked: as much as a topic takes of a batch that is not compressed."""

_ZSTD_WINDOW_MAX = 1 << 25
_XERIAL = b"\x82SNAPPY\x00"
_XERIAL_HEADER = 16


class TooMuchError(ValueError):
    """A batch holds more than it may."""

    def __init__(self, most: int) -> None:
        super().__init__(f"unpacked it holds more than {most} bytes")


def unpacked(codec: int, data: bytes, most: int = UNPACKED_BYTES_MAX) -> bytes:
    """Return the unpacked records of a batch; never makes much more than `most` bytes.

    Args:
        codec: as in the batch's attributes: 1 gzip, 2 snappy, 3 lz4, 4 zstd.
        data: the packed records.
        most: bytes they may hold.

    Raises:
        TooMuchError: they hold more.
        ValueError: no such codec, or they are damaged.
    """
    unpack = _CODECS.get(codec)
    if unpack is None:
        raise ValueError(f"no codec has the number {codec}")
    try:
        found = unpack(data, most)
    except (zlib.error, RuntimeError, cramjam.DecompressionError, zstandard.ZstdError, struct.error) as error:
        raise ValueError(f"damaged {_NAMES[codec]}: {error}") from error
    if len(found) > most:
        raise TooMuchError(most)
    return found


def _gzip(data: bytes, most: int) -> bytes:
    found = bytearray()
    while data and len(found) <= most:  # a file may have several members
        member = zlib.decompressobj(wbits=31)
        found += member.decompress(data, most + 1 - len(found))
        if not member.eof and len(found) <= most:
            raise zlib.error("it ends too early")
        data = member.unused_data
    return bytes(found)


def _snappy(data: bytes, most: int) -> bytes:
    if not data.startswith(_XERIAL):
        return _snappy_block(data, most)
    found, at = bytearray(), _XERIAL_HEADER
    while at < len(data):
        (size,) = struct.unpack_from(">i", data, at)
        if not 0 <= size <= len(data) - at - 4:
            raise struct.error(f"a block of {size} bytes")
        found += _snappy_block(data[at + 4 : at + 4 + size], most - len(found))
        at += 4 + size
    return bytes(found)


def _snappy_block(data: bytes, most: int) -> bytes:
    if cramjam.snappy.decompress_raw_len(data) > most:  # it says so itself, and is held to it
        raise TooMuchError(most)
    return bytes(cramjam.snappy.decompress_raw(data))


def _lz4(data: bytes, most: int) -> bytes:
    frame = lz4.frame.LZ4FrameDecompressor()
    found: bytes = frame.decompress(data, most + 1)
    if not frame.eof and len(found) <= most:
        raise RuntimeError("it ends too early")
    return found


def _zstd(data: bytes, most: int) -> bytes:
    with zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_MAX).stream_reader(data) as reader:
        return reader.read(most + 1)


_CODECS: Mapping[int, Callable[[bytes, int], bytes]] = {1: _gzip, 2: _snappy, 3: _lz4, 4: _zstd}
_NAMES: Mapping[int, str] = {1: "gzip", 2: "snappy", 3: "lz4", 4: "zstd"}
