"""`care.coordination`: what LNAZ, LCPS, ROAZ and supervisors decide, agree, publish and tell each other.

Each kind of event has a file of its own: `phases`, `agreements`, `transfers`, `notices`, `published`,
`mediation_requests`. Of each subject the last write wins.
"""

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
from typing_extensions import override

from agents.domain.parties import agreements, mediation_requests, notices, phases, published, transfers
from agents.domain.parties.agreements import Agreements
from agents.domain.parties.mediation_requests import Weeks
from agents.domain.parties.notices import Notices
from agents.domain.parties.phases import Changes
from agents.domain.parties.published import Plans, Published, Websites
from agents.domain.parties.said import Said
from agents.domain.parties.transfers import Transfers
from agents.domain.statements.folding import Folding
from agents.domain.statements.outcome import Outcome
from agents.domain.statements.stale import Last
from agents.domain.statements.standing import Standing
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
from streams.status import Indicator


class CoordinationState(msgspec.Struct):
    """What happened in one region, by kind of event.

    Attributes:
        heard: newest observed second of any event: up to then, what was not reported did not happen.
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


class _Kind(NamedTuple):
    """One kind of event.

    Attributes:
        held: where its statements are in the state.
        kept: parameter that says for how many days they are kept; older ones are late.
        statement_of: says what a report is about, and what it states of it.
    """

    held: Callable[[CoordinationState], dict[Any, Any]]
    kept: str
    statement_of: Callable[[Any, Said], tuple[Any, Any]]


_KINDS: Mapping[type, _Kind] = {
    PhaseChange: _Kind(attrgetter("phases"), "coordination-kept", phases.statement_of),
    Agreement: _Kind(attrgetter("agreements"), "coordination-kept", agreements.statement_of),
    Transfer: _Kind(attrgetter("transfers"), "transfers-kept", transfers.statement_of),
    Notice: _Kind(attrgetter("notices"), "notices-kept", notices.statement_of),
    ReportPublished: _Kind(attrgetter("published"), "coordination-kept", published.publication_of),
    PlanRecorded: _Kind(attrgetter("plans"), "coordination-kept", published.plan_of),
    WebsiteChecked: _Kind(attrgetter("websites"), "website-kept", published.website_of),
    Mediation: _Kind(attrgetter("mediation"), "mediation-kept", mediation_requests.statement_of),
}


class Coordination(Folding[CoordinationState, CoordinationReport]):
    """The fold of `care.coordination`."""

    state = CoordinationState

    @override
    def fold(
        self,
        state: CoordinationState,
        report: CoordinationReport,
        observed: int,
        received: int,
        today: int,
        norms: Norms,
    ) -> Outcome:
        """Take a report into the state; `late` if it is too old to matter.

        A phase that nothing contradicts stands however old it is, also when it is reported only now.
        """
        event = report.event
        kind = _KINDS[type(event)]
        said = Said(
            report.id,
            report.source,
            report.location,
            observed,
            report.revision,
            received,
            report.completeness,
        )
        first = today - int(norms.parameter(kind.kept))
        key, new = kind.statement_of(event, said)
        held = kind.held(state)
        if _day_of(event, observed, today) < first and not (
            isinstance(event, PhaseChange) and phases.would_stand(held, key, new, day_start(first))
        ):
            return "late"
        state.heard = max(state.heard, observed)
        if isinstance(event, ReportPublished) and report.region == NL and event.report in published.PERIODIC:
            state.reporting = min(observed, state.reporting or observed)
        if key in held and held[key] >= new:
            return "duplicate"
        held[key] = new
        return "applied"

    @override
    def advance(self, state: CoordinationState, today: int, norms: Norms) -> None:
        """Forget events that are too old; the phase in force stays, however old, and so do the newest reports."""
        kept, transfers_kept, notices_kept, website_held, mediation_kept = (
            today - int(norms.parameter(name))
            for name in (
                "coordination-kept",
                "transfers-kept",
                "notices-kept",
                "website-held",
                "mediation-kept",
            )
        )
        phases.forget(state.phases, day_start(kept))
        agreements.forget(state.agreements, kept, today)
        transfers.forget(state.transfers, transfers_kept)
        notices.forget(state.notices, notices_kept)
        published.forget_plans(state.plans, kept)
        published.forget_websites(state.websites, website_held)
        mediation_requests.forget(state.mediation, mediation_kept)

    @override
    def moves(self, state: CoordinationState, since: int, until: int) -> bool:
        """Return whether a phase or an agreement begins or ends between two ticks; all else moves with the day."""
        return phases.moves(state.phases, since, until) or agreements.moves(state.agreements, since, until)

    @override
    def indicators(self, state: CoordinationState, at: int, norms: Norms, region: str) -> Iterator[Indicator]:
        """Yield every coordination indicator as known at second `at`."""
        if not state.heard:
            return
        today = local_day(at)
        counted = norms.parameter("notices-counted")
        yield from phases.phase_figures(state.phases, at, region)
        yield from agreements.agreement_figures(state.agreements, at, state.heard)
        yield from transfers.transfer_figures(state.transfers, today, region, state.heard)
        yield from notices.notice_figures(state.notices, at, region, state.heard, counted)
        yield from published.report_ages(state.published, today, state.reporting)
        yield from published.plan_figures(state.plans, state.heard)
        yield from published.website_figures(state.websites, _standing_of_websites(today, norms))
        yield from mediation_requests.mediation_figures(state.mediation, today)

    @override
    def stale(self, state: CoordinationState, at: int, norms: Norms) -> Mapping[str, Last]:
        """Return the locations whose website nobody looks at any more, with when somebody did."""
        return published.stale_websites(state.websites, _standing_of_websites(local_day(at), norms))


def _day_of(event: object, observed: int, today: int) -> int:
    """Return the local day by which an event is late: of a week its Monday, which before the first tick (0) never is."""
    if isinstance(event, Mediation):
        return day_number(event.week_start) if today else 0
    return local_day(observed)


def _standing_of_websites(today: int, norms: Norms) -> Standing:
    return Standing(today, norms.parameter("website-stands"), norms.parameter("website-missed"))
