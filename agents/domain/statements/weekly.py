"""Statements by the week: a register {location, subject, Monday -> statement} in which the last write wins.

A topic that is reported by the week says here what a report states, and whether only full weeks count. Taking a report,
refusing what is late and forgetting what is old is written once. How long a week is kept (older reports are late) and how
long the newest one is held after that are parameters, `NAME-kept` and `NAME-held`.
"""

from abc import abstractmethod
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, MutableMapping, Sequence
from datetime import date
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast

from typing_extensions import override

from agents.domain.statements.folding import Folding
from agents.domain.statements.outcome import Outcome
from agents.domain.statements.parts import Located
from agents.domain.statements.revisions import NOTHING, Moment, Settled, revised_on, settle
from agents.domain.statements.revisions import Subject as AnySubject
from agents.domain.statements.stale import Last, Statement, last_of_views
from agents.domain.statements.standing import Standing, Views
from alerts.norms import Norms
from alerts.parameter import Retention
from streams.calendar import day_number, day_start, local_day

State = TypeVar("State", bound=Located[Any, Any])
Place = TypeVar("Place")
Subject = TypeVar("Subject", bound=AnySubject)
Week = TypeVar("Week", bound="WeekStatement")
Reading = TypeVar("Reading", bound=Statement)
Weeks = dict[int, Week]
"""Statements about one subject by the day number of their Monday."""


class WeekStatement(Statement, Protocol):
    """What was reported of one subject in one week."""

    @property
    def revision(self) -> int: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102


class WeeklyReport(Protocol):
    """A report about one location in the week that began on Monday `week_start`."""

    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def location(self) -> str: ...  # noqa: D102
    @property
    def week_start(self) -> date: ...  # noqa: D102
    @property
    def revision(self) -> int: ...  # noqa: D102
    @property
    def rows(self) -> Sequence[object]: ...  # noqa: D102


Report_contra = TypeVar("Report_contra", bound=WeeklyReport, contravariant=True)


def is_final(monday: int, observed: int) -> bool:
    """Return whether a statement is about a whole week: one made on its Sunday or later."""
    return observed >= day_start(monday + 6)


def is_full(monday: int, observed: int, today: int) -> bool:
    """Return whether a week is over on local day `today`, and was reported as a whole."""
    return monday + 7 <= today and is_final(monday, observed)


def beats(new: WeekStatement, held: WeekStatement) -> bool:
    """Return whether a statement replaces the one that is held of its subject and week."""
    if new.observed == held.observed and new.source != held.source and held.source:
        return new.source < held.source
    return bool(new > held)  # type: ignore[operator]


class HeldOfWeek(Generic[Subject]):
    """What is held of one location in one week."""

    def __init__(self, series: Mapping[Subject, Mapping[int, WeekStatement]], monday: int) -> None:
        self._held = {subject: weeks[monday] for subject, weeks in series.items() if monday in weeks}

    def moment(self, subject: Subject) -> Moment | None:
        """Return which report the statement about a subject is from; None without one."""
        week = self._held.get(subject)
        return None if week is None else (week.observed, week.source)

    def of(self, second: int) -> list[Subject]:
        """Return the subjects of which a statement about that second is held."""
        return [subject for subject, week in self._held.items() if week.observed == second]


