"""A child process: started in a session of its own, so that it ends whole and only on purpose."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

_TAIL_BYTES = 4_000
_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ChildFailed(RuntimeError):  # noqa: N818 - named after what happened
    """A child process did not start, or died; the message ends with the tail of its log."""


class ProgramMissing(RuntimeError):  # noqa: N818 - named after what is the case
    """A system program is not installed; the message says how to get it."""


class ChildProcess:
    """A running process and its log file.

    Args:
        argv: program and arguments.
        log: file that gets standard output and error.
        env: variables on top of the caller's own; None takes one away.
    """

    def __init__(self, argv: Sequence[str], log: Path, env: Mapping[str, str | None] | None = None) -> None:
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        told = {**os.environ, **(env or {})}
        with log.open("ab") as out, _signals_held() as held:
            # A session of its own: Ctrl-C in the terminal reaches us, and we stop the parts in order.
            self._process = subprocess.Popen(
                list(argv),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={name: value for name, value in told.items() if value is not None},
                start_new_session=True,
            )
            if held:
                self.kill()

    @property
    def pid(self) -> int:
        """Process id, which is the id of its process group too."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Exit code, negative for a signal; None while it runs."""
        return self._process.poll()

    def running(self) -> bool:
        """Tell whether the process has not ended."""
        return self._process.poll() is None

    def wait_until(self, ready: Callable[[], bool], timeout: float, what: str) -> None:
        """Return when `ready()` is true.

        Args:
            ready: asked every 20 ms; it must answer quickly.
            timeout: seconds.
            what: the process, for the message.

        Raises:
            ChildFailed: the process ended, or the time is over.
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if not self.running():
                raise ChildFailed(f"{what} ended with code {self.returncode}:\n{self.tail()}")
            if ready():
                return
            time.sleep(0.02)
        raise ChildFailed(f"{what} was not ready in {timeout:.0f} s:\n{self.tail()}")

    def stop(self, grace: float = 10.0) -> None:
        """Ask the process group to end; after `grace` seconds make it end."""
        if not self.running():
            return
        self.send(signal.SIGTERM)
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self.send(signal.SIGKILL)
            self._process.wait()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.running():
            self.send(signal.SIGKILL)
            self._process.wait()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process group; nothing happens if it has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def last_line(self) -> str:
        """Return the last line of the log that says something, without what it tells a terminal."""
        lines = _TERMINAL.sub("", self.tail()).splitlines()
        return next((line for line in reversed(lines) if line.strip()), "(the log is empty)")

    def tail(self) -> str:
        """Return the end of the log as text."""
        data = self.log.read_bytes()[-_TAIL_BYTES:] if self.log.exists() else b""
        return data.decode(errors="replace").strip() or "(the log is empty)"


@contextlib.contextmanager
def _signals_held() -> Iterator[list[int]]:
    """Hold back what ends us until the block is done: a child that is just being started would go on alone."""
    held: list[int] = []
    before: dict[int, Callable[..., object]] = {}
    if threading.current_thread() is threading.main_thread():
        handlers = {number: signal.getsignal(number) for number in _ENDING}
        before = {number: handler for number, handler in handlers.items() if callable(handler)}
    try:
        for number in before:
            signal.signal(number, lambda got, _: held.append(got))
        yield held
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for number in held:
        signal.raise_signal(number)


def free_ports(count: int) -> list[int]:
    """Return `count` different TCP ports that nothing listens on now, on 127.0.0.1."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()


def born_at(pid: int) -> int | None:
    """Return when a process started, in ticks since boot; None if it ended (or is a zombie)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, *rest = stat.rpartition(")")[2].split()
    return None if state == "Z" else int(rest[18])
