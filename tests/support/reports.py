"""Builders of reports and records, with everything that a test does not care about filled in."""

from datetime import UTC, date, datetime, timedelta

from streams.recording import Record, record_of
from streams.reports import (
    BedReading,
    CoordinationReport,
    FollowUpReport,
    FollowUpRow,
    OccupancyReport,
    PhaseChange,
    ReferralRow,
    ReferralsReport,
    Report,
    WaitingTimesReport,
    WaitRow,
)
from streams.topics import COORDINATION, FOLLOW_UP, OCCUPANCY, REFERRALS, WAITING_TIMES

MONDAY = datetime(2021, 11, 15, 12, tzinfo=UTC)
"""A Monday noon: when a report is made unless a test says otherwise."""

TOPIC_OF = {
    OccupancyReport: OCCUPANCY,
    WaitingTimesReport: WAITING_TIMES,
    ReferralsReport: REFERRALS,
    FollowUpReport: FOLLOW_UP,
    CoordinationReport: COORDINATION,
}


def _common(at: datetime, received: datetime | None, own: dict) -> dict:
    told = {"source": "sim-beds", "region": "R07", "location": "A"} | own
    names = (told["source"], told["region"], told["location"], at.isoformat(), str(own.get("revision", 0)))
    return {"id": "/".join(names), "observed_at": at, "received_at": received or at} | told


def beds(at: datetime = MONDAY, received: datetime | None = None, *, readings=None, **own) -> OccupancyReport:
    """An IC with 50 of 100 staffed beds taken, unless `readings` says otherwise."""
    readings = readings or [BedReading(unit="ic", label="total", occupied=50, staffed=100)]
    return OccupancyReport(**_common(at, received, own), readings=readings)


def ic(occupied: int, staffed: int = 100, at: datetime = MONDAY, **own) -> OccupancyReport:
    """An IC with so many of its staffed beds taken."""
    return beds(
        at, readings=[BedReading(unit="ic", label="total", occupied=occupied, staffed=staffed)], **own
    )


def waits(
    days: list[float],
    at: datetime = MONDAY,
    access: str = "polikliniek",
    peildatum: date | None = None,
    **own,
) -> WaitingTimesReport:
    """Known waits of so many days, one treatment each."""
    rows = [
        WaitRow(specialism="orthopedie", access=access, treatment=f"t{number}", days=wait)
        for number, wait in enumerate(days)
    ]
    return WaitingTimesReport(**_common(at, None, own), peildatum=peildatum or at.date(), rows=rows)


def referrals(
    count: int, expected: int, at: datetime = MONDAY, week: date | None = None, **own
) -> ReferralsReport:
    """Referrals of a whole week: the one before, unless `week` names its Monday."""
    monday = week or (at - timedelta(days=7 + at.weekday())).date()
    rows = [ReferralRow(specialism="orthopedie", target="hospital", count=count, expected=expected)]
    return ReferralsReport(**_common(at, None, own), week_start=monday, rows=rows)


def follow_up(waiting: int, free: int, at: datetime = MONDAY, **own) -> FollowUpReport:
    """Patients that wait for geriatric rehabilitation, and its free places."""
    rows = [FollowUpRow(sector="grz", waiting_in_hospital=waiting, free_places=free)]
    return FollowUpReport(**_common(at, None, own), rows=rows)


def phase(name: str, at: datetime = MONDAY, **own) -> CoordinationReport:
    """A change of the phase, from now on."""
    event = PhaseChange(phase=name, effective_at=at, requested_by="lnaz", confirmed_by="minister")
    return CoordinationReport(**_common(at, None, {"source": "sim-lnaz"} | own), event=event)


def record(report: Report) -> Record:
    """The record of a report, on the topic of its type."""
    return record_of(TOPIC_OF[type(report)], report)
