"""The LNAZ phase in force, and whether the right parties asked for it and confirmed it.

Phase 2D is asked for by LNAZ or the ROAZ chairs and confirmed by the minister; phase 3 is national and confirmed by the
minister (letters of 14-12-2020 and 26-11-2021). Steps may be skipped. No phase is a single provider's to ask or confirm.
"""

from collections.abc import Iterator
from typing import NamedTuple

from agents.domain.parties.said import Said
from streams.calendar import seconds
from streams.regions import NL
from streams.reports import PhaseChange
from streams.status import Indicator

PHASES = ("1", "2A", "2B", "2C", "2D", "3")


class Subject(NamedTuple):
    """Which statement it is; a correction is about the same."""

    source: str
    location: str
    observed: int


class Change(NamedTuple):
    """A phase that comes into force."""

    revision: int
    received: int
    effective: int
    phase: str
    requested_by: str
    confirmed_by: str


Changes = dict[Subject, Change]


def statement_of(event: PhaseChange, said: Said) -> tuple[Subject, Change]:
    """Return which statement a report is, and what it says of a phase."""
    change = Change(
        said.revision,
        said.received,
        seconds(event.effective_at),
        event.phase,
        event.requested_by,
        event.confirmed_by,
    )
    return Subject(said.source, said.location, said.observed), change


def in_force(changes: Changes, at: int) -> Change | None:
    """Return the change that is in force at second `at`: of those that came into force last, the last said."""
    begun = (
        (change.effective, subject.observed, change, subject)
        for subject, change in changes.items()
        if change.effective <= at
    )
    _, _, newest, _ = max(begun, default=(0, 0, None, None))
    return newest


def forget(changes: Changes, first: int) -> None:
    """Forget what came into force before second `first`, but for the phase in force then, however old."""
    staying = in_force(changes, first)
    for subject in [s for s, change in changes.items() if change.effective < first and change != staying]:
        del changes[subject]


def would_stand(changes: Changes, subject: Subject, change: Change, first: int) -> bool:
    """Return whether a change from before second `first` is in force then, or corrects what is held, whenever it is told."""
    if subject in changes or change.effective >= first:
        return True
    newest = max(
        ((held.effective, of.observed, held, of) for of, held in changes.items() if held.effective <= first),
        default=None,
    )
    return newest is None or (change.effective, subject.observed, change, subject) > newest


def moves(changes: Changes, since: int, until: int) -> bool:
    """Return whether a phase came into force between two seconds."""
    return any(since < change.effective <= until for change in changes.values())


def phase_figures(changes: Changes, at: int, region: str) -> Iterator[Indicator]:
    """Yield the phase in force at second `at` as its rank from 1 (regular) to 6 (phase 3), and whether it is irregular."""
    change = in_force(changes, at)
    if change is not None:
        yield Indicator("phase", {}, PHASES.index(change.phase) + 1, change.effective)
        irregular = is_irregular(change.phase, change.requested_by, change.confirmed_by, region)
        yield Indicator("phase_change_irregular", {}, int(irregular), change.effective)


def is_irregular(phase: str, requested_by: str, confirmed_by: str, region: str) -> bool:
    """Return whether a phase was not asked for or confirmed by the right parties, or holds where it cannot."""
    if phase == "3" and (region != NL or confirmed_by != "minister"):
        return True
    if phase == "2D" and (requested_by not in {"lnaz", "roaz-voorzitter"} or confirmed_by != "minister"):
        return True
    return "zorgaanbieder" in {requested_by, confirmed_by}
