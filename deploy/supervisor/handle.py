"""The handle of a stack: what its supervisor writes of itself and its parts, before the first of them is started."""

from pathlib import Path

import msgspec

from deploy.remembered import RememberedProcess

UP = "up"
STARTING = "starting"
STOPPING = "stopping"


class PartState(msgspec.Struct, frozen=True, kw_only=True):
    """One part as its supervisor saw it last.

    Attributes:
        part: its name.
        state: `waiting` for others, `starting`, `ready`, `unready` (it runs and is not ready), `ended` (it starts again
            at once), `failing` (it ends again and again; it goes on being started).
        since: of that state, Unix seconds.
        pid: its process; None while there is none.
        born: start of that process in the kernel's ticks.
        deaths: how often it ended by itself.
        why: how it ended last; empty if it never did.
        address: where it listens, or the folder that it writes to.
        log: file with what it says.
    """

    part: str
    state: str
    since: float
    pid: int | None
    born: int | None
    deaths: int
    why: str
    address: str
    log: str


class StackState(RememberedProcess, frozen=True, kw_only=True):
    """What is remembered of a stack.

    Attributes:
        urls: where to look.
        state: `starting`, `up` or `stopping`.
        since: when it began, Unix seconds.
        folder: configuration, data and logs of its parts.
        parts: every part, in the order in which they are started.
    """

    urls: dict[str, str]
    state: str = UP
    since: float = 0.0
    folder: str = ""
    parts: tuple[PartState, ...] = ()


def handle_of(run: Path) -> Path:
    """Return the file of the stack in a folder."""
    return run / "stack.json"
