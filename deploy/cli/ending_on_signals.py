"""A command that started something ends it whatever ends the command: Ctrl-C, SIGTERM, or a terminal that is closed."""

import contextlib
import signal
from collections.abc import Iterator


@contextlib.contextmanager
def ending_on_signals() -> Iterator[None]:
    """Let SIGTERM, and SIGHUP when the terminal is closed, end the block as Ctrl-C does."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
