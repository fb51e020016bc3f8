"""One thing that follows in a join, as told, with those who fell silent, and in the range that it may lie in by now."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import msgspec

from agents.domain.country.joins.facts import Facts
from agents.domain.figures.in_views import range_of, when_expired, with_stale
from streams.evidence import Bound, Silence
from streams.indicators import indicator_key
from streams.regions import NL, REGIONS
from streams.status import Indicator

_Found = dict[str, dict[str, Indicator]]
"""Indicators by region and key."""


@dataclass(frozen=True)
class Part:
    """Something that follows, computed again only when something that it reads changed.

    Where somebody fell silent in what it reads, it is computed three times: as told, with those who are missed, and with
    those who are given up as well.

    Attributes:
        name: its name within the join.
        reads: names of the indicators that it reads, besides the phase.
        of_region: what follows for one region from its own figures (and the country's phase), if it is such a part;
            else `of_all`: for any region from those of all, with the region. What is not yielded is not known.
        daily: whether it may change on a new day though nothing that it reads did.
        six_hourly: whether it is computed at the first tick of each six hours of the day, and only then.
        tells_silence: whether it says itself what the silent would change.
    """

    name: str
    reads: frozenset[str]
    of_region: Callable[[Facts, str], Iterable[Indicator]] | None = None
    of_all: Callable[[Facts], Iterable[tuple[str, Indicator]]] | None = None
    daily: bool = False
    six_hourly: bool = False
    tells_silence: bool = False

    def compute(self, facts: Facts, regions: Iterable[str]) -> _Found:
        """Return what follows for these regions, or for all of them at once, by region and key."""
        if self.of_region is None:
            return self._seen(facts, REGIONS, REGIONS)
        found: _Found = {}
        for region in regions:
            found |= self._seen(facts, (region,), {region, NL})
        return found

    def _seen(self, facts: Facts, regions: Iterable[str], read: Iterable[str]) -> _Found:
        """Return what follows for these regions from what is known of those that are read."""
        found = self._in_views(facts, regions, read)
        carried = () if self.tells_silence else facts.carried_in(self.reads, sorted(read))
        if not carried:
            return found
        # All at one bound, and each at the other: what follows grows or falls with a region's own figures, and grows or
        # falls with those of all others, so that its least and its most are among these.
        buts = ("", *(carried if len(carried) > 1 else ()))
        likely, possible = (
            [self._follows(replace(facts, bound=bound, but=but), regions) for but in buts for bound in pair]
            for pair in _PAIRS
        )
        in_range: _Found = {}
        for region, own in found.items():
            near = [side[region] for side in likely]
            # A region all of which reports is undecided by others only as far as those likely moved.
            far = [side[region] for side in possible] if region in carried or region == NL else near
            in_range[region] = {key: _in_range(key, one, near, far) for key, one in own.items()}
        return in_range

    def _in_views(self, facts: Facts, regions: Iterable[str], read: Iterable[str]) -> _Found:
        told = self._follows(facts, regions)
        silences = () if self.tells_silence else facts.silences(self.reads, read)
        if not silences:
            return told
        missed = self._follows(replace(facts, view="carried"), regions)
        given_up = self._follows(replace(facts, view="expired"), regions)
        at = self._when(facts, regions, silences, missed, given_up)
        found: _Found = {}
        for region, own in told.items():
            # What is not known with those who are missed is not known, whatever follows without them.
            known = [one for key, one in own.items() if key in missed[region]]
            with_all = [
                one for key, one in given_up[region].items() if key in missed[region] or key not in own
            ]
            every = with_stale(known, missed[region].values(), with_all, at[region])
            found[region] = _by_key(every)
        return found

    def _when(
        self,
        facts: Facts,
        regions: Iterable[str],
        silences: Collection[Silence],
        missed: _Found,
        given_up: _Found,
    ) -> dict[str, dict[str, int]]:
        """Return when the newest of those was given up who make a figure other, by region and key."""
        at: dict[str, dict[str, int]] = {region: {} for region in given_up}
        times = when_expired(silences)
        every = all(one.given_up_at or one.given_up == one.missed for one in silences)
        for since in times:
            open_ = [
                (region, key)
                for region, own in given_up.items()
                for key, found in own.items()
                if key not in at[region] and _value(missed[region].get(key)) != found.value
            ]
            if not open_:
                break
            if every and since == times[-1]:  # with all of them it has been computed already
                now = given_up
            else:
                now = self._follows(replace(facts, view="expired", since=since), regions)
            for region, key in open_:
                if _value(now[region].get(key)) != _value(missed[region].get(key)):
                    at[region][key] = since
        return at

    def _follows(self, facts: Facts, regions: Iterable[str]) -> _Found:
        if self.of_region is not None:
            return {region: _by_key(self.of_region(facts, region)) for region in regions}
        found: _Found = {region: {} for region in regions}
        for region, indicator in self.of_all(facts) if self.of_all is not None else ():
            found[region][indicator_key(indicator.name, indicator.labels)] = indicator
        return found


_PAIRS: tuple[tuple[Bound, Bound], ...] = (("low", "high"), ("least", "most"))

_Side = Mapping[str, Indicator]


def _in_range(
    key: str, found: Indicator, likely: Collection[_Side], possible: Collection[_Side]
) -> Indicator:
    """Return a figure with what it may be by now, if that is more than one value."""
    if found.value is None:
        return found
    none = msgspec.structs.replace(found, value=None)
    own = range_of(
        found.value, [side.get(key, none) for side in likely], [side.get(key, none) for side in possible]
    )
    if own.least == own.most == found.value and own.completeness == found.completeness:
        return found
    return msgspec.structs.replace(found, range=own)


def _value(found: Indicator | None) -> float | None:
    return None if found is None else found.value


def _by_key(indicators: Iterable[Indicator]) -> dict[str, Indicator]:
    return {indicator_key(found.name, found.labels): found for found in indicators}
