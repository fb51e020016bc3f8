"""`care.coordination`: what LNAZ, LCPS, ROAZ and supervisors decide, agree and tell each other."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal, get_args

import msgspec
from msgspec import Meta

from streams.regions import REGIONS
from streams.reports.declaration import FREE, WHEN_IT_HAPPENS, Declaration, fields_of
from streams.reports.occupancy import Unit
from streams.reports.refused import RefusedError, check_date, check_moment
from streams.reports.report import ALL, Count, Moment, Name, Report

Phase = Literal["1", "2A", "2B", "2C", "2D", "3"]
"""LNAZ phases, from regular care to severe crisis."""

Role = Literal[
    "zorgaanbieder",
    "zorgverzekeraar",
    "roaz-voorzitter",
    "lcps",
    "rcps",
    "ggd-ghor",
    "lnaz",
    "nza",
    "igj",
    "minister",
]

Anchor = Literal["E1", "E2", "E3a", "E3b", "E4", "E5", "E6"]
"""Steps of the escalation ladder, as the frameworks order them."""

ReportKind = Literal[
    "zorgbeeld",
    "ketenmonitor",
    "monitor-inhaalzorg",
    "toegankelijkheid",
    "lcps-inzicht",
    "regiobeeld",
    "volume-inhaalzorg",
]
"""Periodic reports: two-weekly, three-weekly, monthly, monthly, daily, when asked, once."""

Subject = Literal["spreading", "ic-dependent"]

_Text = Annotated[str, Meta(max_length=400)]


class PhaseChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="phase-change", tag_field="kind"):  # fmt: skip
    """A new phase, from `effective_at`; it carries who asked for it and who confirmed it."""

    phase: Phase
    effective_at: Moment
    requested_by: Role
    confirmed_by: Role


class Agreement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="agreement", tag_field="kind"):  # fmt: skip
    """A regional agreement: `spreading` of COVID patients, or `ic-dependent` critical plannable care.

    `reserved_ic_beds` are the IC beds that it keeps for IC-dependent critical plannable care.
    """

    subject: Subject
    agreed_at: Moment
    valid_to: Moment
    parties: Annotated[list[Name], Meta(min_length=1, max_length=100)]
    initiated_by: Role
    recorded_at: Moment | None = None
    reserved_ic_beds: Count | None = None


class Transfer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="transfer", tag_field="kind"):  # fmt: skip
    """Patients moved from the report's region to another."""

    to_region: Annotated[str, Meta(pattern=r"^R[0-9]{2}\Z")]
    unit: Unit
    count: Count
    decided_by: Role


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="notice", tag_field="kind"):  # fmt: skip
    """One role informs another about a breach. A correction keeps the report's id, by which the next step answers it.

    Attributes:
        sender: who tells.
        receiver: who is told.
        norm: id of the norm that is exceeded.
        subject: what it is about; no word about a person.
        anchor: step of the ladder that it is; null where the sender does not say.
        answers: report id of the notice it follows; the first step follows none.
        via: role in coordination with whom it was sent, such as the ROAZ chair on the way to IGJ.
    """

    sender: Role
    receiver: Role
    norm: Name
    subject: _Text
    anchor: Anchor | None = None
    answers: Name | None = None
    via: Role | None = None


class ReportPublished(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="report-published", tag_field="kind"):  # fmt: skip
    """A periodic report has been published, about a region or, keyed `NL`, the country.

    `period` is what it is about, such as `2021-W46` or `2021-11`.
    """

    publisher: Role
    report: ReportKind
    period: Name


class PlanRecorded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="plan", tag_field="kind"):  # fmt: skip
    """The location's plan inhaalzorg: what it covers, and whether the insurers have it (policy letter July 2021)."""

    handed_to_insurers: bool
    recovery_section: bool
    chain_section: bool


class Mediation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="mediation", tag_field="kind"):  # fmt: skip
    """Zorgbemiddeling by an insurer in one week: requests, how many found care, median days to an answer."""

    week_start: date
    requested: Count
    matched: Count
    answer_days: Annotated[float, Meta(ge=0, le=365)] | None = None

    def __post_init__(self) -> None:
        """Refuse a week that does not start on a Monday."""
        if self.week_start.weekday():
            raise ValueError("`week_start` must be a Monday")


class WebsiteChecked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="website", tag_field="kind"):  # fmt: skip
    """What a website says about waits (provider) or mediation (insurer), as seen at `observed_at`.

    `updated_on` is the date of the information, null where there is none at all; `split` whether polikliniek and
    behandeling are told apart (kader MSZ art. 4.1, 4.2).
    """

    publisher: Role
    updated_on: date | None = None
    split: bool = False


CoordinationEvent = (
    PhaseChange | Agreement | Transfer | Notice | ReportPublished | PlanRecorded | Mediation | WebsiteChecked
)


_MOMENTS = {kind: fields_of(kind, datetime) for kind in get_args(CoordinationEvent)}
_DATES = {kind: fields_of(kind, date) for kind in get_args(CoordinationEvent)}


def _check_event(report: Any) -> None:
    event: CoordinationEvent = report.event
    if isinstance(event, Agreement) and event.valid_to < event.agreed_at:
        raise RefusedError(
            "impossible-time",
            f"`event.valid_to` {event.valid_to} lies before `event.agreed_at` {event.agreed_at}; correct the wrong one",
        )
    if isinstance(event, Transfer) and event.to_region not in REGIONS:
        raise RefusedError("unknown-region", f"`event.to_region` is {event.to_region}; use R01...R11")
    for name in _MOMENTS[type(event)]:
        if (moment := getattr(event, name)) is not None:
            check_moment(f"event.{name}", moment)
    for name in _DATES[type(event)]:
        if (day := getattr(event, name)) is not None:
            check_date(f"event.{name}", day, report.received_at)


class CoordinationReport(Report, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that happened between the parties; `event.kind` says which.

    Keyed `NL`, a phase, an agreement, a notice and a published report are about the country, whatever `location` says.
    """

    declared: ClassVar[Declaration] = Declaration(
        topic="care.coordination",
        carries="phase changes, agreements, transfers, notices, published reports, plans, mediation",
        called="Coördinatie",
        cadence=WHEN_IT_HAPPENS,
        stands="",
        day="observed_at",
        labels={
            "subject": get_args(Subject),
            "anchor": (*get_args(Anchor), ALL),
            "report": get_args(ReportKind),
            "unit": get_args(Unit),
            "norm": FREE,
            "publisher": FREE,
        },
        rows="",
        days={
            "coordination-kept": (366, 1600),  # phases, agreements, published reports and plans
            "transfers-kept": (7, 62),  # of which seven days are counted
            "notices-kept": (366, 800),  # so that a later step finds the one that it answers
            "notices-counted": (1, 366),  # as skipped or misdirected, today with them
            "mediation-kept": (14, 186),
            "website-kept": (92, 371),
            "website-held": (185, 742),
            "website-stands": (1, 92),
            "website-missed": (1, 185),  # one that nobody looks at any more
        },
        check=_check_event,
    )

    event: CoordinationEvent
