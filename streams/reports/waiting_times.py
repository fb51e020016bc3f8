"""`care.waiting-times`: how long people wait for access to care."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from streams.indicators import ALL
from streams.reports.report import Count, Name, Report

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
        if self.specialism == ALL:
            raise ValueError("`specialism` must not be `all`, that is our own total; send the parts")
        if (self.status == "known") != (self.days is not None):
            raise ValueError("`days` must be present exactly when `status` is `known`")


class WaitingTimesReport(Report, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Waits at one location on one peildatum.

    Attributes:
        peildatum: reference date of the waits.
        resolution_days: 1, or 7 where the source publishes weeks (rounded up).
        rows: the waits.
    """

    peildatum: date
    resolution_days: Literal[1, 7] = 1
    rows: Annotated[list[WaitRow], Meta(min_length=1, max_length=2000)]
