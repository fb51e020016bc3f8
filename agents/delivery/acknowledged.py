"""Up to where the stages have put away what they read: what may be committed.

Faust keeps a list of every acknowledged offset and looks for the first hole in it. Here a stage says up to which
offset everything is safe, so a partition is one number a stage; what a group commits is the least of them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator

from faust.types import TP


class Acknowledged:
    """The offsets of one worker."""

    def __init__(self) -> None:
        self._stages: dict[str, set[str]] = defaultdict(set)
        self._offsets: dict[TP, dict[str, int]] = defaultdict(dict)

    def expect(self, topic: str, stage: str) -> None:
        """Commit nothing of this topic that this stage has not put away."""
        self._stages[topic].add(stage)

    def note(self, tp: TP, stage: str, next_offset: int) -> None:
        """Everything before `next_offset` is safe as far as this stage goes."""
        offsets = self._offsets[tp]
        offsets[stage] = max(next_offset, offsets.get(stage, 0))

    def forget(self, partitions: Collection[TP]) -> None:
        """Another worker has these partitions now."""
        for tp in partitions:
            self._offsets.pop(tp, None)

    def partitions(self) -> Iterator[TP]:
        """Yield the partitions of which anything is safe."""
        yield from list(self._offsets)

    def committable(self, tp: TP) -> int | None:
        """Return the offset to commit: the next one to read after a crash; None while a stage still owes its own."""
        offsets = self._offsets.get(tp, {})
        if not offsets or self._stages[tp.topic] - offsets.keys():
            return None
        return min(offsets.values())
