"""A registry as control records: all of its lines, in parts that a broker takes."""

from collections.abc import Iterator

from streams.control import RegistryLines
from streams.registry.lines import Line, encode_line
from streams.registry.registry import Registry

_PART_BYTES = 400_000


def registry_controls(registry: Registry | None, at: int) -> list[RegistryLines]:
    """Return the records that put a registry in force in one partition, in order; None: everybody may speak.

    Args:
        registry: what is to hold.
        at: second at which they are written.
    """
    if registry is None:
        return [RegistryLines(at=at, part=1, parts=1, lines=[], open=True)]
    parts = list(_parts(registry.lines)) or [[]]
    return [
        RegistryLines(at=at, part=number, parts=len(parts), lines=lines)
        for number, lines in enumerate(parts, start=1)
    ]


def _parts(lines: tuple[Line, ...]) -> Iterator[list[Line]]:
    part: list[Line] = []
    size = 0
    for line in lines:
        own = len(encode_line(line))
        if part and size + own > _PART_BYTES:
            yield part
            part, size = [], 0
        part.append(line)
        size += own
    if part:
        yield part
