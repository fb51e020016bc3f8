"""What became of the records of a partition, and what was gone before it was read."""

import msgspec

from streams.codec import RefusedError

OUTCOMES = ("applied", "duplicate", "late", "dead_lettered", "skipped", "held_back")
"""What may become of a record that was read. Held back is what a registered source says of a location that nobody registered:
it is kept, and counts in no figure until somebody does."""


class Counts(msgspec.Struct):
    """What became of the records of a partition; `lost` are offsets that were gone before they were read, ticks among them."""

    applied: int = 0
    duplicate: int = 0
    late: int = 0
    dead_lettered: int = 0
    ticks: int = 0
    skipped: int = 0
    lost: int = 0
    held_back: int = 0

    @property
    def total(self) -> int:
        """Every record that was received, without ticks."""
        return sum(getattr(self, outcome) for outcome in OUTCOMES)


class Loss(msgspec.Struct, frozen=True, array_like=True):
    """Offsets from `begin` up to `end` that were gone before they were read; `after` is the last tick before, seconds."""

    begin: int
    end: int
    after: int


LOSS_SHOWN_SECONDS = 86_400
"""For so long after the tick before it a loss is shown."""


def not_handled(error: Exception) -> RefusedError:
    """Return why a record is put with the dead letters at which our own code failed."""
    why = f"{type(error).__name__}: {error}; the fault is ours: keep it, and requeue it with a later version"
    return RefusedError("not-handled", why)


def without_frames(refusal: RefusedError) -> RefusedError:
    """Return the refusal without its history: that leads to the frame that holds the list it is added to, and all records.

    A cycle, which nothing frees until the collector passes, and a worker lets that pass rarely.
    """
    refusal.__cause__ = refusal.__context__ = None
    return refusal.with_traceback(None)
