"""The changelog of a stage: where its snapshots are written, and the table that Faust reads from it."""

from collections.abc import Mapping
from typing import Any

from faust.types import TP


class Changelog:
    """Writes past Faust's table, and keeps the table as a recovery would make it.

    Args:
        app: the Faust app.
        table: the Faust table whose changelog it is.
    """

    def __init__(self, app: Any, table: Any) -> None:
        self._app = app
        self._table = table

    @property
    def records(self) -> Mapping[bytes, bytes]:
        """What the table holds of all partitions."""
        held: Mapping[bytes, bytes] = self._table.data.data
        return held

    async def write(self, partition: int, key: bytes, value: bytes | None) -> Any:
        """Send a record; return what can be awaited until it is delivered."""
        return await self._app.producer.send(self.topic, key, value, partition, None, {})

    def remember(self, partition: int, records: Mapping[bytes, bytes | None], offset: int) -> None:
        """Do to the table what a recovery up to `offset` would do, so that the next one need not read our own records."""
        store = self._table.data
        for key, value in records.items():
            if value is None:
                store.data.pop(key, None)
            else:
                store.data[key] = value
                store._key_partition[key] = partition  # noqa: SLF001 - by this the store cleans up
        read = self._app.tables.recovery.active_offsets
        changelog = TP(self.topic, partition)
        read[changelog] = max(offset, read.get(changelog) or 0)

    @property
    def topic(self) -> str:
        """The name of its topic."""
        return str(self._table.changelog_topic.get_topic_name())
