"""Patients moved to other regions, counted over seven days."""

from collections.abc import Iterator
from typing import get_args, get_type_hints

from streams.calendar import local_day
from streams.reports import Transfer
from streams.status import Indicator

KEPT_DAYS = 14
"""Transfers are held this many days; older ones are late."""

COUNTED_DAYS = 7
"""Transfers of this many days, today with them, are counted."""

UNITS: tuple[str, ...] = tuple(sorted(get_args(get_type_hints(Transfer)["unit"])))

Subject = tuple[str, int, str, str, str]
"""Location, observed second, region to which they went, unit, who decided."""

Transfers = dict[Subject, tuple[int, int, int]]
"""Revision, received second, patients."""


def subject_of(event: Transfer, location: str, observed: int) -> Subject:
    """Return which transfer a report is about; said again it is corrected, not added."""
    return location, observed, event.to_region, event.unit, event.decided_by


def forget(transfers: Transfers, today: int) -> None:
    """Forget old transfers."""
    for subject in [subject for subject in transfers if local_day(subject[1]) < today - KEPT_DAYS]:
        del transfers[subject]


def transfer_figures(transfers: Transfers, today: int, heard: int) -> Iterator[Indicator]:
    """Yield the patients moved, by unit; nobody is 0, as far as was heard up to second `heard`."""
    for unit in UNITS:
        own = [
            (subject[1], count)
            for subject, (_, _, count) in transfers.items()
            if subject[3] == unit and local_day(subject[1]) > today - COUNTED_DAYS
        ]
        observed = max((moment for moment, _ in own), default=heard)
        moved = sum(count for _, count in own)
        yield Indicator("transfers_out_7d", {"unit": unit}, moved, observed)
