"""Patients moved to other regions, counted over seven days, and by whom.

Between regions LCPS decides, inside a region the RCPS (kader MSZ, 1-3-2022, art. 1.3a and 1.3b).
"""

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


def transfer_figures(transfers: Transfers, today: int, region: str, heard: int) -> Iterator[Indicator]:
    """Yield the patients moved out of a region, by unit; nobody is 0, as far as was heard up to second `heard`.

    Who moves within the region (RCPS) does not leave it.
    """
    week = [
        (subject, count)
        for subject, (_, _, count) in transfers.items()
        if local_day(subject[1]) > today - COUNTED_DAYS and subject[2] != region
    ]
    for unit in UNITS:
        yield _moved("transfers_out_7d", {"unit": unit}, [one for one in week if one[0][3] == unit], heard)
    others = [one for one in week if one[0][4] != "lcps" and one[1]]
    yield _moved("transfers_by_others_7d", {}, others, heard)


def _moved(name: str, labels: dict[str, str], found: list[tuple[Subject, int]], heard: int) -> Indicator:
    observed = max((subject[1] for subject, _ in found), default=heard)
    return Indicator(name, labels, sum(count for _, count in found), observed)