class Weekly(Folding[State, Report_contra], Generic[State, Report_contra, Place, Subject, Week]):
    """The fold of a topic that is reported by the week.

    Attributes:
        name: how its parameters begin.
        only_full: whether the newest week that counts must be full.
        behind: days before the newest week that counts, of which the weeks are held with it.
    """

    name: ClassVar[str]
    only_full: ClassVar[bool] = False
    behind: ClassVar[int] = 0

    @abstractmethod
    def statements(
        self, report: Report_contra, observed: int, received: int
    ) -> Iterable[tuple[Subject, Week]]:
        """Return what a report states: subjects, each with a statement."""

    def series(self, place: Place) -> MutableMapping[Subject, Weeks[Week]]:
        """Return what is held of a location, by subject; most locations are just that."""
        return cast("MutableMapping[Subject, Weeks[Week]]", place)

    def empty_place(self) -> Place:
        """Return a location of which nothing was reported."""
        return cast("Place", {})

    def is_empty(self, place: Place) -> bool:
        """Return whether nothing is held of a location any more."""
        return not self.series(place)

    def counts(self, subject: Subject, week: Week) -> Iterable[tuple[Hashable, int]]:  # noqa: ARG002
        """Return the counts of a statement that add up over locations, by what they count."""
        return ()

    def forgotten(self, place: Place, subject: Subject, weeks: Mapping[int, Week]) -> None:
        """Take note of weeks that are about to be forgotten."""

    @override
    def fold(
        self, state: State, report: Report_contra, observed: int, received: int, today: int, norms: Norms
    ) -> Outcome:
        """Take a report into the state; `late` if its week is no longer kept."""
        monday = day_number(report.week_start)
        if today and monday < today - norms.retentions[self.name].kept:
            return "late"
        location = report.location
        place = state.places.get(location)
        if place is None:
            place = state.places[location] = self.empty_place()
        series = self.series(place)
        settled = NOTHING
        if report.revision or observed in state.unlike or location in state.unlike:
            settled = self._settled(state, report, observed, received, series)
        changed = bool(settled.emptied)
        # A contract asks for a row; there is none where another source goes before this one in all that it tells.
        stated = self.statements(report, observed, received) if report.rows else ()
        for subject, new in stated:
            if subject in settled.hidden:
                continue
            weeks = series.get(subject)
            if weeks is None:
                weeks = series[subject] = {}
            held = weeks.get(monday)
            if held is None or beats(new, held):
                weeks[monday] = new
                changed = True
        if settled.hidden and self.is_empty(place):
            del state.places[location]
        if not changed:
            return "duplicate"
        state.parts.touched.add(location)
        return "applied"

    @override
    def displace(
        self, state: State, report: Report_contra, observed: int, worse: Collection[str], seconds: int
    ) -> None:
        """Hold no more what worse sources state of the same subjects in the same week."""
        place = state.places.get(report.location)
        if place is None:
            return
        monday, series = day_number(report.week_start), self.series(place)
        subjects = (
            [*series] if self.is_whole else [one for one, _ in self.statements(report, observed, observed)]
        )
        for subject in subjects:
            weeks = series.get(subject, {})
            held = weeks.get(monday)
            if held is not None and held.source in worse and 0 < held.observed - observed <= seconds:
                del weeks[monday]

    def _settled(
        self,
        state: State,
        report: Report_contra,
        observed: int,
        received: int,
        series: MutableMapping[Subject, Weeks[Week]],
    ) -> Settled:
        """Take note of a report where revisions are known of its location; what is withdrawn is held no more."""
        monday = day_number(report.week_start)
        location, revision = report.location, report.revision
        revised = revised_on(state.revised, location, monday, observed, revision)
        if revised is None:
            return NOTHING
        named = {subject for subject, _ in self.statements(report, observed, received)}
        settled = settle(revised, (observed, report.source), revision, named, HeldOfWeek(series, monday))
        for subject in settled.emptied:
            del series[subject][monday]
            if not series[subject]:
                del series[subject]
        if settled.noted:
            state.note_revised(location, observed, revised)
        return settled

    @override
    def advance(self, state: State, today: int, norms: Norms) -> None:
        """Forget weeks that are too old, but for the newest of each subject with those behind it."""
        keep = norms.retentions[self.name]
        for location, place in list(state.places.items()):
            series = self.series(place)
            for subject, weeks in list(series.items()):
                aged = self._aged(weeks, today, keep)
                if aged:
                    state.parts.touched.add(location)
                    self.forgotten(place, subject, {monday: weeks.pop(monday) for monday in aged})
                    if not weeks:
                        del series[subject]
            if self.is_empty(place):
                del state.places[location]
        state.forget_revised(today - keep.kept)

    def _aged(self, weeks: Weeks[Week], today: int, keep: Retention) -> list[int]:
        """Return the weeks to forget: not the newest that nobody can change any more, for those after it may be withdrawn."""
        first = today - keep.kept
        settled = [monday for monday in weeks if monday < first]
        counting = {
            monday
            for monday in settled
            if not self.only_full or is_full(monday, weeks[monday].observed, today)
        }
        newest = max(counting, default=0)
        oldest = newest - self.behind if newest >= today - keep.held else first
        return [monday for monday in settled if monday not in counting or monday < oldest]

    def newest(
        self, state: State, at: int, norms: Norms, read: Callable[[Weeks[Week]], Reading]
    ) -> Iterable[dict[Subject, Views[Reading]]]:
        """Return of each location what its newest week says of each subject, by how long ago that week began.

        Args:
            state: what was reported.
            at: second of the tick.
            norms: for how long a week stands and is carried forward after its Monday, `NAME-stands` and `NAME-missed`.
            read: what the weeks of one subject say, of which there is at least one.
        """
        name, today = self.name, local_day(at)
        standing = Standing(today, norms.parameter(f"{name}-stands"), norms.parameter(f"{name}-missed"))

        def part_of(place: Place, _today: int) -> dict[Subject, Views[Reading]]:
            return {
                subject: standing.views(max(weeks), read(weeks))
                for subject, weeks in self.series(place).items()
            }

        state.parts.renew(state.places, today, part_of, _last_seen)
        return state.parts.by_location.values()

    @override
    def measure(self, state: State, location: str) -> Mapping[Hashable, int] | None:
        """Return the counts of the newest week of each subject."""
        place = state.places.get(location)
        if place is None:
            return None
        return {
            (subject, counted): value
            for subject, weeks in self.series(place).items()
            for counted, value in self.counts(subject, newest_of(weeks))
        } or None

    @override
    def likeness(self, state: State, location: str) -> Mapping[Hashable, int] | None:
        """Return the same of what stands; what happened in a week is of the one name or of the other."""
        return None if self.flows else self.measure(state, location)

    @override
    def stale(self, state: State, at: int, norms: Norms) -> Mapping[str, Last]:
        """Return who is stale, as each location shows it by itself."""
        return state.parts.stale


def _last_seen(part: Mapping[Any, Views[Statement]]) -> Last | None:
    return last_of_views(part.values())


def before(weeks: Mapping[int, Week], day: int) -> Weeks[Week]:
    """Return the weeks that began before a day."""
    return {monday: week for monday, week in weeks.items() if monday < day}


def newest_of(weeks: Weeks[Week]) -> Week:
    """Return the statement about the newest week."""
    return weeks[max(weeks)]
