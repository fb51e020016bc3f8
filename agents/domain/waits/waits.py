"""Waits and what they are held against: of one treatment, or added up of a specialism, or of all of them.

Kinds of access are never added or averaged. A wait of exactly the norm is within it. A feed that says only
`behandeling` does not tell poliklinisch from klinisch: up to the maximum of the one a wait is within, beyond that
of the other over it, and in between nobody can say (43 to 49 days; norms.md section 1, after the NZa feed).

Silence is no shorter wait: a row that no longer stands and that nothing followed is missed. So is one after which the
source left its row empty, closed the intake, or had too few to publish: whoever needs care there waits no less. As long
as it was over the norm, what is told of the others may say that one waits too long, never that nobody does. One that is
missed too long is given up: it says nothing any more, and whoever judges without it must know so.
"""

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

from alerts.norms import Treeknorm


class Row(NamedTuple):
    """One row of one supply: its peildatum (a day), the wait in days and the patients that it rests on (-1 without)."""

    peildatum: int
    revision: int
    received: int
    status: str
    days: float
    completeness: float
    source: str
    weight: float = -1.0


class Key(NamedTuple):
    """What a wait is for; the treatment is empty where the source does not split."""

    access: str
    specialism: str
    treatment: str


class GivenUp(NamedTuple):
    """A wait that is missed no more: what was told last, too long ago.

    Attributes:
        days: the wait.
        lasting: the shorter of it and the one before (-1 where that is not known).
        day: local day from which it is given up.
    """

    days: float
    lasting: float
    day: int


class Published(NamedTuple):
    """A wait as it is published, with the one on the peildatum before.

    Attributes:
        days: the wait.
        weight: the patients that it rests on, -1 where that is not said.
        before: the wait on the peildatum before, -1 where none follows on the other.
        before_weight: the patients that it rests on.
        view: in which view it first counts.
    """

    days: float
    weight: float
    before: float
    before_weight: float
    view: Literal["reported", "carried", "expired"]


class Standing(NamedTuple):
    """The newest row of a location.

    Attributes:
        row: the row.
        stands: whether it stands for now.
        missed: whether it is missed: it stands no more, and nothing followed it.
        lasting: the shorter of its wait and the one before (-1 where those are not both known).
        doubtful: the same, where it is not known that the wait lasted or still does (-1 elsewhere).
        missed_days: the wait that is missed: its own where it no longer stands, the last one before where it has none
            (-1 elsewhere).
        given_up: that wait where it is missed no more.
        published: the newest wait, told or missed or given up; None without.
    """

    row: Row
    stands: bool = True
    missed: bool = False
    lasting: float = -1.0
    doubtful: float = -1.0
    missed_days: float = -1.0
    given_up: GivenUp | None = None
    published: Published | None = None


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
        missed_days: the waits that are missed, of those or before a row without a wait, shortest first.
        doubtful: the waits of which it is not known that they last, shortest first.
        given_up: the waits that are missed no more, shortest first.
    """

    rows: int
    days: list[float]
    lasting: list[float]
    closed: int
    newest: int
    whole: int
    shares: list[float]
    missed: int
    missed_days: list[float]
    doubtful: list[float]
    given_up: list[GivenUp]


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
    answered = [row.completeness for row in rows if row.status != "unknown"]
    shares = [share for share in answered if share != 1]
    return Waits(
        len(rows),
        sorted(row.days for row in rows if row.status == "known"),
        sorted(one.lasting for one in standing if one.lasting >= 0),
        sum(row.status == "closed" for row in rows),
        max(row.peildatum for row in rows or [one.row for one in standing]),
        len(answered) - len(shares),
        shares,
        sum(one.missed for one in standing),
        sorted(one.missed_days for one in standing if one.missed_days >= 0),
        sorted(one.doubtful for one in standing if one.doubtful >= 0),
        sorted(one.given_up for one in standing if one.given_up is not None),
    )


def add_up(parts: Collection[Waits]) -> Waits:
    """Return the waits of several groups together; there is at least one."""
    days: list[float] = []
    lasting: list[float] = []
    shares: list[float] = []
    missed_days: list[float] = []
    doubtful: list[float] = []
    given_up: list[GivenUp] = []
    for part in parts:
        days += part.days
        lasting += part.lasting
        shares += part.shares
        missed_days += part.missed_days
        doubtful += part.doubtful
        given_up += part.given_up
    days.sort()  # sorted pieces one after another: the sort merges them
    lasting.sort()
    missed_days.sort()
    doubtful.sort()
    given_up.sort()
    return Waits(
        sum(part.rows for part in parts),
        days,
        lasting,
        sum(part.closed for part in parts),
        max(part.newest for part in [part for part in parts if part.rows] or parts),
        sum(part.whole for part in parts),
        shares,
        sum(part.missed for part in parts),
        missed_days,
        doubtful,
        given_up,
    )
