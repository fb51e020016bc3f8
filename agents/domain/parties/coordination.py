"""`care.coordination` becomes state: what LNAZ, LCPS, ROAZ and supervisors decide, agree, publish and tell each other.

Each kind of event has a file of its own: `phases`, `agreements`, `transfers`, `notices`, `published`,
`mediation_requests`.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from agents.domain.parties import agreements, mediation_requests, notices, phases, published, transfers
from agents.domain.parties.agreements import Agreements
from agents.domain.parties.mediation_requests import Weeks
from agents.domain.parties.notices import Notices
from agents.domain.parties.phases import Changes
from agents.domain.parties.published import PERIODIC, Plans, Published, Websites
from agents.domain.parties.transfers import Transfers
from agents.domain.statements.outcome import Outcome
from agents.domain.statements.silent import Last
from agents.domain.statements.weeks import Spans
from alerts.norms import Norms
from streams.calendar import day_number, day_start, local_day
from streams.regions import NL
from streams.reports import (
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
from streams.reports.coordination import CoordinationEvent
from streams.status import Indicator

KEPT_DAYS = 800
"""What was said longer ago than this is late, and most of it forgotten; not the phase in force."""


class CoordinationState(msgspec.Struct):
    """What happened in one region, by kind of event.

    Attributes:
        heard: newest observed second of any event: up to then, what was not told did not happen.
        reporting: oldest observed second of a periodic report about the country, 0 before the first.
    """

    phases: Changes = {}
    agreements: Agreements = {}
    transfers: Transfers = {}
    notices: Notices = {}
    published: Published = {}
    plans: Plans = {}
    websites: Websites = {}
    mediation: Weeks = {}
    heard: int = 0
    reporting: int = 0


def fold(
    state: CoordinationState, report: CoordinationReport, observed: int, received: int, today: int
) -> Outcome:
    """Take a report into the state; `late` if it is too old to matter.

    A phase that nothing contradicts stands however old it is, also when it is told only now.
    """
    if _is_late(report.event, observed, today) and not _still_in_force(
        state, report, observed, received, today
    ):
        return "late"
    state.heard = max(state.heard, observed)
    if isinstance(report.event, ReportPublished) and report.region == NL and report.event.report in PERIODIC:
        state.reporting = min(observed, state.reporting or observed)
    held, key, new = _place_of(state, report, observed, received)
    if key in held and held[key] >= new:
        return "duplicate"
    held[key] = new
    return "applied"


def _is_late(event: CoordinationEvent, observed: int, today: int) -> bool:
    """Return whether an event would be forgotten at once on local day `today` (0 before the first tick)."""
    day = local_day(observed)
    match event:
        case Transfer():
            return day < today - transfers.KEPT_DAYS
        case Notice():
            return day < today - notices.KEPT_DAYS
        case WebsiteChecked():
            return day < today - published.WEBSITE_KEPT_DAYS
        case Mediation():
            return bool(today) and day_number(event.week_start) < today - mediation_requests.KEPT_DAYS
        case _:
            return day < today - KEPT_DAYS


def _still_in_force(
    state: CoordinationState, report: CoordinationReport, observed: int, received: int, today: int
) -> bool:
    if not isinstance(report.event, PhaseChange):
        return False
    subject = (report.source, report.location, observed)
    change = phases.change_of(report.event, report.revision, received)
    return phases.would_stand(state.phases, subject, change, day_start(today - KEPT_DAYS))


def _place_of(
    state: CoordinationState, report: CoordinationReport, observed: int, received: int
) -> tuple[dict[Any, Any], Any, Any]:
    """Return where a report belongs: the dictionary, its key there, and what stands there if it is the newest."""
    event, location, revision = report.event, report.location, report.revision
    said = (observed, revision, received)
    place: tuple[dict[Any, Any], Any, Any]
    match event:
        case PhaseChange():
            subject = (report.source, location, observed)
            place = (state.phases, subject, phases.change_of(event, revision, received))
        case Agreement():
            of = agreements.subject_of(event, location, observed)
            place = (state.agreements, of, agreements.held_of(event, *said))
        case Transfer():
            moved = transfers.subject_of(event, location, observed)
            place = (state.transfers, moved, (revision, received, event.count))
        case Notice():
            place = (state.notices, report.id, notices.held_of(event, *said))
        case ReportPublished():
            place = (state.published, event.report, said)
        case PlanRecorded():
            place = (state.plans, location, published.plan_of(event, *said))
        case Mediation():
            week = mediation_requests.week_of(event, *said, report.completeness)
            place = (state.mediation, (location, day_number(event.week_start)), week)
        case WebsiteChecked():
            website = published.website_of(event, *said)
            place = (state.websites, (event.publisher, location), website)
    return place


def advance(state: CoordinationState, today: int) -> None:
    """Forget events that are too old; the phase in force stays, however old, and so do the newest reports."""
    phases.forget(state.phases, day_start(today - KEPT_DAYS))
    agreements.forget(state.agreements, today)
    transfers.forget(state.transfers, today)
    notices.forget(state.notices, today)
    published.forget(state.plans, state.websites, today)
    mediation_requests.forget(state.mediation, today)


def moves(state: CoordinationState, since: int, until: int) -> bool:
    """Return whether a phase or an agreement begins or ends between two ticks; all else moves with the day."""
    return phases.moves(state.phases, since, until) or agreements.moves(state.agreements, since, until)


def indicators(state: CoordinationState, at: int, norms: Norms, region: str) -> Iterator[Indicator]:
    """Yield every coordination indicator as known at second `at`."""
    if not state.heard:
        return
    today = local_day(at)
    yield from phases.phase_figures(state.phases, at, region)
    yield from agreements.agreement_figures(state.agreements, at, state.heard)
    yield from transfers.transfer_figures(state.transfers, today, region, state.heard)
    yield from notices.notice_figures(
        state.notices, at, region, state.heard, norms.parameter("notices-counted")
    )
    yield from published.report_ages(state.published, today, state.reporting)
    yield from published.plan_figures(state.plans, state.heard)
    yield from published.website_figures(state.websites, _spans_of_websites(today, norms))
    yield from mediation_requests.mediation_figures(state.mediation, today)


def silent(state: CoordinationState, at: int, norms: Norms) -> dict[str, Last]:
    """Return the locations whose website nobody looks at any more, with when somebody did."""
    return published.silent_websites(state.websites, _spans_of_websites(local_day(at), norms))


def _spans_of_websites(today: int, norms: Norms) -> Spans:
    return Spans(today, norms.parameter("website-stands"), norms.parameter("website-missed"))
