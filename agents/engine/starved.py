"""How long the thread of the loop was ready to run and got no processor: time in which standing still proves nothing."""

from pathlib import Path

MAIN_THREAD = Path("/proc/self/schedstat")
"""Of the main thread, in which the loop runs: nanoseconds that it ran and waited, and how often it was given a turn."""


class Starved:
    """Reads what the kernel counts.

    Args:
        counts: its file; where there is none nothing is known, and nothing is excused.
    """

    def __init__(self, counts: Path = MAIN_THREAD) -> None:
        self._counts = counts
        self._waited = self._read()

    def seconds(self) -> float:
        """Return how long the thread has waited for a processor since the last call."""
        before, self._waited = self._waited, self._read()
        return max(0.0, self._waited - before)

    def _read(self) -> float:
        try:
            return int(self._counts.read_text("ascii").split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            return 0.0
