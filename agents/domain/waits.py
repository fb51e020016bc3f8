"""Waits against the Treeknormen: how many, how many over the maximum and within the target.

Kinds of access are never added or averaged. A wait of exactly the norm is within it.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator
from math import fsum
from statistics import median
from typing import NamedTuple

from alerts.norms import Treeknorm
from streams.status import Indicator

Row = tuple[int, int, int, str, float, float]
"""Peildatum (day), revision, received second, status, days (-1 without), completeness."""

GroupKey = tuple[str, str]
"""Access kind and specialism."""


class Waits(NamedTuple):
    """The rows of one group, of one location or of all together.

    Attributes:
        rows: how many there are.
        days: the known waits, shortest first.
        closed: rows that take no new patients.
        newest: newest peildatum (day).
        whole: answered rows of complete reports; they are counted, so that adding up stays exact.
        shares: completeness of the other answered rows.
    """

    rows: int
    days: list[float]
    closed: int
    newest: int
    whole: int
    shares: list[float]


def waits_of(rows: list[Row]) -> Waits:
    """Return the waits of the rows of one location."""
    # Rows that a source left empty say that it is incomplete; too few to publish is complete.
    answered = [row[5] for row in rows if row[3] != "unknown"]
    shares = [share for share in answered if share != 1]
    return Waits(
        len(rows),
        sorted(row[4] for row in rows if row[3] == "known"),
        sum(row[3] == "closed" for row in rows),
        max(row[0] for row in rows),
        len(answered) - len(shares),
        shares,
    )


def add_up(parts: Collection[Waits]) -> Waits:
    """Return the waits of several groups together; there is at least one."""
    days: list[float] = []
    shares: list[float] = []
    for part in parts:
        days += part.days
        shares += part.shares
    days.sort()  # sorted pieces one after another: the sort merges them
    return Waits(
        sum(part.rows for part in parts),
        days,
        sum(part.closed for part in parts),
        max(part.newest for part in parts),
        sum(part.whole for part in parts),
        shares,
    )


def wait_figures(labels: dict[str, str], waits: Waits, norm: Treeknorm | None) -> Iterator[Indicator]:
    """Yield the indicators of one group."""
    days, count = waits.days, len(waits.days)
    observed = waits.newest * 86_400
    share = round(fsum((waits.whole, *waits.shares)) / waits.rows, 4)

    def indicator(name: str, value: float | None) -> Indicator:
        return Indicator(name, labels, value, observed, share, count)

    yield indicator("waits", count)
    yield indicator("waits_closed", waits.closed)
    yield indicator("wait_days_median", round(float(median(days)), 2) if days else None)
    yield indicator("wait_days_max", days[-1] if days else None)
    if norm is not None:
        over = count - bisect_right(days, norm.max_days)
        yield indicator("waits_over_treeknorm", over)
        yield indicator("waits_over_treeknorm_ratio", round(over / count, 6) if count else None)
        if norm.target_days is not None:
            within = bisect_right(days, norm.target_days)
            yield indicator("waits_within_target", within)
            yield indicator("waits_within_target_ratio", round(within / count, 6) if count else None)
