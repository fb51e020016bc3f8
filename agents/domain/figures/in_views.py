"""What figures would be with those who are stale: as reported, with the carried forward, and with the expired as well.

Who becomes stale leaves a sum, a mean or a ratio, though nobody reported that it is other. So where anybody is stale a
figure is computed three times, and the judge holds all of them against the norm (`alerts.verdict`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import isfinite, isnan
from typing import Generic, NamedTuple, TypeVar

import msgspec

from agents.domain.statements.standing import Bounds, Views
from streams.evidence import Range, Silence, View
from streams.indicators import indicator_key
from streams.status import Indicator

T = TypeVar("T")


class Seen(NamedTuple):
    """A figure as looked at: its value, the observations that it rests on, and its weight where that is another."""

    value: float | None
    observations: int
    weight: int | None = None

    @classmethod
    def of(cls, found: Indicator) -> "Seen":
        """Return a figure as it is looked at."""
        return cls(found.value, found.observations, found.weight)

    @property
    def judged(self) -> tuple[float | None, int]:
        """Return what decides a verdict: of a figure with a weight, one location more or less does not."""
        return self.value, self.observations if self.weight is None else self.weight


class InViews(Generic[T]):
    """What some locations report, looked at once for all figures that follow from it.

    Attributes:
        reported: what stands for now.
        carried: the same with what is carried forward: all that is expected.
        expired: the same with what has expired as well.
        stale: whether the views differ.
        bounds: what is carried forward at its bounds, with the rest; None where nothing is.
    """

    __slots__ = ("_gone", "bounds", "carried", "expired", "reported", "stale")

    def __init__(self, every: Sequence[Views[T]], bounds: Sequence[Bounds[T] | None] = ()) -> None:
        self.bounds: Bounds[Sequence[T]] | None = None
        if any(bounds):
            sides = zip(
                *(one or (views.carried,) * 4 for views, one in zip(every, bounds, strict=True)), strict=True
            )
            self.bounds = Bounds(*([one for one in side if one is not None] for side in sides))
        if not every:
            every = [Views()]
        reported, carried, expired, expired_at = zip(*every, strict=True)
        self.stale = reported != expired  # the same objects where nobody is
        self.reported: Sequence[T] = [one for one in reported if one is not None]
        self.carried: Sequence[T] = self.reported
        self.expired: Sequence[T] = self.reported
        self._gone: Sequence[tuple[T, int]] = ()
        if self.stale:
            self.carried = [one for one in carried if one is not None]
            self.expired = [one for one in expired if one is not None]
            self._gone = [(one, at) for one, at in zip(expired, expired_at, strict=True) if at]

    def figures(
        self,
        figures: Callable[[Sequence[T], Sequence[T]], Iterable[Indicator]],
        worse: Callable[[Sequence[T]], float | None] | None = None,
    ) -> Iterator[Indicator]:
        """Yield figures, each with what it would be with those who are stale.

        Args:
            figures: the figures of what counts, among what is expected.
            worse: the ratio that they are about, of which a high value is the worse one. Who has expired with a lower
                one than the others made it no worse; without it, whoever has expired made a difference.
        """
        found = self._figures(figures, worse)
        if self.bounds is None:
            return found
        return with_range(found, [figures(side, self.carried) for side in self.bounds])

    def _figures(
        self,
        figures: Callable[[Sequence[T], Sequence[T]], Iterable[Indicator]],
        worse: Callable[[Sequence[T]], float | None] | None,
    ) -> Iterator[Indicator]:
        if not self.stale:
            return iter(figures(self.reported, self.carried) if self.carried else ())
        gone = self._gone
        if gone and worse is not None:
            least = worse(self.carried) or 0
            gone = [(one, at) for one, at in gone if (worse([one]) or 0) > least]
        newest = max((at for _, at in gone), default=0)

        def seen(view: View) -> Iterable[Indicator]:
            if view == "reported":
                return figures(self.reported, self.carried) if self.carried else ()
            return figures(self.carried if view == "carried" else self.expired, self.carried)

        return by_view(seen, newest, stale=True, expired=bool(self._gone))


def with_range(found: Iterable[Indicator], sides: Sequence[Iterable[Indicator]]) -> Iterator[Indicator]:
    """Yield figures with what they may be by now, from the same at the four bounds, in their order."""
    at = [{_key(one): one for one in side} for side in sides]
    for one in found:
        key = _key(one)
        bounds = [side[key] for side in at if key in side]
        if len(bounds) == len(at):
            yield msgspec.structs.replace(one, range=range_of(one.value, bounds[:2], bounds[2:]))
        else:
            yield one


def range_of(value: float | None, likely: Sequence[Indicator], possible: Sequence[Indicator]) -> Range:
    """Return what a figure may be by now, from what it is at its likely bounds and at its possible ones."""
    return Range(
        *_around(value, likely),
        *_around(value, [*likely, *possible]),
        max(bound.completeness for bound in likely),
    )


def _around(value: float | None, bounds: Sequence[Indicator]) -> tuple[float | None, float | None]:
    """Return the least and the most of these; without end where one of them is not known."""
    values = [bound.value for bound in bounds if bound.value is not None and not isnan(bound.value)]
    if len(values) < len(bounds):
        return None, None
    known = values if value is None else [*values, value]
    least, most = min(known), max(known)
    return least if isfinite(least) else None, most if isfinite(most) else None


def by_view(
    figures: Callable[[View], Iterable[Indicator]],
    expired_at: int | Mapping[str, int],
    *,
    stale: bool,
    expired: bool,
) -> Iterator[Indicator]:
    """Yield figures as reported, each with what it would be with those who are stale.

    Args:
        figures: the figures as looked at.
        expired_at: when the newest of those expired who make a figure worse, seconds; by key where it is not the same
            for all figures.
        stale: whether anybody is.
        expired: whether anybody has expired.
    """
    reported = figures("reported")
    if not stale:
        yield from reported
        return
    carried = list(figures("carried"))
    yield from with_stale(reported, carried, list(figures("expired")) if expired else carried, expired_at)


def newest_that_matters(silences: Iterable[Silence], with_since: Callable[[int], Seen], carried: Seen) -> int:
    """Return when the newest of those expired who make a figure other that follows from several; 0 where none does.

    Args:
        silences: what the stale would change in what it follows from.
        with_since: the figure with those who expired at or after a second (`Indicator.seen`).
        carried: the figure with the carried forward.
    """
    for since in when_expired(silences):
        if with_since(since).value != carried.value:
            return since
    return 0


def when_expired(silences: Iterable[Silence]) -> list[int]:
    """Return when somebody expired who makes a difference to what a figure follows from, newest first."""
    return sorted({silence.given_up_at for silence in silences} - {0}, reverse=True)


def silence_of(found: Indicator, carried: Seen, expired: Seen, expired_at: int) -> Indicator:
    """Return a figure with its silence, or as it is where the stale make no difference.

    Args:
        found: the figure as reported.
        carried: with the carried forward.
        expired: with the expired as well.
        expired_at: when the newest of these expired, seconds.
    """
    if carried.judged == expired.judged == Seen.of(found).judged:
        return found
    silence = Silence(
        carried.value,
        expired.value,
        expired_at if expired.judged != carried.judged else 0,
        carried.observations,
        expired.observations,
        carried.weight,
        expired.weight,
    )
    return msgspec.structs.replace(found, silence=silence)


def with_stale(
    reported: Iterable[Indicator],
    carried: Iterable[Indicator],
    expired: Iterable[Indicator],
    expired_at: int | Mapping[str, int],
) -> Iterator[Indicator]:
    """Yield figures as reported, each with what it would be with those who are stale.

    Args:
        reported: the figures as reported.
        carried: the same with the carried forward.
        expired: the same with the expired as well.
        expired_at: when the newest of these expired, seconds; 0 where nobody has. By key where it is not the same for all
            figures.

    Yields:
        All of `reported`, in that order; then those that only the stale reported, with the value null. A figure without a
        value is as old as what the stale reported last.
    """
    with_carried = {_key(found): found for found in carried}
    with_expired = {_key(found): found for found in expired}
    for found in reported:
        key = _key(found)
        own = with_carried.pop(key, found)
        yield _with(found, own, with_expired.pop(key, own), _at(expired_at, key))
    for key, own in with_carried.items():
        every = with_expired.pop(key, own)
        if own.value is not None or every.value is not None:
            yield _with(_without(own), own, every, _at(expired_at, key))
    for key, every in with_expired.items():
        if every.value is not None:
            gone = _without(every)
            yield _with(gone, gone, every, _at(expired_at, key))


def _at(expired_at: int | Mapping[str, int], key: str) -> int:
    return expired_at if isinstance(expired_at, int) else expired_at.get(key, 0)


def _with(found: Indicator, carried: Indicator, expired: Indicator, expired_at: int) -> Indicator:
    gone = expired.observations - carried.observations
    if found.evidence is not None and gone > 0:
        found = msgspec.structs.replace(found, evidence=msgspec.structs.replace(found.evidence, expired=gone))
    if found.value is None and carried.value is not None:
        found = msgspec.structs.replace(found, observed_at=carried.observed_at)
    return silence_of(found, Seen.of(carried), Seen.of(expired), expired_at)


def _without(found: Indicator) -> Indicator:
    weight = None if found.weight is None else 0
    return Indicator(found.name, found.labels, None, found.observed_at, 0.0, 0, weight=weight)


def _key(found: Indicator) -> str:
    return indicator_key(found.name, found.labels)
