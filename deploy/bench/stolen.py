"""How much of the processors the host gave to other machines: where a machine is shared, that is most of the noise."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STAT = Path("/proc/stat")
_COLUMNS = 8
"""user, nice, system, idle, iowait, irq, softirq, steal; guest time is part of user time."""


@contextmanager
def watching(into: dict[str, float], part: str) -> Iterator[None]:
    """Note under `part` how many percent of all processors' time was stolen meanwhile; nothing where it is not told."""
    before = _times()
    yield
    spent = [after - begun for after, begun in zip(_times(), before, strict=True)]
    if sum(spent) > 0:
        into[part] = round(100 * spent[-1] / sum(spent), 1)


def _times() -> list[int]:
    try:
        words = _STAT.read_text("ascii").split(maxsplit=_COLUMNS + 1)[1 : _COLUMNS + 1]
    except OSError:
        return [0] * _COLUMNS
    return [int(word) for word in words]
