"""A partition is read again when nothing of it is on its way, and not because the worker has too much to do."""

import asyncio
from types import SimpleNamespace

import pytest
from faust.types import TP

from agents.engine.progress import Position, Progress

TOPIC = TP("care.occupancy", 1)
STUCK, READ = Position(10, 500), Position(500, 500)


class Shell:
    def __init__(self, *, idle: bool) -> None:
        self.factory = SimpleNamespace(name="fold-occupancy", source=TOPIC.topic)
        self.idle = idle
        self.read: list[TP] = []

    async def read_again(self, tp: TP) -> None:
        self.read.append(tp)


def looked_at(seconds: list[float], position: Position, *, idle: bool) -> int:
    """Look at these moments; return how often the partition was read again."""
    shell = Shell(idle=idle)
    progress = Progress(None, [shell], {})

    async def look() -> None:
        loop = asyncio.get_running_loop()
        for second in seconds:
            loop.time = lambda second=second: second
            found = {("fold-occupancy", TOPIC): position}
            await progress._compare(found)
            progress.positions = found
            progress.looks += 1
        del loop.time

    asyncio.run(look())
    return len(shell.read)


@pytest.mark.parametrize(
    ("idle", "position", "seconds", "times"),
    [
        (True, STUCK, [0, 1, 2, 3, 4], 0),
        (True, STUCK, [0, 1, 2, 3, 4, 5], 1),
        (True, STUCK, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 2),
        (True, READ, [0, 1, 2, 3, 4, 5, 6], 0),
        (True, STUCK, [0, 20, 40], 0),  # the loop itself came to nothing in between
        (False, STUCK, list(range(15)), 0),
        (False, STUCK, list(range(16)), 1),
    ],
)
def test_a_partition_is_read_again_when_it_stood_still_for_long_enough(idle, position, seconds, times):
    assert looked_at(seconds, position, idle=idle) == times
