"""Waits against the Treeknormen: how many, how many over the maximum, for how long, and within the target.

Kinds of access are never added or averaged. A wait of exactly the norm is within it. A feed that says only
`behandeling` does not tell poliklinisch from klinisch: up to the maximum of the one a wait is within, beyond that
of the other over it, and in between nobody can say (43 to 49 days; norms.md section 1, after the NZa feed).

Silence is no shorter wait: a row that no longer stands and that nothing followed is missed, and so is one after which
the source left its row empty. As long as it was over the norm, what is told of the others may say that one waits too
long, never that nobody does.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from math import fsum
from typing import NamedTuple

from alerts.norms import Treeknorm
from streams.status import Indicator

Row = tuple[int, int, int, str, float, float, str]
"""Peildatum (day), revision, received second, status, days (-1 without), completeness, source."""

Key = tuple[str, str, str]
"""Access kind, specialism and treatment (empty where the source does not split)."""


class Standing(NamedTuple):
    """The newest row of a location.

    Attributes:
        row: the row.
        stands: whether it stands for now; else it is missed, nothing having followed it.
        lasting: the shorter of its wait and the one before (-1 where those are not both known).
        doubtful: the same, where it is not known that the wait lasted or still does (-1 elsewhere).
        missed_days: the wait that is missed: its own where it no longer stands, that of the row before where it was
            left empty (-1 elsewhere).
    """

    row: Row
    stands: bool = True
    lasting: float = -1.0
    doubtful: float = -1.0
    missed_days: float = -1.0


UNDECIDED = "behandeling"
"""Access kind of waits for treatment that do not say whether one is admitted."""

_WITHIN_UNTIL = "dagbehandeling"
_OVER_FROM = "klinisch"


class Waits(NamedTuple):
    """The rows of one treatment, or of several together.

    Attributes:
        rows: how many stand.
        days: the known waits, shortest first.
        lasting: of those known on the peildatum before as well, the shorter of both, shortest first.
        closed: rows that take no new patients.
        newest: newest peildatum (day).
        whole: answered rows of complete reports; they are counted, so that adding up stays exact.
        shares: completeness of the other answered rows.
        missed: rows that no longer stand and that nothing followed.
        longest_missed: the longest wait that is missed, of those or before a row that was left empty; -1 without.
        doubtful: the longest of the waits of which it is not known that they last, -1 without.
    """

    rows: int
    days: list[float]
    lasting: list[float]
    closed: int
    newest: int
    whole: int
    shares: list[float]
    missed: int
    longest_missed: float
    doubtful: float


class Limits(NamedTuple):
    """What the waits of one access kind are held against, in days; None where nothing is set.

    Attributes:
        longest: beyond this a wait is over the Treeknorm.
        within: up to this it is surely within; the same, except where the kind of treatment is not told.
        target: the streefnorm.
    """

    longest: float | None
    within: float | None
    target: int | None


def limits_of(access: str, treeknorms: Mapping[str, Treeknorm]) -> Limits:
    """Return the limits of one access kind."""
    norm = treeknorms.get(access)
    if access == UNDECIDED:
        shorter, longer = treeknorms.get(_WITHIN_UNTIL), norm or treeknorms.get(_OVER_FROM)
        if shorter is None or longer is None:
            return Limits(None, None, None)
        return Limits(longer.max_days, shorter.max_days, norm.target_days if norm else None)
    if norm is None:
        return Limits(None, None, None)
    return Limits(norm.max_days, norm.max_days, norm.target_days)


def waits_of(standing: Collection[Standing]) -> Waits:
    """Return the waits of some rows; there is at least one."""
    rows = [one.row for one in standing if one.stands]
    # Rows that a source left empty say that it is incomplete; too few to publish is complete.
    answered = [row[5] for row in rows if row[3] != "unknown"]
    shares = [share for share in answered if share != 1]
    return Waits(
        len(rows),
        sorted(row[4] for row in rows if row[3] == "known"),
        sorted(one.lasting for one in standing if one.lasting >= 0),
        sum(row[3] == "closed" for row in rows),
        max((row[0] for row in rows), default=0),
        len(answered) - len(shares),
        shares,
        len(standing) - len(rows),
        max((one.missed_days for one in standing), default=-1.0),
        max((one.doubtful for one in standing), default=-1.0),
    )


def add_up(parts: Collection[Waits]) -> Waits:
    """Return the waits of several groups together; there is at least one."""
    days: list[float] = []
    lasting: list[float] = []
    shares: list[float] = []
    for part in parts:
        days += part.days
        lasting += part.lasting
        shares += part.shares
    days.sort()  # sorted pieces one after another: the sort merges them
    lasting.sort()
    return Waits(
        sum(part.rows for part in parts),
        days,
        lasting,
        sum(part.closed for part in parts),
        max(part.newest for part in parts),
        sum(part.whole for part in parts),
        shares,
        sum(part.missed for part in parts),
        max(part.longest_missed for part in parts),
        max(part.doubtful for part in parts),
    )


def wait_figures(access: str, specialism: str, waits: Waits, limits: Limits) -> Iterator[Indicator]:
    """Yield the indicators of one specialism, or of all together; none where no row stands."""
    if not waits.rows:
        return
    days, count = waits.days, len(waits.days)
    longest = days[-1] if days else None
    hidden = _hides_one_over(waits, limits)
    yield from _figures(
        {"access": access, "specialism": specialism},
        waits,
        [
            ("waits", count),
            ("waits_closed", waits.closed),
            ("wait_days_median", _median(days)),
            ("wait_days_max", None if hidden else longest),
        ],
    )
    if limits.longest is not None and limits.within is not None:
        over = count - bisect_right(days, limits.longest)
        prolonged = len(waits.lasting) - bisect_right(waits.lasting, limits.longest)
        told: list[tuple[str, float | None]] = [
            ("waits_over_treeknorm", None if hidden else over),
            ("waits_over_treeknorm_ratio", round(over / count, 6) if count else None),
            ("waits_prolonged", None if not prolonged and waits.doubtful > limits.longest else prolonged),
        ]
        if access == UNDECIDED:
            told.append(("waits_undecidable", count - over - bisect_right(days, limits.within)))
        if limits.target is not None:
            within = bisect_right(days, limits.target)
            told += [
                ("waits_within_target", within),
                ("waits_within_target_ratio", round(within / count, 6) if count else None),
            ]
        yield from _figures({"access": access, "specialism": specialism}, waits, told)


def treatment_figures(key: Key, waits: Waits, limits: Limits) -> Iterator[Indicator]:
    """Yield the indicators of one treatment; none where no row stands."""
    if not waits.rows:
        return
    days, count = waits.days, len(waits.days)
    told: list[tuple[str, float | None]] = [
        ("treatment_waits", count),
        ("treatment_wait_days_median", _median(days)),
    ]
    if limits.longest is not None:
        over = None if _hides_one_over(waits, limits) else count - bisect_right(days, limits.longest)
        told.append(("treatment_waits_over_treeknorm", over))
    yield from _figures({"access": key[0], "specialism": key[1], "treatment": key[2]}, waits, told)


def _figures(
    labels: dict[str, str], waits: Waits, told: Iterable[tuple[str, float | None]]
) -> Iterator[Indicator]:
    observed = waits.newest * 86_400
    share = round(fsum((waits.whole, *waits.shares)) / (waits.rows + waits.missed), 4)
    for name, value in told:
        yield Indicator(name, labels, value, observed, share, len(waits.days))


def _hides_one_over(waits: Waits, limits: Limits) -> bool:
    """Return whether no wait that stands is over the norm while a missed one was."""
    if limits.longest is None or waits.longest_missed <= limits.longest:
        return False
    return not waits.days or waits.days[-1] <= limits.longest


def _median(days: list[float]) -> float | None:
    if not days:
        return None
    middle = len(days) // 2
    return round(float(days[middle] if len(days) % 2 else (days[middle - 1] + days[middle]) / 2), 2)
