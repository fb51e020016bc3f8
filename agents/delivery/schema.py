"""The schema of a topic that is delivered in batches."""

from typing import Any

from faust import Schema
from typing_extensions import override

from agents.delivery.batch import BatchMessage


class BatchSchema(Schema):  # type: ignore[misc]
    """Hands the batch to the agent as the event's value; nothing is decoded, so nothing can be undecodable."""

    @override
    def loads_key(self, app: Any, message: BatchMessage, **_: Any) -> None:
        """Return no key: the records have their own."""

    @override
    def loads_value(self, app: Any, message: BatchMessage, **_: Any) -> Any:
        """Return the batch."""
        return message.batch
