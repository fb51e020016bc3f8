"""`care.coordination`: what LNAZ, LCPS, ROAZ and supervisors decide, agree and tell each other."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from streams.reports.report import Count, Moment, Name, Report

Phase = Literal["1", "2A", "2B", "2C", "2D", "3"]
"""LNAZ phases, from regular care to severe crisis."""

Role = Literal[
    "zorgaanbieder",
    "zorgverzekeraar",
    "roaz-voorzitter",
    "lcps",
    "lnaz",
    "nza",
    "igj",
    "minister",
]

_Text = Annotated[str, Meta(max_length=400)]


class PhaseChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="phase-change", tag_field="kind"):  # fmt: skip
    """A new phase, from `effective_at`; it carries who asked for it and who confirmed it."""

    phase: Phase
    effective_at: Moment
    requested_by: Role
    confirmed_by: Role


class Agreement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="agreement", tag_field="kind"):  # fmt: skip
    """A regional agreement: `spreading` of COVID patients, or `ic-dependent` critical plannable care."""

    subject: Literal["spreading", "ic-dependent"]
    agreed_at: Moment
    valid_to: Moment
    parties: Annotated[list[Name], Meta(min_length=1, max_length=100)]
    initiated_by: Role
    recorded_at: Moment | None = None


class Transfer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="transfer", tag_field="kind"):  # fmt: skip
    """Patients moved from the report's region to another."""

    to_region: Annotated[str, Meta(pattern=r"^R[0-9]{2}\Z")]
    unit: Literal["ic", "ward"]
    count: Count
    decided_by: Role


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="notice", tag_field="kind"):  # fmt: skip
    """One role informs another about a breach; `answers` names the notice it follows."""

    sender: Role
    receiver: Role
    norm: Name
    subject: _Text
    answers: Name | None = None


class ReportPublished(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="report-published", tag_field="kind"):  # fmt: skip
    """A periodic report has been published."""

    publisher: Role
    report: Name
    period: Name


CoordinationEvent = PhaseChange | Agreement | Transfer | Notice | ReportPublished


class CoordinationReport(Report, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that happened between the parties; `event.kind` says which."""

    event: CoordinationEvent
