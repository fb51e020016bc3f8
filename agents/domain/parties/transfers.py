"""Patients moved to other regions, counted over seven days, and by whom.

Between regions LCPS decides, inside a region the RCPS (kader MSZ, 1-3-2022, art. 1.3a and 1.3b).
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, get_args, get_type_hints

from agents.domain.parties.said import Said
from streams.calendar import local_day
from streams.reports import Transfer
from streams.status import Indicator

_WEEK = 7

UNITS: tuple[str, ...] = tuple(sorted(get_args(get_type_hints(Transfer)["unit"])))


class Subject(NamedTuple):
    """Which transfer it is: said again it is corrected, not added."""

    location: str
    observed: int
    to_region: str
    unit: str
    decided_by: str


class Moved(NamedTuple):
    """How many patients were moved."""

    revision: int
    received: int
    patients: int


Transfers = dict[Subject, Moved]


def statement_of(event: Transfer, said: Said) -> tuple[Subject, Moved]:
    """Return which transfer a report is about, and what it says."""
    subject = Subject(said.location, said.observed, event.to_region, event.unit, event.decided_by)
    return subject, Moved(said.revision, said.received, event.count)


def forget(transfers: Transfers, first: int) -> None:
    """Forget transfers from before local day `first`."""
    for subject in [subject for subject in transfers if local_day(subject.observed) < first]:
        del transfers[subject]


def transfer_figures(transfers: Transfers, today: int, region: str, heard: int) -> Iterator[Indicator]:
    """Yield the patients moved out of a region, by unit; nobody is 0, as far as was heard up to second `heard`.

    Who moves within the region (RCPS) does not leave it.
    """
    week = [
        (subject, moved.patients)
        for subject, moved in transfers.items()
        if local_day(subject.observed) > today - _WEEK and subject.to_region != region
    ]
    for unit in UNITS:
        own = [(subject, count) for subject, count in week if subject.unit == unit]
        yield _moved("transfers_out_7d", {"unit": unit}, own, heard)
    others = [(subject, count) for subject, count in week if subject.decided_by != "lcps" and count]
    yield _moved("transfers_by_others_7d", {}, others, heard)


def _moved(name: str, labels: dict[str, str], found: Iterable[tuple[Subject, int]], heard: int) -> Indicator:
    found = list(found)
    observed = max((subject.observed for subject, _ in found), default=heard)
    return Indicator(name, labels, sum(count for _, count in found), observed)
