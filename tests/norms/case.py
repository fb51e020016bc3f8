"""One case of a norm: what is reported, and whether it must breach. It runs through folds, joins and judge."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from agents.pipeline import Pipeline
from alerts.norms import Norm, load_norms
from streams.calendar import iso, seconds
from streams.reports import CoordinationReport, PhaseChange, Report
from tests.support.reports import event, record

NORMS = load_norms()
USUAL = datetime(2021, 11, 29, 11, tzinfo=UTC)
"""A Monday in phase 2D, on which most norms hold."""

Given = Callable[[datetime], list[Report]]


@dataclass(frozen=True)
class Case:
    """One row of a table.

    Attributes:
        norm: norm id.
        told: what is so, in words; with the norm it names the test.
        breach: whether the norm must become active, or never may.
        given: makes the reports; its argument is the moment about which they are.
        region: where the norm is looked at.
        scope: scope of a norm that is split.
        days: how long time goes on after that moment.
        step: hours between two ticks.
        on: the moment, `USUAL` unless the norm does not hold then.
        phase: LNAZ phase in force in the country; empty for none.
        later: only what happens from the moment on counts.
    """

    norm: str
    told: str
    breach: bool
    given: Given
    region: str = "R07"
    scope: str = ""
    days: float = 0.5
    step: int = 6
    on: datetime | None = None
    phase: str = "2D"
    later: bool = False

    @property
    def name(self) -> str:
        """How the test is called."""
        return f"{self.norm}: {self.told}"


def breach(norm: str, told: str, given: Given, **how: object) -> Case:
    """A case in which the norm becomes active."""
    return Case(norm, told, True, given, **how)


def silent(norm: str, told: str, given: Given, **how: object) -> Case:
    """A near miss: the norm never becomes active."""
    return Case(norm, told, False, given, **how)


def with_wrong_times(cases: list[Case]) -> Iterator[Case]:
    """Yield the cases, and for each norm its first breach in a phase and at times at which the norm does not hold."""
    seen = set()
    for case in cases:
        yield case
        if not case.breach or case.norm in seen:
            continue
        seen.add(case.norm)
        norm = NORMS.by_id[case.norm]
        if norm.phases:
            yield replace(case, told=f"not in phase 1: {case.told}", breach=False, phase="1")
        if norm.valid_from.year > 2000:
            before = norm.valid_since - int(case.days * 86_400) - 3600
            yield replace(
                case, told=f"not before {norm.valid_from}: {case.told}", breach=False, on=_moment(before)
            )
        if norm.valid_to is not None:
            after = norm.valid_until + 3600
            told = f"not after {norm.valid_to}: {case.told}"
            yield replace(case, told=told, breach=False, on=_moment(after), later=True)


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def moment_of(case: Case) -> datetime:
    """The moment of a case: the usual one, or the first Monday noon on which its norm holds, or its last."""
    if case.on is not None:
        return case.on
    norm = NORMS.by_id[case.norm]
    if norm.valid_since > seconds(USUAL):
        first = _moment(norm.valid_since) + timedelta(days=2, hours=12)
        return first + timedelta(days=-first.weekday() % 7)
    if norm.valid_until < seconds(USUAL) + 40 * 86_400:
        last = _moment(norm.valid_until) - timedelta(days=20)
        return last - timedelta(days=last.weekday()) + timedelta(hours=13)
    return USUAL


def in_force(phase: str, since: datetime) -> list[CoordinationReport]:
    """The country's phase, asked for and confirmed as it should be."""
    if not phase:
        return []
    change = PhaseChange(phase=phase, effective_at=since, requested_by="lnaz", confirmed_by="minister")
    return [event(change, at=since, region="NL", location="NL", source="lnaz")]


def became_active(case: Case) -> bool:
    """Play a case; return whether its norm became active where it is looked at."""
    at = moment_of(case)
    reports = case.given(at)
    first = min([report.received_at for report in reports], default=at)
    reports = [*in_force(case.phase, min(first, at) - timedelta(hours=1)), *reports]
    reports.sort(key=lambda report: report.received_at)
    pipeline = Pipeline(NORMS)
    end = seconds(at) + int(case.days * 86_400)
    told = []
    for tick in _ticks(seconds(first) + 60, end, case.step * 3600):
        while reports and seconds(reports[0].received_at) < tick:
            pipeline.receive(record(reports.pop(0)))
        told += pipeline.tick(tick)
    assert not pipeline.refused, pipeline.refused[0]
    where = (case.norm, case.region, case.scope)
    since = iso(seconds(at)) if case.later else ""
    return any(
        (one.norm, one.region, one.scope) == where and one.state == "active" and one.at >= since
        for one in told
    )


def _ticks(first: int, end: int, step: int) -> list[int]:
    """Ticks from just after the first report until the end, and the end itself."""
    return sorted({*range(first, end, step), max(first, end)})


def norm_of(case: Case) -> Norm:
    """The norm of a case."""
    return NORMS.by_id[case.norm]
