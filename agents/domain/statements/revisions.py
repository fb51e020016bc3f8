"""What a revision replaces: the whole report of its source about the same location and second, also what it leaves out.

What one location says about one day or week is a set of reports. Of the report of a source about a second only its newest
revision counts, whatever the order in which they come: what only an earlier one says is *withdrawn*. A withdrawal replaces
what was said before that second, as a figure would, and reads as if nothing had been said of that day or week.

State holds the newest statement about each subject (`ring`, `weekly`), so what is remembered here beside it is enough: of
each report that was revised the newest revision with what it names, and which subjects are withdrawn. Where nothing was ever
revised there is none of it.
"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple, Protocol, TypeVar, cast

Moment = tuple[int, str]
"""Observed second and source of a report; with its location, and its week, that is who it is."""

Subject = int | str | tuple[str, ...]
"""What a figure is about: the number of its column, or what its topic tells statements apart by."""

SubjectT = TypeVar("SubjectT", bound=Subject)


Reports = dict[int, dict[str, tuple[int, tuple[Subject, ...]]]]

SECONDS_MAX = 300
"""Revised reports that are remembered of one day or week of one location: of no input may state grow for ever."""

_SOURCES_MAX = 10
"""Sources of which one second is remembered."""


class Revised(NamedTuple):
    """What revisions did to one day or week of one location.

    Attributes:
        reports: of each report that was revised, by second and source, its newest revision, and what that names, in order.
        withdrawn: subjects that are withdrawn, each with the report that did it.
    """

    reports: Reports
    withdrawn: dict[Subject, Moment]

    def concerns(self, second: int) -> bool:
        """Return whether a report about a second, and of revision 0, is other than any."""
        return bool(self.withdrawn) or second in self.reports


ByDay = dict[int, Revised]
"""What revisions did to one location, by local day or by the Monday of a week."""


class Held(Protocol[SubjectT]):
    """What is held of a location on a day or in a week."""

    def moment(self, subject: SubjectT) -> Moment | None:
        """Return which report the statement about a subject is from; None without one."""
        ...

    def of(self, second: int) -> Iterable[SubjectT]:
        """Return the subjects of which a statement about that second is held."""
        ...


class Settled(NamedTuple):
    """What becomes of a report.

    Attributes:
        noted: whether more is known of revisions than before.
        hidden: what it names and does not count: a newer revision replaced it, or something newer is withdrawn.
        emptied: what is held and is withdrawn.
    """

    noted: bool
    hidden: Collection[Any]
    emptied: Collection[Any]


NOTHING = Settled(noted=False, hidden=(), emptied=())


def revised_on(
    revised: dict[str, ByDay], location: str, day: int, second: int, revision: int
) -> Revised | None:
    """Return what revisions did to a day or week, to be written to; None where a report is as any other."""
    by_day = revised.get(location)
    found = None if by_day is None else by_day.get(day)
    if found is None and revision:
        found = revised.setdefault(location, {})[day] = Revised({}, {})
    return found if found is not None and (revision or found.concerns(second)) else None


def settle(
    revised: Revised, moment: Moment, revision: int, named: Collection[SubjectT], held: Held[SubjectT]
) -> Settled:
    """Take note of a report; what counts of it is then taken as of any other.

    Args:
        revised: what is known of the day or week that it is about.
        moment: which report it is.
        revision: of the report.
        named: what it says a figure of.
        held: what is held of that day or week.
    """
    reports, withdrawn = revised
    second, source = moment
    newest, kept = reports.get(second, {}).get(source, (0, ()))
    if revision < newest:
        left_out = [one for one in named if one not in kept and _replaces(moment, one, withdrawn, held)]
        withdrawn.update(dict.fromkeys(left_out, moment))
        return Settled(bool(left_out), named, [one for one in left_out if held.moment(one) is not None])
    emptied: list[SubjectT] = []
    noted = False
    if revision:
        every: set[Subject] = {*named}
        if revision == newest:
            every.update(kept)
            noted = len(every) > len(kept)
        else:
            noted = True
            left_out = [one for one in held.of(second) if one not in every]
            emptied = [one for one in left_out if _is_same(held.moment(one), moment)]
        if noted:
            _note(reports, moment, (revision, tuple(sorted(cast("set[int]", every)))))
    hidden: Collection[SubjectT] = ()
    if withdrawn:
        hidden = [one for one in named if (at := withdrawn.get(one)) is not None and is_later(at, moment)]
        for one in named:
            if one not in hidden:
                withdrawn.pop(one, None)  # and what is said of it is held
    withdrawn.update(dict.fromkeys(emptied, moment))
    return Settled(noted, hidden, emptied)


def _note(reports: Reports, moment: Moment, newest: tuple[int, tuple[Subject, ...]]) -> None:
    second, source = moment
    by_source = reports.setdefault(second, {})
    by_source[source] = newest
    # What counts goes last, whatever the order in which they came.
    if len(by_source) > _SOURCES_MAX:
        del by_source[max(by_source)]
    if len(reports) > SECONDS_MAX:
        del reports[min(reports)]


def forget(revised: dict[str, ByDay], first: int) -> list[str]:
    """Forget days or weeks before `first`, about which reports are late; return the locations that lost any."""
    aged = [location for location, by_day in revised.items() if min(by_day) < first]
    for location in aged:
        kept = {day: found for day, found in revised[location].items() if day >= first}
        if kept:
            revised[location] = kept
        else:
            del revised[location]
    return aged


def is_later(moment: Moment, other: Moment) -> bool:
    """Return whether what one report says counts where another says something else.

    Of two sources that report about the same second it is the one whose id comes first. A source that is not known (up to
    format 17 it was not put away) may be either.
    """
    second, source = moment
    if second != other[0]:
        return second > other[0]
    return bool(source and other[1]) and source < other[1]


def _is_same(moment: Moment | None, other: Moment) -> bool:
    return moment is not None and moment[0] == other[0] and moment[1] in ("", other[1])


def _replaces(moment: Moment, one: SubjectT, withdrawn: dict[Subject, Moment], held: Held[SubjectT]) -> bool:
    """Return whether a withdrawal by a report replaces what stands of a subject."""
    before = withdrawn.get(one)
    if before is not None:
        return is_later(moment, before)
    stated = held.moment(one)
    return stated is None or not is_later(stated, moment)
