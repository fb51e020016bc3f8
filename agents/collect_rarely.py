"""How often a process that folds reports looks for garbage that counting references cannot find."""

import gc

_COLLECT_AFTER = 50_000
"""Objects in containers that may come before the youngest are looked at for cycles."""


def collect_rarely() -> None:
    """Look for cycles a hundred times less often, and never in what was imported.

    A batch is thousands of small objects that live for milliseconds, and none of ours form cycles. Python's own pace
    would walk through all of Faust every few thousand reports: a third of the work.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 20)
