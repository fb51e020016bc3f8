"""Which of several registered sources counts where they tell of the same figure of the same location: the one of lowest rank.

The others count for what it does not tell, and in its place once it is silent for longer than it ordinarily is. What they
tell otherwise is compared with it: where both say something else of the same day, that is a conflict, and shown.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import copy
from typing import Any

import msgspec

from streams.calendar import local_day
from streams.registry.registry import Registry
from streams.reports import Report

Told = dict[str, tuple[int, float]]
"""By figure: the second that it is about, and its value."""

ByLocation = dict[str, dict[str, Told]]
"""What each source told last, of the locations for which several speak."""

Displace = Callable[[Report, Collection[str], int], None]

_ALL = ""
"""What a source tells is not known yet: it spoke alone before, so nobody took note. Until it does again it may be anything."""

_REVISED = "revision"
"""Stands for the newest report that was revised: its second and revision. No figure is called so."""


def of_the_first(
    registry: Registry,
    told: ByLocation,
    sources: Iterable[str],
    report: Report,
    observed: int,
    max_age: Callable[[str], int],
    displace: Displace,
    *,
    is_whole: bool = False,
) -> Report:
    """Return a report without the figures that a source of lower rank tells; without any it changes nothing.

    What a source of higher rank told before it, of the same day or week, is held no more: which of both comes first makes no
    difference.

    Args:
        registry: it says the rank.
        told: what was told before; this report is noted.
        sources: who speaks for the location.
        report: a report about a location for which several sources speak, under the name that figures use.
        observed: the second that it is about.
        max_age: how long a source is silent in ordinary life, seconds.
        displace: makes the fold hold no more what these sources state, about so many seconds after the report at most.
        is_whole: whether a report is one statement: a class that is not named holds nobody, so a part of one would say so
            of the others.
    """
    by_source = told.setdefault(report.location, {})
    for source in sources:
        by_source.setdefault(source, {_ALL: (observed, 0)})
    own = by_source[report.source]
    own.pop(_ALL, None)
    figures = dict(_figures(report))
    if report.revision >= _revised(own, report.revision, observed, figures):
        for key, value in figures.items():
            if key not in own or observed >= own[key][0]:
                own[key] = observed, value
    rank = _rank(registry, report.source)
    worse = [source for source in by_source if _rank(registry, source) > rank]
    if worse:
        displace(report, worse, max_age(report.source))
    before = [
        (source, its)
        for source, its in by_source.items()
        if source != report.source and source in registry.sources and _rank(registry, source) < rank
    ]
    if is_whole and any(observed - at <= max_age(source) for source, its in before for at, _ in its.values()):
        return _without(report, set(figures))
    first = {
        key
        for source, its in before
        for key in figures
        if (held := its.get(key) or its.get(_ALL)) is not None and observed - held[0] <= max_age(source)
    }
    return _without(report, first) if first else report


def _revised(own: Told, revision: int, observed: int, figures: Collection[str]) -> int:
    """Return the newest revision of a report; what an earlier one told and this one leaves out is told no more."""
    second, newest = own.get(_REVISED, (0, 0))
    if revision and (observed, revision) > (second, newest):
        own[_REVISED] = observed, revision
        for key in [
            key for key, (at, _) in own.items() if at == observed and key not in (*figures, _REVISED)
        ]:
            del own[key]
    return int(newest) if second == observed else 0


def conflicts(registry: Registry | None, told: ByLocation) -> Iterator[tuple[str, int]]:
    """Yield which sources contradict each other, and of which second the newest of it is."""
    if registry is None:
        return
    for location, by_source in sorted(told.items()):
        sources = sorted(by_source, key=lambda source: _rank(registry, source))
        for place, one in enumerate(sources):
            for other in sources[place + 1 :]:
                found = list(_contradictions(by_source[one], by_source[other]))
                if found:
                    yield f"{location}: {one} ≠ {other}", max(found)


def _contradictions(one: Told, other: Told) -> Iterator[int]:
    for key in (one.keys() & other.keys()) - {_ALL, _REVISED}:
        (at, value), (its, others) = one[key], other[key]
        if value != others and local_day(at) == local_day(its):
            yield max(at, its)


def _rank(registry: Registry, source: str) -> tuple[int, str]:
    found = registry.sources.get(source)
    return (1000 if found is None else found.rank), source


def _rows(report: Any) -> tuple[str, list[Any]]:
    """Return the field that holds the rows of a report, and them; an empty name where it has none."""
    for field in ("readings", "rows"):
        rows = getattr(report, field, None)
        if rows is not None:
            return field, rows
    return "", []


def _numbers(row: Any) -> Mapping[str, float]:
    return {
        field: value
        for field in row.__struct_fields__
        if isinstance(value := getattr(row, field), int | float) and not isinstance(value, bool)
    }


def _own_numbers(report: Any) -> dict[str, float]:
    """Return the figures of a report without rows: those that not every report has."""
    every = _numbers(report)
    return {field: value for field, value in every.items() if field not in Report.__struct_fields__}


def figure_key(row: Any, field: str) -> str:
    """Return what `told` calls a figure: what its row is about, and the field."""
    words = [getattr(row, "unit", "")]
    words += [
        str(value) for name in row.__struct_fields__ if isinstance(value := getattr(row, name), str | bool)
    ]
    return "|".join([*words, field])


def _figures(report: Report) -> Iterator[tuple[str, float]]:
    of_rows, rows = _rows(report)
    if not of_rows:
        yield from _own_numbers(report).items()
    for row in rows:
        for field, value in _numbers(row).items():
            yield figure_key(row, field), value


def _without(report: Report, first: set[str]) -> Report:
    field, rows = _rows(report)
    if not field:
        # One that says nothing is no report by the contract; here it is one of which nothing counts.
        nothing = copy(report)
        for name in first.intersection(_own_numbers(report)):
            msgspec.structs.force_setattr(nothing, name, None)
        return nothing
    kept: list[Any] = []
    for row in rows:
        taken = [name for name in _numbers(row) if figure_key(row, name) in first]
        if not taken:
            kept.append(row)
        elif _may_be_null(row, taken) and len(taken) < len(_numbers(row)):
            kept.append(msgspec.structs.replace(row, **dict.fromkeys(taken)))
    return msgspec.structs.replace(report, **{field: kept})


def _may_be_null(row: Any, names: list[str]) -> bool:
    return all(field.default is None for field in msgspec.structs.fields(row) if field.name in names)
