"""What a report type declares of itself, once, beside its fields; whoever needs to know it of a topic reads it there.

`streams.reports` holds the types. The codec, the fast road in, the limits of counts, the topics, the norms' checks of
labels and parameters, the counting of old reports and the pages all follow from what is declared.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_type_hints

import msgspec

Limits = Mapping[str, tuple[int, int]]
"""By field: the most that one location or network can have (R01...R11), and the most that the country can have (NL)."""

EVERY = ""
"""The unit of rows that have none, in `Declaration.limits`."""

FREE: tuple[str, ...] = ()
"""The values of a label that may be any text, in `Declaration.labels`."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often it is reported.

    Attributes:
        old_days: a report that comes more days after `observed_at` is old on arrival (`backdated_reports`).
    """

    old_days: int


DAILY = Cadence(old_days=3)
WEEKLY = Cadence(old_days=21)
EVEN_WEEKS = Cadence(old_days=21)
WHEN_IT_HAPPENS = Cadence(old_days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One report type.

    Attributes:
        topic: the topic that carries it.
        carries: what is in it, in a few words for the topic catalogue.
        called: what pages call it (Dutch).
        cadence: how often it comes, and when it is old on arrival.
        stands: the parameter that says for how long it stands for now: data of longer ago are old on a page. Empty
            where age says nothing.
        day: the field that says which day it is about. A day after `received_at` is refused: the newest stands for
            now, so one in the far future would hide every later report.
        labels: the values of each label of its indicators, which norms may select; `FREE` where any text is one.
        rows: the field that holds its rows, empty where it has none.
        subject: the fields of a row that say what it is about. No two rows of a report are about the same: of two
            figures nobody could say which one holds. Empty where there are no rows.
        limits: what the counts in a row (of a report without rows: its own) cannot exceed, by the `unit` of the row,
            or under `EVERY`. A field that is not named keeps the limit of its type.
        days: the parameters that say for how many days something of it counts, each with the lowest and the highest
            that a norms file may say; what they are stands in that file alone. What is older than `-kept` is late, the
            newest is remembered for `-held`, it stands for now for `-stand(s)`, and is carried forward for `-missed`.
        doubtful: says in one go, for the fast road in, whether `__post_init__` of the report or of a row would refuse
            (`WeeklyReport` checks its own). Without it a type with such a check takes the careful road.
        check: raises `RefusedError` for what no type of a field can say.
    """

    topic: str
    carries: str
    called: str
    cadence: Cadence
    stands: str
    day: Literal["observed_at", "week_start", "peildatum"]
    labels: Mapping[str, tuple[str, ...]]
    rows: str = "rows"
    subject: tuple[str, ...] = ()
    limits: Mapping[str, Limits] = field(default_factory=dict)
    days: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    doubtful: Callable[[Any], bool] | None = None
    check: Callable[[Any], None] | None = None


def row_type(kind: Any) -> type[msgspec.Struct]:
    """Return the type of the rows of a report type, or itself where it has none."""
    declared: Declaration = kind.declared
    if not declared.rows:
        return kind  # type: ignore[no-any-return]
    (row,) = get_args(get_type_hints(kind)[declared.rows])
    return row  # type: ignore[no-any-return]


def fields_of(kind: Any, of: type) -> list[str]:
    """Return the names of the fields of a struct that hold a value of one type, or such a value or null."""
    return [field.name for field in msgspec.structs.fields(kind) if of in _within(field.type)]


def _within(hint: Any) -> Iterator[Any]:
    yield hint
    for inner in get_args(hint):
        yield from _within(inner)
