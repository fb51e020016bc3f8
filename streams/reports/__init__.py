"""The reports: one record is one report with its readings. One file for each topic."""

from collections.abc import Mapping

from streams.reports.absence import AbsenceReport, AbsenceRow
from streams.reports.by_topic import by_topic
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

REPORT_TYPES: Mapping[str, type[Report]] = by_topic(
    (
        OccupancyReport,
        WaitingTimesReport,
        ReferralsReport,
        FollowUpReport,
        OperatingRoomsReport,
        WorkstockReport,
        ProductionReport,
        AbsenceReport,
        ForecastReport,
        CoordinationReport,
    )
)
"""The report type of each report topic, in the order in which people read of them."""

__all__ = [
    "REPORT_TYPES",
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
