"""What was said of one day: of each figure of each location every statement, with revision, source and when it was said.

Of a location and source the newest report about the day counts; of figures per week that is the week in which the day lies, of
waits the newest peildatum up to the day. What a later revision of that report leaves out is withdrawn: it has the value null.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from streams.calendar import date_of, day_number, iso, local_day
from streams.reports import REPORT_TYPES
from streams.reports.declaration import row_type
from streams.reports.report import Report
from streams.topics import COORDINATION

Value = int | float | str | None


class Statement(msgspec.Struct, frozen=True):
    """A figure as one report said it; null where its revision left it out."""

    revision: int
    value: Value
    said_at: str
    id: str


class SaidFigure(msgspec.Struct, frozen=True):
    """A figure of one location, and what one source said it was, by revision; the last one counts.

    Attributes:
        topic: report topic.
        location: whom it is about.
        source: who said it.
        figure: name of the field.
        labels: what tells the row apart from others of the report.
        observed_at: moment that it is about.
        said: the statements; one that repeats the one before is left out.
    """

    topic: str
    location: str
    source: str
    figure: str
    labels: dict[str, Value]
    observed_at: str
    said: list[Statement]


class _Noted(NamedTuple):
    """A report and where it stood; `record` is what it was decoded from."""

    revision: int
    said_ms: int
    report: Any
    record: object


_Who = tuple[str, str, str, str]
"""Region, topic, location and source."""


class SaidOfDay:
    """Statements about one local day.

    Args:
        day: days since 1970.
    """

    def __init__(self, day: int) -> None:
        self.day = day
        self._monday = day - date_of(day).weekday()
        self._noted: dict[_Who, tuple[tuple[int, int], list[_Noted]]] = {}

    @property
    def first_day(self) -> int:
        """The first day on which anything can be said of it that is no wait: its Monday."""
        return self._monday

    def note(self, topic: str, report: Any, moments: tuple[int, int], said_ms: int, record: object) -> bool:
        """Take note of a report, and return whether it is about the day or an earlier one.

        Args:
            topic: its topic.
            report: as decoded.
            moments: seconds that it is about and at which it came.
            said_ms: timestamp of its record.
            record: the record, to tell later which were refused (`figures`).
        """
        declared = REPORT_TYPES[topic].declared
        observed = moments[0] if topic == COORDINATION else min(moments)
        period = (
            local_day(observed)
            if declared.day == "observed_at"
            else day_number(getattr(report, declared.day))
        )
        if period > self.day:
            return False
        if self._is_about_it(declared.day, period) and topic != COORDINATION:
            who = (report.region, topic, report.location, report.source)
            newest = (period, observed)
            known = self._noted.get(who)
            if known is None or known[0] < newest:
                known = self._noted[who] = (newest, [])
            if known[0] == newest:
                known[1].append(_Noted(report.revision, said_ms, report, record))
        return True

    def figures(self, region: str, refused: Iterable[object] = ()) -> list[SaidFigure]:
        """Return the figures of a region, without what was said in records that were refused."""
        without = {id(record) for record in refused}
        found: list[SaidFigure] = []
        for (name, topic, location, source), ((_, observed), noted) in sorted(
            self._noted.items(), key=lambda one: one[0]
        ):
            counted = [each for each in noted if id(each.record) not in without]
            if name == region and counted:
                for figure, labels, said in _figures(topic, counted):
                    found.append(SaidFigure(topic, location, source, figure, labels, iso(observed), said))
        return found

    def _is_about_it(self, kind: str, period: int) -> bool:
        if kind == "week_start":
            return period == self._monday
        return kind == "peildatum" or period == self.day


def _figures(topic: str, noted: list[_Noted]) -> Iterator[tuple[str, dict[str, Value], list[Statement]]]:
    said: dict[tuple[str, tuple[Value, ...]], list[Statement]] = {}
    subject = REPORT_TYPES[topic].declared.subject
    for revision, said_ms, report, _ in sorted(noted, key=lambda one: one[:2]):
        named = dict(_values(topic, report))
        for key in [*named, *(key for key in said if key not in named)]:
            before = said.setdefault(key, [])
            value = named.get(key)
            if value is None and (not before or before[-1].revision == revision):
                continue  # another report of the same revision says something beside it
            if not before or before[-1].value != value:
                before.append(Statement(revision, value, iso(said_ms // 1000), report.id))
    for (figure, labels), statements in sorted(said.items(), key=lambda one: (str(one[0][1]), one[0][0])):
        if statements:
            yield figure, dict(zip(subject, labels, strict=True)), statements


def _values(topic: str, report: Any) -> Iterator[tuple[tuple[str, tuple[Value, ...]], Value]]:
    kind = REPORT_TYPES[topic]
    declared = kind.declared
    own = {*declared.subject, declared.day, *Report.__struct_fields__}
    fields = [name for name in row_type(kind).__struct_fields__ if name not in own]
    for row in getattr(report, declared.rows) if declared.rows else (report,):
        labels = tuple(getattr(row, name) for name in declared.subject)
        for name in fields:
            value = getattr(row, name)
            if value is not None:
                yield (name, labels), value
