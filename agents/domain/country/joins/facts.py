"""What a join computes from: the figures of all regions as known at one tick, and the phase in force in each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import fsum
from typing import NamedTuple, get_args

from agents.domain.projection.course import Course
from alerts.norms import Norms
from streams.evidence import Bound, Silence, View
from streams.regions import NL, ROAZ_IDS
from streams.reports.coordination import Phase
from streams.status import Indicator

PHASE = "phase"
OTHER_SIDE: Mapping[Bound, Bound] = {"low": "high", "high": "low", "least": "most", "most": "least"}
"""Of each bound the opposite one."""
_PHASES = get_args(Phase)


class InForce(NamedTuple):
    """The LNAZ phase in force, and the second since which it is."""

    phase: str
    since: int


@dataclass(frozen=True)
class Facts:
    """What is known at tick `at`, by region and key, as told or with those who fell silent.

    With those who are given up, only who was at or after second `since`. Where a bound is given, figures that are carried
    forward have that one, but for those of one region that have the other. Courses of beds are those of `region/unit`.
    """

    known: Mapping[str, Mapping[str, Indicator]]
    at: int
    norms: Norms
    view: View = "reported"
    since: int = 0
    courses: Mapping[str, Course] = field(default_factory=dict)
    bound: Bound | None = None
    but: str = ""

    def figure(self, region: str, key: str) -> Indicator | None:
        """Return an indicator that has a value in this view, or None."""
        own = self.known.get(region)
        found = None if own is None else own.get(key)
        if found is not None and (found.silence is not None or found.range is not None):
            found = found.seen(self._view_of(region), self.since)
        return None if found is None or found.value is None else found

    def value(self, region: str, key: str) -> float | None:
        """Return the value of an indicator, or None where it is not known."""
        found = self.figure(region, key)
        return None if found is None else found.value

    def named(self, region: str, name: str) -> Iterator[Indicator]:
        """Yield the indicators of a name that have a value in this view."""
        view = self._view_of(region)
        for found in self.known.get(region, {}).values():
            if found.name == name and (seen := found.seen(view, self.since)).value is not None:
                yield seen

    def _view_of(self, region: str) -> View | Bound:
        if self.bound is None:
            return self.view
        if region == self.but:
            return OTHER_SIDE[self.bound]
        return self.bound

    def carried_in(self, names: frozenset[str], regions: Iterable[str]) -> list[str]:
        """Return those of some regions of which any indicator of these names lies in a range."""
        return [region for region in regions if names & self._in_range.get(region, frozenset())]

    @cached_property
    def _in_range(self) -> Mapping[str, frozenset[str]]:
        return {
            region: names
            for region, own in self.known.items()
            if (names := frozenset(found.name for found in own.values() if found.range is not None))
        }

    def silences(self, names: frozenset[str], regions: Iterable[str]) -> list[Silence]:
        """Return what the silent would change in the indicators of these names in these regions."""
        silent = self._silent
        if not silent:
            return []
        places = frozenset(regions)
        return [silence for region, name, silence in silent if name in names and region in places]

    @cached_property
    def _silent(self) -> list[tuple[str, str, Silence]]:
        return [
            (region, found.name, found.silence)
            for region, own in self.known.items()
            for found in own.values()
            if found.silence is not None
        ]

    def phase(self, region: str) -> InForce | None:
        """Return the LNAZ phase in force; None where none was ever told.

        A region's own phase stands over the country's when it is newer.
        """
        country, own = self.figure(NL, PHASE), self.figure(region, PHASE)
        newest = (
            own if country is None or (own is not None and own.observed_at > country.observed_at) else country
        )
        if newest is None or newest.value is None:
            return None
        return InForce(_PHASES[int(newest.value) - 1], newest.observed_at)


def newest(*told: Indicator | None) -> int:
    """Return the newest event time of the figures behind a result."""
    return max((found.observed_at for found in told if found is not None), default=0)


def share_of_all(told: Mapping[str, Indicator]) -> float:
    """Return how complete a result over all networks is: the mean of its parts, a missing network counts as nothing."""
    return round(fsum(found.completeness for found in told.values()) / len(ROAZ_IDS), 4)


def share_of_least(*told: Indicator | None) -> float:
    """Return how complete a result within one region is: as its least complete part."""
    return min((found.completeness for found in told if found is not None), default=1.0)
