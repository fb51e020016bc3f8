"""Where the logs of a worker's partitions begin: asked for all of a topic at once, and kept until the group is divided anew.

Faust hands one question after the other to its consumer, whose answer stands behind a fetch that the broker may keep
waiting: of one partition at a time, six hundred took twenty seconds before the first report was folded.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from faust.types import TP

log = structlog.get_logger()


class LogBegins:
    """The first offsets that are still kept of the partitions of one stage.

    Args:
        app: the Faust app.
        stage: whose they are, for the log.
    """

    def __init__(self, app: Any, stage: str) -> None:
        self.app = app
        self.stage = stage
        self._known: dict[TP, int] = {}

    def forget(self) -> None:
        """Ask again: who has the partitions next time may find them shorter."""
        self._known = {}

    async def known(self, tp: TP) -> int | None:
        """Return where a log began when its topic was asked about; None if the broker does not answer."""
        if tp not in self._known:
            known = self._known
            others = {each for each in self.app.consumer.assignment() if each.topic == tp.topic}
            # Into what is forgotten, if that was meanwhile.
            known.update(await self._ask(tp, *sorted(others - {tp})))
            return known.get(tp)
        return self._known[tp]

    async def now(self, tp: TP) -> int | None:
        """Return where a log begins now; None if the broker does not answer."""
        return (await self._ask(tp)).get(tp)

    async def _ask(self, *partitions: TP) -> Mapping[TP, int]:
        try:
            found = await self.app.consumer.earliest_offsets(*partitions)
        except (KafkaError, TimeoutError) as error:
            log.warning(
                "cannot ask where a log begins",
                stage=self.stage, topic=partitions[0].topic, partition=partitions[0].partition, error=repr(error),
            )  # fmt: skip
            return {}
        return {TP(tp.topic, tp.partition): int(offset or 0) for tp, offset in found.items()}
