"""`care.waiting-times`: how long people wait for access to care."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal, get_args

import msgspec
from msgspec import Meta

from streams.reports.declaration import EVEN_WEEKS, FREE, Declaration
from streams.reports.report import ALL, Count, Name, Report, refuse_total

AccessKind = Literal[
    "polikliniek",
    "diagnostiek",
    "dagbehandeling",
    "klinisch",
    "behandeling",
    "ggz-aanmelding",
    "ggz-beoordeling",
    "ggz-extramuraal",
    "ggz-semimuraal",
    "ggz-intramuraal",
    "ggz-beschermd-wonen",
    "verpleeghuis",
    "verzorging",
    "wijkverpleging",
    "wlz-extramuraal",
    "wlz-intramuraal",
    "gehandicapten-dagbesteding",
    "gehandicapten-wonen",
    "gehandicapten-zintuiglijk-wonen",
    "huisarts",
    "apotheek",
    "paramedisch",
    "mondzorg",
]
"""What one waits for; waits of different kinds are never added or averaged.

Days of `huisarts` and `apotheek` are working days, as their norms are.
Treatment in the ggz (`ggz-extramuraal`, `ggz-semimuraal`, `ggz-intramuraal`) is from intake to treatment, as providers publish it.
"""

WaitStatus = Literal["known", "insufficient", "closed", "unknown"]


class WaitRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The wait for one treatment of one specialism.

    Attributes:
        specialism: medical specialism, or the ggz circuit.
        treatment: treatment, or empty where the source does not split.
        access: what is waited for.
        days: the wait in days; present exactly when `status` is `known`.
        observations: number of waits it rests on, null if not said.
        status: `known`; `insufficient` (too few observations to publish); `closed` (aanmeldstop, no new
            patients); `unknown` (the source left it empty).
    """

    specialism: Name
    access: AccessKind
    treatment: Annotated[str, Meta(max_length=160)] = ""
    days: Annotated[float, Meta(ge=0, le=3650)] | None = None
    observations: Count | None = None
    status: WaitStatus = "known"

    def __post_init__(self) -> None:
        """Refuse a known wait without days, days without a known wait, and a total among its parts."""
        refuse_total(self.specialism)
        if (self.status == "known") != (self.days is not None):
            raise ValueError("`days` must be present exactly when `status` is `known`")


def _is_doubtful(report: Any) -> bool:
    for row in report.rows:  # noqa: SIM110 - a loop is faster than a generator
        if row.specialism == ALL or (row.status == "known") is (row.days is None):
            return True
    return False


class WaitingTimesReport(Report, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Waits at one location on one peildatum.

    Attributes:
        peildatum: reference date of the waits.
        resolution_days: 1, or 7 where the source publishes weeks (rounded up).
        rows: the waits.
    """

    declared: ClassVar[Declaration] = Declaration(
        topic="care.waiting-times",
        carries="waits per specialism, treatment and access kind, with the peildatum",
        called="Wachttijden",
        cadence=EVEN_WEEKS,
        stands="waits-stand",
        day="peildatum",
        labels={"access": get_args(AccessKind), "specialism": FREE, "treatment": FREE},
        subject=("specialism", "treatment", "access"),
        days={
            "waits-kept": (124, 496),  # as long as one can be missed, and once more
            "waits-stand": (14, 62),  # two peildata further apart do not follow each other
            "waits-missed": (14, 124),  # a wait that nothing followed; so long a location owes its supply
        },
        doubtful=_is_doubtful,
    )

    peildatum: date
    resolution_days: Literal[1, 7] = 1
    rows: Annotated[list[WaitRow], Meta(min_length=1, max_length=2000)]
