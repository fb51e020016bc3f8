"""Builders of reports and records, with everything that a test does not care about filled in."""

from datetime import UTC, date, datetime, timedelta

from streams.recording import Record, record_of
from streams.reports import (
    REPORT_TYPES,
    AbsenceReport,
    AbsenceRow,
    BedReading,
    CoordinationReport,
    FollowUpReport,
    FollowUpRow,
    ForecastReport,
    ForecastRow,
    OccupancyReport,
    OperatingRoomsReport,
    PhaseChange,
    ProductionReport,
    ProductionRow,
    ReferralRow,
    ReferralsReport,
    Report,
    WaitingTimesReport,
    WaitRow,
    WorkstockReport,
    WorkstockRow,
)
from streams.reports.coordination import CoordinationEvent

MONDAY = datetime(2021, 11, 15, 12, tzinfo=UTC)
"""A Monday noon: when a report is made unless a test says otherwise."""

TOPIC_OF = {kind: topic for topic, kind in REPORT_TYPES.items()}


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


def rooms(in_use: int | None, normal: int | None = 20, at: datetime = MONDAY, **own) -> OperatingRoomsReport:
    """Operating rooms in use on a day, of those that usually are."""
    return OperatingRoomsReport(**_common(at, None, own), rooms_in_use=in_use, rooms_normal=normal)


def stock_row(urgency: str = "U3", patients: int | None = 40, **own) -> WorkstockRow:
    """Patients of orthopaedics in one class, none of them overdue."""
    told = {"specialism": "orthopedie", "overdue": 0, "overdue_postponed": 0, "or_hours": 80.0} | own
    return WorkstockRow(urgency=urgency, patients=patients, **told)


def workstock(*rows: WorkstockRow, at: datetime = MONDAY, week: date | None = None, **own) -> WorkstockReport:
    """The werkvoorraad of a week: the one of `at`, unless `week` names its Monday."""
    monday = week or (at - timedelta(days=at.weekday())).date()
    return WorkstockReport(**_common(at, None, own), week_start=monday, rows=list(rows or (stock_row(),)))


def operations(
    count: int = 40, urgency: str | None = "U4", reference: int | None = 50, **own
) -> ProductionRow:
    """Operations of one class."""
    return ProductionRow(
        **{"kind": "operatie", "count": count, "urgency": urgency, "reference": reference} | own
    )


def production(
    *rows: ProductionRow, at: datetime = MONDAY, week: date | None = None, **own
) -> ProductionReport:
    """What was done in a whole week: the one before, unless `week` names its Monday."""
    monday = week or (at - timedelta(days=7 + at.weekday())).date()
    return ProductionReport(**_common(at, None, own), week_start=monday, rows=list(rows or (operations(),)))


def absence(
    rate: float, employees: int = 100, at: datetime = MONDAY, sector: str = "ziekenhuis", **own
) -> AbsenceReport:
    """Absence in the week of `at`; `long_rate` goes into its row."""
    row = AbsenceRow(sector=sector, rate=rate, employees=employees, long_rate=own.pop("long_rate", None))
    monday = own.pop("week", None) or (at - timedelta(days=at.weekday())).date()
    return AbsenceReport(**_common(at, None, own), week_start=monday, rows=[row])


def forecast(
    beds_of_day: list[int], at: datetime = MONDAY, planned: int | None = None, unit: str = "ic", **own
) -> ForecastReport:
    """What is expected on the days after `at`, one figure a day."""
    rows = [
        ForecastRow(unit=unit, day=day, covid_beds=count, planned_beds=planned)
        for day, count in enumerate(beds_of_day, 1)
    ]
    return ForecastReport(**_common(at, None, {"source": "sim-lcps"} | own), rows=rows)


def event(told: CoordinationEvent, at: datetime = MONDAY, **own) -> CoordinationReport:
    """Something that happened between the parties."""
    return CoordinationReport(**_common(at, None, {"source": "sim-lnaz"} | own), event=told)


def phase(name: str, at: datetime = MONDAY, **own) -> CoordinationReport:
    """A change of the phase, from now on."""
    event = PhaseChange(phase=name, effective_at=at, requested_by="lnaz", confirmed_by="minister")
    return CoordinationReport(**_common(at, None, {"source": "sim-lnaz"} | own), event=event)


def record(report: Report) -> Record:
    """The record of a report, on the topic of its type."""
    return record_of(TOPIC_OF[type(report)], report)
