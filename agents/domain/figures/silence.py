"""What figures would be with those who fell silent: the same figures, computed from what these told last as well.

Somebody who falls silent leaves a sum, a mean or a ratio, though nobody told that it is other. So a figure is computed
up to three times: as told, with those who are missed, and with those who have been silent too long and are given up.
Where they differ the judge holds all of them against the norm (`alerts.verdict`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from streams.indicators import indicator_key
from streams.status import Indicator, Silence

Seen = tuple[float | int | None, int]
"""A value and the observations that it rests on."""


def newest_that_matters(silences: Iterable[Silence], with_since: Callable[[int], Seen], missed: Seen) -> int:
    """Return when the newest of those was given up who make a figure other that follows from several; 0 where none does.

    Args:
        silences: what the silent would change in what it follows from.
        with_since: the figure with those who were given up at or after a second (`Indicator.seen`).
        missed: the figure with those who are missed.
    """
    for since in when_given_up(silences):
        if with_since(since)[0] != missed[0]:
            return since
    return 0


def when_given_up(silences: Iterable[Silence]) -> list[int]:
    """Return when somebody was given up who makes a difference to what a figure follows from, newest first."""
    return sorted({silence.given_up_at for silence in silences} - {0}, reverse=True)


def silence_of(found: Indicator, missed: Seen, given_up: Seen, given_up_at: int) -> Indicator:
    """Return a figure with its silence, or as it is where the silent make no difference.

    Args:
        found: the figure as told.
        missed: with those who are missed.
        given_up: with those who are given up as well.
        given_up_at: when the newest of these was given up, seconds.
    """
    told = (found.value, found.observations)
    if missed == given_up == told:
        return found
    silence = Silence(
        missed[0], given_up[0], given_up_at if given_up != missed else 0, missed[1], given_up[1]
    )
    return msgspec.structs.replace(found, silence=silence)


def with_silent(
    told: Iterable[Indicator],
    missed: Iterable[Indicator],
    given_up: Iterable[Indicator],
    given_up_at: int | Mapping[str, int],
) -> Iterator[Indicator]:
    """Yield figures as told, each with what it would be with those who fell silent.

    Args:
        told: the figures as told.
        missed: the same from what those who are missed told last as well.
        given_up: the same from what those who are given up told last as well.
        given_up_at: when the newest of these was given up, seconds; 0 where nobody was. By key where it is not the
            same for all figures.

    Yields:
        All of `told`, in that order; then those that only the silent tell, with the value null. A figure without a
        value is as old as what the silent told last.
    """
    by_key = {_key(found): found for found in missed}
    with_all = {_key(found): found for found in given_up}
    for found in told:
        key = _key(found)
        own = by_key.pop(key, found)
        every = with_all.pop(key, own)
        yield _with(found, own, every, _at(given_up_at, key))
    for key, own in by_key.items():
        every = with_all.pop(key, own)
        if own.value is not None or every.value is not None:
            yield _with(_without(own), own, every, _at(given_up_at, key))
    for key, every in with_all.items():
        if every.value is not None:
            gone = _without(every)
            yield _with(gone, gone, every, _at(given_up_at, key))


def _at(given_up_at: int | Mapping[str, int], key: str) -> int:
    return given_up_at if isinstance(given_up_at, int) else given_up_at.get(key, 0)


def _with(found: Indicator, missed: Indicator, given_up: Indicator, given_up_at: int) -> Indicator:
    if found.value is None and missed.value is not None:
        found = msgspec.structs.replace(found, observed_at=missed.observed_at)
    return silence_of(
        found, (missed.value, missed.observations), (given_up.value, given_up.observations), given_up_at
    )


def _without(found: Indicator) -> Indicator:
    return Indicator(found.name, found.labels, None, found.observed_at, 0.0, 0)


def _key(found: Indicator) -> str:
    return indicator_key(found.name, found.labels)
