"""A day as it was known at a moment, on the day itself or later.

The log is played up to the end of the day, as always. Then everything that was said up to the moment about the day, or an earlier
one, comes at once, and the last ticks of the day say each figure anew: the figures are those with which the day would have
ended had all of it been there in time. What was judged stays what was judged on the day: a correction rings no alarm afterwards.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from agents.domain.statements.said import SaidOfDay
from agents.pipeline import Pipeline
from streams.calendar import date_of, day_start, iso
from streams.codec import RefusedError
from streams.control import CONTROL_KEY, RegistryLines, decode_control
from streams.indicators import INDICATORS, indicator_key
from streams.intake import ACCEPT
from streams.recorded_log import PartitionLog, Recorded, logs_up_to
from streams.recording import Record
from streams.replay import stretches
from streams.ticks import TICK_KEY
from streams.topics import WAITING_TIMES
from streams.views import IndicatorView

_TICKS = 10
"""At the end of the day: what is too much for one status entry comes with the next."""
_AHEAD_DAYS = 2
"""A report is said at most so long before the moment that it is about: `received_at` may be a day ahead, and so may its record."""


class AsKnown:
    """Plays a log up to a day, and then what else was known of it.

    Args:
        pipeline: as it begins.
        as_of: second up to which anything is known.
        day: local day, days since 1970; not after that of `as_of`.
    """

    def __init__(self, pipeline: Pipeline, as_of: int, day: int) -> None:
        self.pipeline = pipeline
        self.as_of = as_of
        self.said = SaidOfDay(day)
        end = day_start(day + 1) - 1
        self.is_later = as_of > end
        self.at = end if self.is_later else as_of
        self._cut = end - _TICKS if self.is_later else as_of
        self._from_ms = (day_start(self.said.first_day) - _AHEAD_DAYS * 86_400) * 1000
        self._later: list[tuple[str, int, Record]] = []

    def play(self, records: Iterable[Record], tick_seconds: int) -> dict[str, Any]:
        """Play a recording of version 1; return the day as `Pipeline.status` does, with `as_of`, `day` and `revisions`.

        Raises:
            RecordingError: it cannot be read.
        """
        own = self._sorted_out((record.topic, 0, record) for record in records)
        for _ in self.pipeline.play(stretches((record for _, _, record in own), tick_seconds, self._cut)):
            pass
        return self._told()

    def play_logs(self, logs: Sequence[PartitionLog], skipped: Mapping[str, Sequence[int]]) -> dict[str, Any]:
        """Play a log as it stood, without the offsets that were skipped, by topic/partition; return the same."""
        for _ in self.pipeline.play_logs(logs_up_to(logs, self._cut)):
            pass
        for log in logs:
            left_out = set(skipped.get(log.place, ()))
            records = (
                each.record
                for each in log.items
                if isinstance(each, Recorded) and each.counts and each.offset not in left_out
            )
            for _ in self._sorted_out((log.topic, log.partition, record) for record in records):
                pass
        return self._told()

    def _sorted_out(self, records: Iterable[tuple[str, int, Record]]) -> Iterator[tuple[str, int, Record]]:
        """Yield what was known when the day ended, and keep what came later; take note of what is about the day."""
        for topic, partition, record in records:
            if record.timestamp > self.as_of * 1000:
                continue
            is_before = record.timestamp <= self._cut * 1000
            if is_before:
                yield topic, partition, record
                if record.timestamp >= self._from_ms or topic == WAITING_TIMES:
                    self._is_about_then(record)
            elif self._is_about_then(record):
                self._later.append((topic, partition, record))

    def _is_about_then(self, record: Record) -> bool:
        """Take note of a record; return whether it tells of the day, of an earlier one, or of who may say what."""
        accept = ACCEPT.get(record.topic)
        if accept is None or record.key == TICK_KEY:
            return False
        try:
            if record.key == CONTROL_KEY:
                return isinstance(decode_control(record.value), RegistryLines)
            report, *moments = accept(record.key, record.value)
        except (RefusedError, ValueError):
            return False
        return self.said.note(record.topic, report, (moments[0], moments[1]), record.timestamp, record)

    def _told(self) -> dict[str, Any]:
        pipeline = self.pipeline
        document = pipeline.status(self.at)
        regions = document["regions"]
        if self.is_later:
            for topic, partition, record in self._later:
                pipeline.receive_in(topic, partition, record)
            for at in range(self._cut + 1, self.at + 1):
                pipeline.tick(at)
            for name, now in pipeline.status(self.at)["regions"].items():
                then = regions[name]
                then["indicators"] = _beside(now["indicators"], then["indicators"])
        refused = [record for record, _ in pipeline.refused]
        for name, region in regions.items():
            region["revisions"] = self.said.figures(name, refused)
        day = date_of(self.said.day).isoformat()
        return document | {"as_of": iso(self.as_of), "day": day}


def _beside(now: Sequence[IndicatorView], then: Sequence[IndicatorView]) -> list[Any]:
    """Return the figures as known at the moment; one that was another when the day ended says which (`known_then`).

    Who had reported is told as it was when the day ended. What was withdrawn since has the value null.
    """
    before = {indicator_key(one.name, one.labels): one for one in then if INDICATORS[one.name].topic}
    found: list[Any] = []
    for one in now:
        if INDICATORS[one.name].topic:
            was = before.pop(indicator_key(one.name, one.labels), None)
            found.append(one if was is not None and was.value == one.value else _changed(one, one.value, was))
    found += [_changed(one, None, one) for one in before.values()]
    return found + [one for one in then if not INDICATORS[one.name].topic]


def _changed(one: IndicatorView, value: float | None, was: IndicatorView | None) -> dict[str, Any]:
    known_then = None if was is None else was.value
    return {**msgspec.to_builtins(one), "value": value, "known_then": known_then}
