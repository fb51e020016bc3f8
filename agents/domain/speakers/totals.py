"""A total as one location beside its parts: one of both counts, and that there is a total is shown.

A location is taken for a total by its name; or where another source than that of the others reports, time after time and to
the digit, their sum. The parts count, unless it holds clearly more than they do: then some of them are not there, and it
counts instead of them.
"""

from collections.abc import Collection, Mapping, Sequence

from agents.domain.speakers.doubles import Measure
from agents.domain.speakers.speakers import Speakers, Total

_PARTS_MIN = 2
_TIMES_MIN = 3
"""Once or twice a figure is the sum of others by chance."""
_NEAR = 0.1
"""A total of another hour differs by less than this; one that holds more by more has parts that are not there."""
_FAR = 0.25
"""What holds less than its parts by more is no total of them, whatever it is called."""


def look_for_totals(
    speakers: Speakers,
    heard: Collection[str],
    at: int,
    measure: Measure,
    aside: Collection[str],
) -> None:
    """Look at who is the sum of others.

    Args:
        speakers: who speaks.
        heard: who was heard since the last tick.
        at: the tick.
        measure: what a location reported last.
        aside: who does not count for another reason, or is stale.
    """
    called = {name for name in speakers.called if name not in aside}
    if not called and not speakers.totals and len(speakers.sources) < _PARTS_MIN:
        return
    names = [name for name in speakers.by_location if name not in aside]
    for name in sorted({*(one for one in heard if one in names), *called, *speakers.totals}):
        held = speakers.totals.get(name)
        own = measure(name) if name in names else None
        others = [other for other in names if other not in (name, *called, *speakers.totals)]
        if own is None:
            found = None
        elif name in called:
            found = _of_name(own, others, measure)
        else:
            apart = [
                one for one in others if not set(_sources(speakers, one)) & set(_sources(speakers, name))
            ]
            found = _of_sum(own, apart, measure, held, again=name in heard)
        if found is None:
            speakers.totals.pop(name, None)
        else:
            found.since = at if held is None else held.since
            speakers.totals[name] = found


def _sources(speakers: Speakers, name: str) -> Sequence[str]:
    return speakers.by_location[name].sources


def _of_name(own: Mapping[int, int], others: Sequence[str], measure: Measure) -> Total | None:
    """Return the total that a name says; None where nobody reports any of the same, or clearly more."""
    parts, sums = _parts(own, others, measure)
    whole, told = sum(own[column] for column in sums), sum(sums.values())
    if not parts or whole < told * (1 - _FAR):
        return None
    return Total(0, parts, fuller=whole > told * (1 + _NEAR))


def _of_sum(
    own: Mapping[int, int], others: Sequence[str], measure: Measure, held: Total | None, *, again: bool
) -> Total | None:
    """Return the total that is the sum of others to the digit; None where it is not."""
    parts, sums = _parts(own, others, measure)
    if len(parts) < _PARTS_MIN or own != sums or not sum(own.values()):
        return None
    times = 0 if held is None else held.times
    return Total(0, parts, times=min(times + again, _TIMES_MIN))


def _parts(
    own: Mapping[int, int], others: Sequence[str], measure: Measure
) -> tuple[list[str], dict[int, int]]:
    """Return who else reports any of the same, and by column the sum of what they report."""
    sums: dict[int, int] = {}
    parts = []
    for other in others:
        values = measure(other) or {}
        shared = own.keys() & values.keys()
        if shared:
            parts.append(other)
        for column in shared:
            sums[column] = sums.get(column, 0) + values[column]
    return parts, sums


def beside_totals(speakers: Speakers) -> set[str]:
    """Return who does not count: totals whose parts do, and parts of totals that hold more."""
    names: set[str] = set()
    for name, total in speakers.totals.items():
        if total.fuller:
            names.update(total.parts)
        elif total.times >= _TIMES_MIN or name in speakers.called:
            names.add(name)
    return names
