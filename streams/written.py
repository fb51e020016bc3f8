"""What a record of a log has, whoever read it."""

from collections.abc import Sequence
from typing import Protocol

from streams.damaged import Header


class Written(Protocol):
    """A record as it was written; `timestamp` in milliseconds."""

    @property
    def timestamp(self) -> int: ...  # noqa: D102
    @property
    def key(self) -> bytes | None: ...  # noqa: D102
    @property
    def value(self) -> bytes | None: ...  # noqa: D102
    @property
    def headers(self) -> Sequence[Header]: ...  # noqa: D102
