"""What a recording knew: it is played through the same domain as the live system, and looked at on the way."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from agents.pipeline import Pipeline
from alerts.norms import Norms
from dashboards.reports.knowledge import Knowledge, judged_knowledge
from dashboards.reports.months import month_end, month_of
from streams.calendar import iso, local_day
from streams.indicators import ALL
from streams.recording import Record, RecordingError, read_recording
from streams.registry.load import registry_of_recording
from streams.replay import stretches, with_ticks
from streams.status import Indicator, Transition

HISTORY_DAYS = 84
"""Days that a report looks back: twelve weeks."""


@dataclass(frozen=True)
class Told:
    """What had been told at a moment.

    Attributes:
        origin: recording or system that it comes from, for people.
        now: everything that is known.
        history: totals at the end of earlier days (or weeks), oldest first.
        transitions: every transition of a breach, in order.
    """

    origin: str
    now: Knowledge
    history: Sequence[Knowledge] = ()
    transitions: Sequence[Transition] = ()


@dataclass(frozen=True)
class Months:
    """What was known at the end of months; the last one may be going on.

    Attributes:
        origin: recording or system that it comes from, for people.
        month: the month that is told about.
        ends: knowledge by month, as far as anything was known then.
    """

    origin: str
    month: str
    ends: Mapping[str, Knowledge]


def play_months(path: Path, norms: Norms, month: str | None, before: int) -> Months:
    """Return what a recording knew at the end of a month (by default where it ends), and of the months before.

    A tick is put in at the end of each month, because months end between ticks.

    Raises:
        RecordingError: the recording cannot be read, or holds nothing and no month is given.
        ValueError: `month` is no month.
    """
    until = None if month is None else month_end(month)
    header, records = read_recording(path, headers=False)
    pipeline = Pipeline(norms, registry_of_recording(header.registry))
    ends: deque[tuple[str, Knowledge]] = deque(maxlen=before)

    def with_month_ends() -> Iterator[Record | int]:
        end = 0
        for item in with_ticks(records, header.tick_seconds, until):
            second = item if isinstance(item, int) else item.timestamp / 1000
            end = end or month_end(month_of(int(second)))
            while second > end:
                yield end
                ends.append((month_of(end), judged_knowledge(pipeline.judged, end, norms)))
                end = month_end(month_of(end + 1))
            yield item

    for _ in pipeline.play(with_month_ends()):
        pass
    at = pipeline.last_tick if until is None else until
    if not at:
        raise RecordingError(f"{path.name}: it holds no records; say for which month")
    last = month_of(at)
    return Months(header.name, last, dict(ends) | {last: judged_knowledge(pipeline.judged, at, norms)})


def play_to(path: Path, norms: Norms, until: int | None = None) -> Told:
    """Return what a recording had told at a moment (by default its end), with the twelve weeks before.

    Raises:
        RecordingError: the recording cannot be read, or nothing of it was known by then.
    """
    header, records = read_recording(path, headers=False)
    first = _first(path, records, until)
    pipeline = Pipeline(norms, registry_of_recording(header.registry))
    history: deque[Knowledge] = deque(maxlen=HISTORY_DAYS)

    def watched() -> Iterator[list[Record] | int]:
        for item in stretches(chain([first], records), header.tick_seconds, until):
            last = pipeline.last_tick
            if isinstance(item, int) and last and local_day(item) != local_day(last):
                history.append(judged_knowledge(pipeline.judged, last, norms, is_total))
            yield item

    transitions = list(pipeline.play(watched()))
    at = pipeline.last_tick if until is None else until
    return Told(header.name, judged_knowledge(pipeline.judged, at, norms), list(history), transitions)


def _first(path: Path, records: Iterator[Record], until: int | None) -> Record:
    """Take the first record: without any a page of unknowns would look like an answer."""
    first = next(records, None)
    if first is None:
        raise RecordingError(f"{path.name}: it holds no records, so there is nothing to report on")
    begin = first.timestamp // 1000
    if until is not None and first.timestamp > until * 1000:
        raise RecordingError(
            f"{path.name}: nothing was known at {iso(until)}, it begins at {iso(begin)}; say a later time"
        )
    return first


def is_total(indicator: Indicator) -> bool:
    """Return whether an indicator is a total over specialisms: what is kept of days gone by."""
    labels = indicator.labels
    return labels.get("specialism", ALL) == ALL and "treatment" not in labels
