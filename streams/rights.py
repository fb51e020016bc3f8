"""Who may do what with which topic: the least that each part of the chain needs.

A broker that denies what nobody allowed lets each part do this and no more. It looks at topics, not at records: whoever
may write ticks to a report topic may write reports to it as well.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from streams.topics import (
    BREACHES,
    CLOSINGS,
    NOTIFICATIONS,
    OVERVIEW,
    REGION_STATUS,
    REPORT_TOPICS,
    WAITING_TIMES,
    catalogue,
    dead_letter_topic,
)

Role = Literal["worker", "ticker", "board", "courier", "operator", "producer"]
Operation = Literal["read", "write", "create", "describe", "describe-configs", "alter-configs"]

APP_ID = "ketenwacht"
"""Consumer group of the workers; with a hyphen, how the names of their changelog topics begin."""

_ALL = tuple(topic.name for topic in catalogue())
_LETTERS = tuple(dead_letter_topic(name) for name in REPORT_TOPICS)


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One thing that one principal may do.

    Attributes:
        principal: as the broker names it, such as `User:ticker`.
        resource: `topic` or `group`.
        name: of the resource.
        prefixed: the name is how the names begin.
        operation: what may be done; to read or to write a topic includes to describe it.
    """

    principal: str
    resource: Literal["topic", "group"]
    name: str
    prefixed: bool
    operation: Operation


def rights_of(
    role: Role, principal: str, topics: Iterable[str] = (), app_id: str = APP_ID
) -> tuple[Right, ...]:
    """Return what a principal may do in a role.

    No part uses transactions, so nobody gets a transactional id; only workers are members of a group.

    Args:
        role: what it is.
        principal: as the broker names it.
        topics: of a producer, the report topics that it may write.
        app_id: of a worker, its `KETENWACHT_WORKER_APP_ID`.
    """
    allowed: Mapping[Operation, tuple[str, ...]] = _ALLOWED.get(role, {"write": tuple(topics)})
    own = tuple(_workers_own(principal, app_id)) if role == "worker" else ()
    if role == "operator":
        own = (Right(principal, "group", app_id, False, "describe"),)  # how far the workers are
    return own + tuple(
        Right(principal, "topic", name, False, operation)
        for operation, names in allowed.items()
        for name in names
    )


_ALLOWED: Mapping[Role, Mapping[Operation, tuple[str, ...]]] = {
    "worker": {
        "read": (*REPORT_TOPICS, REGION_STATUS),
        "write": (*_LETTERS, REGION_STATUS, OVERVIEW, BREACHES, CLOSINGS),
    },
    "ticker": {"write": REPORT_TOPICS},
    "board": {"read": (WAITING_TIMES, REGION_STATUS, OVERVIEW, BREACHES, CLOSINGS)},
    "courier": {"read": (OVERVIEW, BREACHES, NOTIFICATIONS), "write": (NOTIFICATIONS,)},
    "operator": {
        "read": _ALL,
        # Replay, requeue and control records. What workers write nobody else writes.
        "write": (*REPORT_TOPICS, *_LETTERS),
        "create": _ALL,
        "describe-configs": _ALL,
        "alter-configs": _ALL,
    },
}


def _workers_own(principal: str, app_id: str) -> Iterator[Right]:
    yield Right(principal, "group", app_id, False, "read")
    changelog: tuple[Operation, ...] = ("read", "write", "create")
    for operation in changelog:
        yield Right(principal, "topic", f"{app_id}-", True, operation)
