"""Statements by the day: rings of columns by location, of which the newest statement is held when its day left the ring."""

from abc import abstractmethod
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from typing_extensions import override

from agents.domain.statements.folding import Folding
from agents.domain.statements.outcome import Outcome
from agents.domain.statements.parts import Located
from agents.domain.statements.revisions import NOTHING, Moment, Settled, revised_on, settle
from agents.domain.statements.ring import Day, Days, HeldOfDay, beats, day_of, expire, newest_values
from agents.domain.statements.stale import Last
from alerts.norms import Norms
from streams.calendar import DAY_OF_QUARTER, QUARTER

State = TypeVar("State", bound=Located[Days, Any])


class DailyReport(Protocol):
    """A report about one location at one moment."""

    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def location(self) -> str: ...  # noqa: D102
    @property
    def revision(self) -> int: ...  # noqa: D102
    @property
    def completeness(self) -> float: ...  # noqa: D102


Report_contra = TypeVar("Report_contra", bound=DailyReport, contravariant=True)


class Daily(Folding[State, Report_contra], Generic[State, Report_contra]):
    """The fold of a topic that is reported by the day.

    Attributes:
        name: how its parameters begin.
        columns: how many series a location has.
        held: the columns of which the newest statement is held.
    """

    name: ClassVar[str]
    columns: ClassVar[int]
    held: ClassVar[Collection[int]]

    @staticmethod
    def kind(day: int) -> bool:  # noqa: ARG004 - all days are alike
        """Return the kind of a day: of each kind the newest statement is held."""
        return True

    @abstractmethod
    def readings(self, report: Report_contra) -> Iterable[tuple[int, int | None]]:
        """Return the value of each column that a report may state; None is unknown, never 0."""

    @override
    def fold(
        self, state: State, report: Report_contra, observed: int, received: int, today: int, norms: Norms
    ) -> Outcome:
        """Take a report into the state; `late` if its day has left the ring."""
        day = DAY_OF_QUARTER[observed // QUARTER]
        if day < today - norms.retentions[self.name].kept:
            return "late"
        location, source, revision = report.location, report.source, report.revision
        told = day_of(state.places, location, day, self.columns)
        settled = NOTHING
        if revision or observed in state.unlike or location in state.unlike:
            settled = self._settled(state, report, (observed, source), day, told)
        stamps, values = told
        stamp: Any = (observed, revision, received, report.completeness, source)
        changed = bool(settled.emptied)
        for column, value in self.readings(report):
            if value is not None and column not in settled.hidden:
                held = stamps[column]
                if held is None or beats(stamp, value, held, values[column]):
                    stamps[column] = stamp
                    values[column] = value
                    changed = True
        if not changed:
            return "duplicate"
        state.parts.touched.add(location)
        return "applied"

    @override
    def displace(
        self, state: State, report: Report_contra, observed: int, worse: Collection[str], seconds: int
    ) -> None:
        """Hold no more what worse sources state of the same columns on the same day."""
        day = state.places.get(report.location, {}).get(DAY_OF_QUARTER[observed // QUARTER])
        if day is not None:
            held = HeldOfDay(day)
            named = [column for column, value in self.readings(report) if value is not None]
            held.empty(held.of_others(named, observed, worse, seconds))

    def _settled(self, state: State, report: Report_contra, moment: Moment, day: int, told: Day) -> Settled:
        """Take note of a report where revisions are known of its location; what is withdrawn is held no more."""
        location, revision = report.location, report.revision
        revised = revised_on(state.revised, location, day, moment[0], revision)
        if revised is None:
            return NOTHING
        held = HeldOfDay(told)
        named = [column for column, value in self.readings(report) if value is not None]
        settled = settle(revised, moment, revision, named, held)
        held.empty(settled.emptied)
        if settled.noted:
            state.note_revised(location, moment[0], revised)
        return settled

    @override
    def advance(self, state: State, today: int, norms: Norms) -> None:
        """Forget what has left the ring, but for what each location reported last."""
        keep = norms.retentions[self.name]
        state.parts.touched.update(expire(state.places, today, keep, self.held, self.kind))
        state.forget_revised(today - keep.kept)

    @override
    def stale(self, state: State, at: int, norms: Norms) -> Mapping[str, Last]:
        """Return who is stale, as each location shows it by itself."""
        return state.parts.stale

    @override
    def measure(self, state: State, location: str) -> Mapping[Hashable, int] | None:
        """Return the newest value of each column."""
        days = state.places.get(location)
        return (
            None
            if days is None
            else {column: value for column, (_, value) in newest_values(days, self.held).items()}
        )
