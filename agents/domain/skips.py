"""Records that are skipped: counted, remembered, and confirmed when the control record comes that asked for it.

That stands behind the record in the log, so whoever takes a partition looks ahead for it (`agents.engine.skips`). From where it
stands on every figure is said again: some may have been said with the record before anybody asked to skip it.
"""

from agents.domain.partition import PartitionState
from agents.domain.region import say_again
from streams.codec import RefusedError
from streams.control import Skip

_REMEMBERED = 1000


def too_late(offset: int) -> RefusedError:
    """Return why a skip has no effect."""
    why = f"the record at {offset} is handled already; let its source correct what it says"
    return RefusedError("skip-too-late", why)


def skip(state: PartitionState, offset: int, count: int) -> None:
    """Skip what stands at an offset: `count` records, ticks and control records not counted."""
    state.counts.skipped += count
    state.skipped = [*state.skipped, offset][-_REMEMBERED:]


def confirm_skip(state: PartitionState, control: Skip) -> None:
    """Pass a control record that asked for a skip.

    Raises:
        RefusedError: the record that it names was handled, and is part of what is kept.
    """
    if control.offset not in state.skipped:
        raise too_late(control.offset)
    for region in state.regions.values():
        say_again(region)
