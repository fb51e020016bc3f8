"""What a broker on this machine is to the rest: an address that answers between start and stop."""

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
