"""What a broker on this machine is to the rest: an address that answers between start and stop."""

import socket
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

BrokerKind = Literal["embedded", "kafka"]


class BrokerFailed(RuntimeError):  # noqa: N818 - named after what happened
    """The broker did not start, or died; the message ends with the tail of its log."""


class Broker(Protocol):
    """One broker on loopback. Use it as a context manager, or call `start` and `stop`.

    Attributes:
        bootstrap: `127.0.0.1:PORT`, known after `start`.
        kind: `embedded` (memory only, starts in a tenth of a second) or `kafka` (Apache Kafka).
    """

    kind: BrokerKind
    bootstrap: str

    @property
    def pid(self) -> int | None:
        """Process id while it runs, else None."""

    @property
    def log(self) -> Path | None:
        """File with what the broker wrote, known after `start`."""

    def start(self) -> None:
        """Start it and return when it answers.

        Raises:
            BrokerFailed: it did not; nothing is left running.
        """

    def stop(self) -> None:
        """End it and clean up; a second call does nothing."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


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
