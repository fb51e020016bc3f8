"""The course of the beds of one unit in one region, and what it lets us project.

Held by local day, each with what was known of it last. Nothing of a later day is looked at: what is projected on a day
follows from the days up to it, and its band from the days before it, of which the outcome is known.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from agents.domain.projection.band import ERRORS_COUNTED, half_width
from agents.domain.projection.expected import HORIZON, LEAST, LOOK_BACK, Ahead, expected

DAYS_HELD = ERRORS_COUNTED + HORIZON + LOOK_BACK
"""Days before the newest one that count: the oldest one behind the oldest error."""

GAP_MAX = 7
"""Days without a figure that are bridged by the one before; after more the course begins anew."""

SERIES: tuple[str, ...] = Ahead._fields
"""What is projected: COVID patients, the others, and all together."""


class Band(NamedTuple):
    """Day 1 to 9 of one series: the middle of what is expected, and half the width of its 80 % band, in beds."""

    middle: tuple[float, ...]
    half: tuple[float, ...]


class Course(msgspec.Struct, dict=True):
    """Beds by local day (`streams.calendar`).

    Attributes:
        covid: beds with COVID patients.
        other: beds of other patients; a day of which they are not known is not in it.
    """

    covid: dict[int, int] = {}
    other: dict[int, int] = {}

    def __post_init__(self) -> None:
        """Begin without what follows from the days: what was expected on a day, and how wide the bands are."""
        self.expected: dict[int, Ahead] = {}
        self.halves: dict[str, tuple[float, ...]] | None = None
        self.projection: dict[str, Band] | None = None

    def put(self, day: int, covid: int, other: int | None) -> bool:
        """Hold what is known of a day; False if that was known, or lies before the days that count."""
        newest = max(self.covid, default=day)
        known = self.covid.get(day) == covid and (other is None or self.other.get(day) == other)
        if known or day < newest - DAYS_HELD:
            return False
        self.projection = None
        if day != newest:
            self.halves = None
        self.expected = {
            since: ahead for since, ahead in self.expected.items() if newest - DAYS_HELD < since < day
        }
        anew = _hold(self.covid, day, covid)
        if other is not None:
            anew |= _hold(self.other, day, other)
        elif self.other and day > max(self.other) + GAP_MAX:
            self.other.clear()
            anew = True
        if anew:
            self.expected, self.halves = {}, None
        return True

    def forget_after(self, day: int) -> None:
        """Drop days that have not come: they were written down while a clock was ahead."""
        for held in (self.covid, self.other):
            for later in [later for later in held if later > day]:
                del held[later]
                self.expected, self.halves, self.projection = {}, None, None

    @property
    def last(self) -> dict[str, int]:
        """Return the beds of the newest day, by series."""
        newest = max(self.covid)
        covid, other = self.covid[newest], self.other.get(newest, 0)
        return {"covid": covid, "other": other, "all": covid + other}

    def project(self) -> dict[str, Band]:
        """Return what is projected from the newest day on, by series; nothing without enough days and errors."""
        if self.projection is None:
            self.projection = self._project()
        return self.projection

    def _project(self) -> dict[str, Band]:
        if not self.covid:
            return {}
        newest = max(self.covid)
        covid, other = _dense(self.covid, newest), _dense(self.other, newest)
        if len(covid) < LEAST:
            return {}
        now = expected(covid, other if newest in self.other else ())
        if self.halves is None:
            self.halves = dict(self._halves(covid, other))
        return {
            name: Band(middle, self.halves[name])
            for name, middle in zip(SERIES, now, strict=True)
            if middle and name in self.halves
        }

    def _halves(self, covid: Sequence[int], other: Sequence[int]) -> Iterator[tuple[str, tuple[float, ...]]]:
        """Yield half the width of the band of each series and day ahead, from the days before the newest one."""
        newest = max(self.covid)
        # By how many days before the newest one: today may not be over, so the last outcome is that of yesterday.
        then = [
            self._then(newest, back, covid, other)
            for back in range(min(len(covid), DAYS_HELD - LOOK_BACK + 1))
        ]
        both = (
            [one + others for one, others in zip(covid[-len(other) :], other, strict=True)] if other else []
        )
        for place, (name, beds) in enumerate(zip(SERIES, (covid, other, both), strict=True)):
            halves = []
            for ahead in range(1, HORIZON + 1):
                errors = [
                    beds[-1 - back] - then[back + ahead][place][ahead - 1]
                    for back in range(1, ERRORS_COUNTED + 1)
                    if back + ahead < len(then) and then[back + ahead][place]
                ]
                half = half_width(errors)
                if half is None:
                    break
                halves.append(half)
            else:
                yield name, tuple(halves)

    def _then(self, newest: int, back: int, covid: Sequence[int], other: Sequence[int]) -> Ahead:
        """Return what was expected so many days before the newest one."""
        if back == 0 or len(covid) - back < LEAST:
            return Ahead(())
        found = self.expected.get(newest - back)
        if found is None:
            found = self.expected[newest - back] = expected(_until(covid, back), _until(other, back))
        return found


def _hold(held: dict[int, int], day: int, beds: int) -> bool:
    """Hold the beds of a day; return whether what was held before is too long ago."""
    newest = max(held, default=day)
    anew = day > newest + GAP_MAX
    if anew:
        held.clear()
    held[day] = beds
    # A gap at the far end is bridged by a day before it.
    for old in [old for old in held if old < max(day, newest) - DAYS_HELD - GAP_MAX]:
        del held[old]
    return anew


def _dense(held: dict[int, int], last: int) -> list[int]:
    """Return the beds of every day that counts, up to `last`; a day without a figure has that of the day before."""
    if not held:
        return []
    beds, dense = 0, []
    for day in range(min(held), last + 1):
        beds = held.get(day, beds)
        dense.append(beds)
    return dense[-DAYS_HELD - 1 :]


def _until(days: Sequence[int], back: int) -> Sequence[int]:
    """Return the days that were looked at so many days before the last one."""
    last = len(days) - back
    return days[max(0, last - LOOK_BACK - 1) : max(0, last)]
