"""The reports: one record is one report with its readings. One file for each topic."""

from streams.reports.absence import AbsenceReport, AbsenceRow
from streams.reports.coordination import (
    Agreement,
    CoordinationReport,
    Mediation,
    Notice,
    PhaseChange,
    PlanRecorded,
    ReportPublished,
    Transfer,
    WebsiteChecked,
)
from streams.reports.follow_up import FollowUpReport, FollowUpRow
from streams.reports.forecast import ForecastReport, ForecastRow
from streams.reports.occupancy import BedReading, OccupancyReport
from streams.reports.operating_rooms import OperatingRoomsReport
from streams.reports.production import ProductionReport, ProductionRow
from streams.reports.referrals import ReferralRow, ReferralsReport
from streams.reports.report import Report
from streams.reports.waiting_times import WaitingTimesReport, WaitRow
from streams.reports.workstock import WorkstockReport, WorkstockRow

__all__ = [
    "AbsenceReport",
    "AbsenceRow",
    "Agreement",
    "BedReading",
    "CoordinationReport",
    "FollowUpReport",
    "FollowUpRow",
    "ForecastReport",
    "ForecastRow",
    "Mediation",
    "Notice",
    "OccupancyReport",
    "OperatingRoomsReport",
    "PhaseChange",
    "PlanRecorded",
    "ProductionReport",
    "ProductionRow",
    "ReferralRow",
    "ReferralsReport",
    "Report",
    "ReportPublished",
    "Transfer",
    "WaitRow",
    "WaitingTimesReport",
    "WebsiteChecked",
    "WorkstockReport",
    "WorkstockRow",
]
