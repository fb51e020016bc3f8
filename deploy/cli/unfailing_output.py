"""A disk that is full, or a reader of our output that is gone, must not end who only wanted to say something."""

import contextlib
import sys
from typing import Any, TextIO, cast


class _Unfailing:
    """A stream whose writes do not fail: what cannot be written is lost."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write it if that goes."""
        with contextlib.suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Write what waits if that goes."""
        with contextlib.suppress(OSError):
            self._stream.flush()


def let_output_fail() -> None:
    """From now on no line that cannot be written ends this process: for those that run for months."""
    sys.stdout = cast("TextIO", _Unfailing(sys.stdout))
    sys.stderr = cast("TextIO", _Unfailing(sys.stderr))
