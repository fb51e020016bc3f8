"""What the fold of one report topic can do: the one seam between the shell's partitions and the rooms of the topics."""

from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import ClassVar, Protocol, TypeVar

import msgspec

from agents.domain.statements.outcome import Outcome
from agents.domain.statements.stale import Last
from alerts.norms import Norms
from streams.control import SuspectConfirm
from streams.status import Indicator
from streams.suspects import SuspectFigure

StateT_contra = TypeVar("StateT_contra", bound=msgspec.Struct, contravariant=True)
ReportT_contra = TypeVar("ReportT_contra", contravariant=True)


class Folding(Protocol[StateT_contra, ReportT_contra]):
    """How one topic is folded. Days are local day numbers (`streams.calendar`), moments seconds since 1970.

    Attributes:
        state: the type of its state; empty where nothing was reported.
        flows: whether a report says what happened in a week, which no other name tells again: of one that others replaced, or
            that moved, the weeks before go on counting (`Parts.ended`).
        units: the units that its figures are about, each apart; one that is empty where they are about none.
        is_whole: whether a report is one statement, which counts or does not.
    """

    state: ClassVar[type[msgspec.Struct]]
    flows: ClassVar[bool] = False
    units: ClassVar[tuple[str, ...]] = ("",)
    is_whole: ClassVar[bool] = False

    def fold(
        self,
        state: StateT_contra,
        report: ReportT_contra,
        observed: int,
        received: int,
        today: int,
        norms: Norms,
    ) -> Outcome:
        """Take a report into the state.

        Args:
            state: what was reported so far.
            report: an accepted report (`streams.intake`).
            observed: second that it is about.
            received: second at which it came.
            today: day of the last tick, 0 before the first: it says what is late.
            norms: for how long reports are kept.
        """
        ...

    def advance(self, state: StateT_contra, today: int, norms: Norms) -> None:
        """Forget what is too old on a new day."""
        ...

    def indicators(self, state: StateT_contra, at: int, norms: Norms, region: str) -> Iterator[Indicator]:
        """Yield every figure of a region as known at second `at`."""
        ...

    def moves(self, state: StateT_contra, since: int, until: int) -> bool:  # noqa: ARG002 - most stand still
        """Return whether figures differ between two ticks of a day without a report."""
        return False

    def drifting(self, state: StateT_contra, at: int) -> Iterator[Indicator] | None:  # noqa: ARG002
        """Return the only figures that `moves` is about, where these can be named; the rest stay as published."""
        return None

    def stale(self, state: StateT_contra, at: int, norms: Norms) -> Mapping[str, Last]:  # noqa: ARG002
        """Return the stale locations with when each was last seen; asked after `indicators`."""
        return {}

    def gone(self, state: StateT_contra, at: int, norms: Norms) -> Collection[str]:
        """Return the stale locations that nobody is counted twice with any more; asked after `stale`."""
        return self.stale(state, at, norms)

    def units_told(self, state: StateT_contra, location: str) -> Collection[str]:  # noqa: ARG002
        """Return the `units` in the figures of which a location counts; asked after `indicators`."""
        return self.units

    def displace(
        self,
        state: StateT_contra,  # noqa: ARG002
        report: ReportT_contra,  # noqa: ARG002
        observed: int,  # noqa: ARG002
        worse: Collection[str],  # noqa: ARG002
        seconds: int,  # noqa: ARG002
    ) -> None:
        """Hold no more what worse sources state of the same day or week as a report that is about to be taken.

        Args:
            state: what was reported so far.
            report: the report, of a better source.
            observed: second that it is about.
            worse: the others.
            seconds: statements about so long after it at most; what is about later counts in its place.
        """
        return

    def suspects(self, state: StateT_contra) -> Iterator[tuple[SuspectFigure, int]]:  # noqa: ARG002
        """Yield what is suspect, with the second since which it is; asked after `indicators`."""
        return iter(())

    def confirm(self, state: StateT_contra, confirmed: SuspectConfirm) -> bool:  # noqa: ARG002
        """Let a figure count that somebody confirmed; return False where it is not what is held."""
        return False

    def measure(self, state: StateT_contra, location: str) -> Mapping[Hashable, int] | None:  # noqa: ARG002
        """Return what a location reported last as counts that add up, by column; None where none do, or nothing is held."""
        return None

    def likeness(self, state: StateT_contra, location: str) -> Mapping[Hashable, int] | None:
        """Return what shows that one location is another by a new name; None where nothing does."""
        return self.measure(state, location)
