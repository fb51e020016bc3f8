"""`care.workstock`: werkvoorraad, who waits for an operation and how much operating time that takes."""

from typing import Annotated, ClassVar, Literal, get_args

import msgspec
from msgspec import Meta

from streams.reports.declaration import EVERY, FREE, WEEKLY, Declaration
from streams.reports.report import ALL, Count, Name, WeeklyReport, has_total, refuse_total

Urgency = Literal["U1", "U2", "U3", "U4", "U5"]
"""FMS urgency class: within a day, a week, six weeks; U4 and U5 have no day limit in the frameworks."""

Hours = Annotated[float, Meta(ge=0, le=1_000_000)]
"""Operating-room hours."""

NEEDS_IC = ("yes", "no", ALL)
"""Values of the label `ic`: care that needs an intensive care bed afterwards, care that does not, both together."""

STOCK = (100_000, 1_000_000)
"""Patients or operating hours in one class of one specialism; the whole catch-up of 2021 was 210,000 operations."""


class WorkstockRow(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """The stock of one specialism and urgency class. A field that is null is unknown, never 0.

    Limits run 24 hours for U1, 7 days for U2 and 42 days for U3, from two starts: the indication, and for
    postponed care the postponement (policy letter May 2021, kader MSZ art. 1.4a).

    Attributes:
        specialism: medical specialism.
        urgency: FMS class.
        ic_dependent: needs an intensive care bed afterwards.
        patients: people in the stock.
        or_hours: operating-room hours that they take.
        overdue: of them, past the limit counted from the indication.
        overdue_postponed: of them, past the limit counted from the postponement.
        reviewed: of those past a limit, with a recorded review of the risk of harm.
        over_treeknorm: of them, expected to wait longer than the Treeknorm.
        informed: of those, told of the wait and of zorgbemiddeling.
    """

    specialism: Name
    urgency: Urgency
    ic_dependent: bool = False
    patients: Count | None = None
    or_hours: Hours | None = None
    overdue: Count | None = None
    overdue_postponed: Count | None = None
    reviewed: Count | None = None
    over_treeknorm: Count | None = None
    informed: Count | None = None

    def __post_init__(self) -> None:
        """Refuse a total among its parts: it would be counted twice."""
        refuse_total(self.specialism)


class WorkstockReport(WeeklyReport, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Werkvoorraad of one location as it stood in one week.

    Attributes:
        week_start: Monday of the ISO week.
        rows: the stock; a class that is not named holds nobody.
    """

    declared: ClassVar[Declaration] = Declaration(
        topic="care.workstock",
        carries="werkvoorraad per specialism and urgency class: patients, OR hours, overdue",
        called="Werkvoorraad",
        cadence=WEEKLY,
        stands="workstock-stands",
        day="week_start",
        labels={"urgency": (*get_args(Urgency), ALL), "ic": NEEDS_IC, "specialism": FREE},
        subject=("specialism", "urgency", "ic_dependent"),
        limits={
            EVERY: dict.fromkeys(
                (
                    "patients",
                    "or_hours",
                    "overdue",
                    "overdue_postponed",
                    "reviewed",
                    "over_treeknorm",
                    "informed",
                ),
                STOCK,
            )
        },
        days={
            "workstock-kept": (49, 186),  # four weeks behind the oldest that stands must be there
            "workstock-held": (371, 1113),  # as long as it can be owed, and once more
            "workstock-stands": (6, 62),
            "workstock-missed": (20, 371),
            "workstock-owed": (20, 371),  # and is told as missing
        },
        doubtful=has_total,
    )

    rows: Annotated[list[WorkstockRow], Meta(min_length=1, max_length=1000)]
