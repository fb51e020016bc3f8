"""The reports: one record is one report with its readings. One file for each topic."""

from streams.reports.coordination import (
    Agreement,
    CoordinationReport,
    Notice,
    PhaseChange,
    ReportPublished,
    Transfer,
)
from streams.reports.follow_up import FollowUpReport, FollowUpRow
from streams.reports.occupancy import BedReading, OccupancyReport
from streams.reports.referrals import ReferralRow, ReferralsReport
from streams.reports.report import Report
from streams.reports.waiting_times import WaitingTimesReport, WaitRow

__all__ = [
    "Agreement",
    "BedReading",
    "CoordinationReport",
    "FollowUpReport",
    "FollowUpRow",
    "Notice",
    "OccupancyReport",
    "PhaseChange",
    "ReferralRow",
    "ReferralsReport",
    "Report",
    "ReportPublished",
    "Transfer",
    "WaitRow",
    "WaitingTimesReport",
]
