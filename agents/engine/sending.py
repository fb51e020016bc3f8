"""What a stage wrote, on its way to the broker."""

import asyncio
from typing import Any

from agents.engine.saving import Held
from agents.engine.stage import Outgoing

SENDING_MAX = 5_000
"""So many records of a partition may be on their way to the broker."""


async def send(app: Any, outgoing: Outgoing) -> Any:
    """Hand a record to the producer of a Faust app; return what can be awaited until it is delivered."""
    return await app.producer.send(
        outgoing.topic,
        outgoing.key,
        outgoing.value,
        outgoing.partition,
        (outgoing.timestamp + 0.5) / 1000,  # Faust rounds down to milliseconds
        list(outgoing.headers),
    )


async def deliver_some(held: Held) -> None:
    """Wait for the older half of what is on its way, and forget what arrived: between two ticks may lie any number."""
    await asyncio.wait(held.sending[: len(held.sending) // 2])
    held.sending = [each for each in held.sending if not each.done() or each.cancelled() or each.exception()]
