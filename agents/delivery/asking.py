"""What a fetch asks a broker for, and how long it may be kept waiting."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

_LONGEST_WAIT_MS = 100
"""So long may a fetch wait when nothing has come for a while; the embedded broker uses half of it, whatever comes."""

_BUSY_SECONDS = 0.25
"""A partition that brings records faster than one in this time is busy, and for as long."""

_ROUND = 5
"""While some are busy, every second fetch names one in so many of the others as well: after ten, all had their turn."""

_SOME_BUSY_WAIT_MS = 25
"""Longer the others need not wait for their turn because the busy ones have fallen silent."""

_BREATH_SECONDS = 0.004
"""Who has caught up asks again only so long after the last time: a writer's batch reaches a broker's partitions one
after the other, and whoever asks at once is told of the first only, and pays for as many fetches as there are."""

_Named = tuple[tuple[str, int], Any]
"""A partition and what a request says of it."""


class Asking:
    """Takes the place of aiokafka's own way to ask: all partitions whenever it can, and in Faust for up to 1.5 s.

    A fetch leaves out the partitions whose records were not taken yet, and there is one fetch a broker: these wait
    until the others' is answered. So the wait is short once records came, and doubles with each fetch that brings
    none: an idle worker asks less often, and a broker that needs longer than the wait to find anything gets it.

    A fetch costs both sides something for every partition that it names, more for what it brings, and most bring
    nothing but a tick a second, all at once: the busy ones are asked for in every fetch, of the others some at a time.
    Partitions that nobody takes from, such as the changelogs once they are read, are not asked for.

    Args:
        fetcher: aiokafka's.
        shortest_ms: how long a fetch may wait once records came. Not too short: a broker may leave out the partitions
            that it did not come to within this time, however much lies there.
        always: topics whose partitions are in every fetch: others wait for what they bring, if only once a second.
        clock: seconds, of any beginning.

    Attributes:
        active: partitions that records are taken from; None for all.
    """

    def __init__(
        self,
        fetcher: Any,
        shortest_ms: int,
        always: Collection[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetcher = fetcher
        self._shortest = self._wait = shortest_ms
        self._always = always
        self._clock = clock
        self.active: Collection[tuple[str, int]] | None = None
        self._caught_up = False
        self._not_before = 0.0
        self._came: dict[tuple[str, int], float] = {}
        self._busy_until: dict[tuple[str, int], float] = {}
        self._asked: dict[tuple[str, int], float] = {}
        self._busy_only: dict[Any, bool] = {}
        self._by_node = fetcher._get_actions_per_node  # noqa: SLF001
        fetcher._get_actions_per_node = self._actions  # noqa: SLF001

    def came(self, records: Mapping[tuple[str, int], int], *, all_there_is: bool) -> None:
        """Note how many records of which partitions were taken just now, and whether the broker has no more of them."""
        if records:
            self._caught_up = all_there_is
            self._wait = self._shortest
        now = self._clock()
        for tp, count in records.items():
            # By their number: who is asked for seldom would never bring something twice in a short time.
            if now - self._came.get(tp, 0.0) < count * _BUSY_SECONDS:
                self._busy_until[tp] = now + _BUSY_SECONDS
            self._came[tp] = now

    def _actions(self, assignment: Any) -> Any:
        fetcher = self._fetcher
        now = self._clock()
        if self._caught_up and now < self._not_before:
            return [], {}, self._not_before - now, False, []
        if any(tp in fetcher._records for tp in assignment.tps):  # noqa: SLF001
            self._wait = self._shortest
        fetcher._fetch_max_wait_ms = self._wait  # noqa: SLF001
        actions = self._by_node(assignment)
        for node, request in actions[0]:
            self._leave_out_idle_ones(request)
            self._leave_out_quiet_ones(node, request)
        if actions[0]:
            self._not_before = now + _BREATH_SECONDS
            self._wait = max(self._shortest, min(2 * self._wait, _LONGEST_WAIT_MS))
        return actions

    def _leave_out_idle_ones(self, request: Any) -> None:
        """Leave out what nobody takes from: what came of it would lie there, and keep the next fetch waiting."""
        active = self.active
        if active is None:
            return
        named = [
            (topic, own)
            for topic, partitions in request.topics
            if (own := [each for each in partitions if (topic, each[0]) in active])
        ]
        if named:
            request._topics = named  # noqa: SLF001

    def _leave_out_quiet_ones(self, node: Any, request: Any) -> None:
        now = self._clock()
        wanted: list[_Named] = []
        quiet: list[_Named] = []
        some_busy = False
        for topic, partitions in request.topics:
            for each in partitions:
                tp = (topic, each[0])
                busy = self._busy_until.get(tp, 0.0) > now
                some_busy = some_busy or busy
                (wanted if busy or topic in self._always else quiet).append((tp, each))
        if not some_busy:
            return
        busy_only = self._busy_only[node] = not self._busy_only.get(node, True)
        if not busy_only:
            quiet.sort(key=self._last_asked)
            some = quiet[: -(-len(quiet) // _ROUND)]
            self._asked.update((tp, now) for tp, _ in some)
            wanted += some
        named = defaultdict(list)
        for (topic, _), each in wanted:
            named[topic].append(each)
        request._topics = list(named.items())  # noqa: SLF001
        request._max_wait_ms = min(request._max_wait_ms, _SOME_BUSY_WAIT_MS)  # noqa: SLF001

    def _last_asked(self, item: _Named) -> float:
        return self._asked.get(item[0], 0.0)
