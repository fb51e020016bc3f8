"""What a scenario is: a seed makes its records, its truth says what they must cause.

A scenario has no clock and no other chance than `random.Random(seed)`: the same seed gives the same bytes,
and every seed the same truth. All figures are made up; none is about a real hospital.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

import msgspec

from deploy.scenarios.registry import registry_of_scenario
from streams.calendar import AMSTERDAM, iso, seconds
from streams.recording import Record, RecordingHeader, record_of
from streams.reports import Report

_REPEATED_SHARE = 0.02


class Truth(msgspec.Struct, frozen=True):
    """A transition that must come, and when: `at` lies in `at_earliest`...`at_latest` (ISO 8601 UTC).

    Attributes:
        region: region id or `NL`.
        norm: norm id as in `alerts/norms.toml`.
        state: `active`, `reopened` or `resolved`.
        at_earliest: first tick at which it may become known.
        at_latest: last tick at which it may.
        scope: scope of a norm that is split, else empty.
    """

    region: str
    norm: str
    state: str
    at_earliest: str
    at_latest: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario.

    Attributes:
        name: as on the command line.
        summary: one sentence, for people.
        begin: first local day.
        end: last local day.
        tick_seconds: step of the ticks when it is played.
        truth: every transition to active or resolved that it must cause, and no other may come.
        records: makes the records of a seed, in order of time.
    """

    name: str
    summary: str
    begin: date
    end: date
    tick_seconds: int
    truth: tuple[Truth, ...]
    records: Callable[[Random], list[Record]]

    def recording(self, seed: int) -> tuple[RecordingHeader, list[Record]]:
        """Return header and records of a seed; the header brings the registry of whom the scenario speaks of."""
        records = self.records(Random(seed))  # noqa: S311 - repeatable chance is the purpose
        header = RecordingHeader(
            name=f"{self.name}: {self.summary}",
            tick_seconds=self.tick_seconds,
            origin=f"simulate {self.name} --seed {seed}",
            truth=[msgspec.to_builtins(one) for one in self.truth],
            registry=registry_of_scenario(self.name, self.begin, records),
        )
        return header, records


Statement = tuple[str, Report]
"""A report with its topic."""


def recorded(chance: Random, statements: Iterable[Statement]) -> list[Record]:
    """Return the records of statements in order of time, the first and a few others a second time, byte for byte."""
    records: list[Record] = []
    for topic, report in statements:
        record = record_of(topic, report)
        records.append(record)
        if len(records) == 1 or chance.random() < _REPEATED_SHARE:
            again = record.timestamp + 60_000 * chance.randint(5, 120)
            records.append(msgspec.structs.replace(record, timestamp=again))
    return sorted(records, key=lambda record: record.timestamp)


def stated(statements: Callable[[Random], Iterable[Statement]]) -> Callable[[Random], list[Record]]:
    """Return what makes the records of a seed from what makes its statements."""
    return lambda chance: recorded(chance, statements(chance))


def mondays(begin: date, end: date) -> list[date]:
    """Return the Mondays between two days, both included."""
    return [on for on in days(begin, end) if on.weekday() == 0]


def local(on: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return a Dutch local time."""
    return datetime.combine(on, time(hour, minute), AMSTERDAM)


def days(begin: date, end: date) -> list[date]:
    """Return every day from `begin` up to and including `end`."""
    return [begin + timedelta(days=number) for number in range((end - begin).days + 1)]


def expected(region: str, norm: str, state: str, window: tuple[datetime, datetime], scope: str = "") -> Truth:
    """Return the truth that a transition comes within a window of local time."""
    first, last = window
    return Truth(region, norm, state, iso(seconds(first)), iso(seconds(last)), scope)


def around(on: date, *, days_before: int = 1, days_after: int = 1) -> tuple[datetime, datetime]:
    """Return a window of whole local days around a day."""
    return local(on - timedelta(days=days_before)), local(on + timedelta(days=days_after + 1))


Row = tuple[str, str, str, date]
"""Region, norm, state, and the day on which the report comes that causes it (plus the norm's hold)."""


def due(*rows: Row, scope: str = "") -> tuple[Truth, ...]:
    """Return the truth that each transition comes on its day, or at a tick of the day after."""
    return tuple(
        expected(region, norm, state, around(on, days_before=0), scope) for region, norm, state, on in rows
    )
