"""What one series ever did, day by day, and whether it is believed: suspect is what it never did before.

The last trusted figure stands until what is suspect is confirmed. A rise is by a later report about as high; what would make
it calmer - a fall, zeros, a figure that stands still or counts up - only by another source or by somebody, never by the same
source again. A series is a sequence of one figure a day, and what is known after a day follows from the days up to it alone:
so neither the order in which reports came nor a restart makes a difference.
"""

from itertools import pairwise
from math import inf, sqrt

import msgspec

from agents.domain.plausible.doubt import Doubt, Reason, Told, alike, confirms, stands_alone
from agents.domain.plausible.limits import Limits

_WEEK = 7
_SOURCES = 4
"""So many that spoke for a location are remembered."""


class Past(msgspec.Struct, array_like=True):
    """What is known of one series after a day.

    Attributes:
        through: that day; 0 before the first.
        day, value, observed: of the last figure that is trusted.
        known: reported days that were trusted.
        moved: how far it ever moved in a day, at most.
        most: the most it ever was.
        was_zero: whether it ever was 0.
        same: reported days for which it is the same by now.
        same_most: the longest that it ever was so before.
        rises: rises one after another, without a fall.
        rises_most: the most that there ever were before.
        admitted: rises one after another by just what was admitted.
        climb: what it was from the first day on; None once it fell, or has climbed for longer than any wave.
        doubt: the newest figure, where that is suspect.
        early: day and value of the first figures, of which nothing was asked; empty once there are enough.
        sources: who told the last trusted figures, the newest last.
    """

    through: int = 0
    day: int = 0
    value: int = 0
    observed: int = 0
    known: int = 0
    moved: float = 0.0
    most: int = 0
    was_zero: bool = False
    same: int = 0
    same_most: int = 0
    rises: int = 0
    rises_most: int = 0
    admitted: int = 0
    climb: list[int] | None = []
    doubt: Doubt | None = None
    early: list[tuple[int, int]] = []
    sources: list[str] = []

    def take(self, told: Told, limits: Limits) -> int:
        """Take in the figure of the next day; return the day of an earlier one that it confirms, 0 where it does none."""
        doubt, confirmed = self.doubt, 0
        # A name that nobody heard before may be the same source after an update.
        is_heard = told.source in self.sources
        if doubt is not None and confirms(told, doubt, self.value, limits, is_heard=is_heard):
            confirmed = doubt.day
            self._trust(doubt.day, doubt.value, doubt.observed, limits)
            if doubt.reason in {"frozen", "cumulative"}:
                self._begin_to_count()
        self._count(told, doubt, limits)
        self.doubt = doubt = None if confirmed else doubt
        asked = self.known >= max(1, limits.warm_up) and not told.confirmed
        asked = asked and (told.asked or doubt is not None)
        reason = self._reason(told, limits) if asked else None
        if reason is None:
            if told.confirmed:
                self._begin_to_count()
            self._trust(told.day, told.value, told.observed, limits)
            if told.source not in self.sources:
                self.sources = [*self.sources[1 - _SOURCES :], told.source]
            self.doubt = None
        else:
            since, first = told.observed, told.day
            if doubt is not None and self._goes_on(told.value, doubt, limits):
                since, first = doubt.since, doubt.first
            self.doubt = Doubt(told.day, told.value, told.observed, told.source, reason, since, first)
        self.through = told.day
        return confirmed

    def is_confirmed(self, other: Told, limits: Limits) -> bool:
        """Return whether what another source says confirms what is suspect; it is about one of these days, or later."""
        doubt = self.doubt
        return doubt is not None and other.day >= doubt.first and confirms(other, doubt, self.value, limits)

    def moves(self, day: int, limits: Limits) -> float:
        """Return how far it may move from the last trusted figure up to a day."""
        apart = max(1, day - self.day)
        return max(limits.least, limits.chance * sqrt(self.value), limits.margin * self.moved * apart)

    def room(self, day: int, limits: Limits) -> tuple[float, float, int]:
        """Return within what a figure of a later day needs no further look, and the one value in it that does; -1 for none."""
        if self.known < max(1, limits.warm_up):
            return -inf, inf, -1
        far = self.moves(day, limits)
        low, high = self.value - far, self.value + far
        if (
            self.doubt is not None
            or self.admitted + 1 >= limits.admitted
            or self.rises + 1 > limits.rises
            or (
                self.climb
                and high >= limits.same_from
                and self.climb[0] * len(self.climb) <= limits.margin * high
            )
        ):
            return inf, -inf, -1
        standstill = max(limits.same, limits.margin * self.same_most)
        if self._is_no_zero(limits):
            low = max(1, low)
        is_long = self.value >= limits.same_from and self.same + 1 > standstill
        return low, high, self.value if is_long else -1

    def _trust(self, day: int, value: int, observed: int, limits: Limits) -> None:
        if self.known:
            self.moved = max(self.moved, abs(value - self.value) / max(1, day - self.day))
        self.day, self.value, self.observed = day, value, observed
        self.most = max(self.most, value)
        self.was_zero = self.was_zero or value == 0
        self.known += 1
        # The last of them is known to be alone with the one that follows.
        if self.known <= limits.warm_up + 1:
            self.early = [*self.early, (day, value)]
            self._look_back(limits)
        else:
            self.early = []

    def _look_back(self, limits: Limits) -> None:
        """Take what it ever did from its first figures, but those that stand alone: nothing was asked of them."""
        told = self.early
        if len(told) < self.known or len(told) < 3:
            return
        alone = {
            place
            for place in range(1, len(told) - 1)
            if stands_alone(told[place - 1][1], told[place][1], told[place + 1][1], limits)
        }
        kept = [one for place, one in enumerate(told) if place not in alone]
        self.moved = max(
            (abs(value - before) / (day - on) for (on, before), (day, value) in pairwise(kept)), default=0.0
        )
        self.most = max(value for _, value in kept)
        self.was_zero = any(value == 0 for _, value in kept)

    def _begin_to_count(self) -> None:
        self.same, self.rises, self.admitted, self.climb = 1, 0, 0, None

    def _count(self, told: Told, doubt: Doubt | None, limits: Limits) -> None:
        """Count for how long it is the same or rises, believed or not."""
        if self.climb is not None:
            is_over = (self.climb and told.value < self.climb[-1]) or len(self.climb) > limits.rises
            self.climb = None if is_over else [*self.climb, told.value]
        if not self.known:
            self.same = 1
            return
        before = self.value if doubt is None else doubt.value
        value = told.value
        if value == before:
            self.same += 1
        else:
            if doubt is None or doubt.reason != "frozen":
                self.same_most = max(self.same_most, self.same)
            self.same = 1
        if value < before:
            if doubt is None or doubt.reason != "cumulative":
                self.rises_most = max(self.rises_most, self.rises)
            self.rises = 0
        elif value > before:
            self.rises += 1
        rose = value - before
        self.admitted = self.admitted + 1 if rose > 0 and rose == told.admissions else 0

    def _reason(self, told: Told, limits: Limits) -> Reason | None:
        """Return why a figure is suspect; None where it is not."""
        value, doubt = told.value, self.doubt
        # Whoever says the same again says it of no longer time.
        again = doubt is not None and self._goes_on(value, doubt, limits)
        first = doubt.first if doubt is not None and again else told.day
        far = self.moves(first, limits)
        counts = value >= limits.same_from
        rises = counts and self.rises > max(limits.rises, limits.margin * self.rises_most)
        # A ward that opens takes in for weeks before many leave it: few patients count up so as well.
        sums = value >= limits.far_from and (
            self.admitted >= limits.admitted or self._counts_from_nothing(limits)
        )
        reasons: tuple[tuple[Reason, bool], ...] = (
            ("cumulative", rises or sums),
            ("far", value - self.value > far and self._is_far(told, first, limits)),
            ("rise", value - self.value > far),
            ("fall", self.value - value > far),
            ("zero", value == 0 and self._is_no_zero(limits)),
            (
                "frozen",
                counts
                and value != told.staffed
                and self.same > max(limits.same, limits.margin * self.same_most),
            ),
        )
        return next((reason for reason, holds in reasons if holds), None)

    def _goes_on(self, value: int, doubt: Doubt, limits: Limits) -> bool:
        """Return whether a figure says what the suspect one before did: about the same, or that it fell as well."""
        return alike(value, doubt.value, limits) or max(value, doubt.value) < self.value

    def _is_no_zero(self, limits: Limits) -> bool:
        """Return whether a zero would be suspect: it never was, or not from so many; silence before it makes it no likelier."""
        return self.value >= limits.least and (
            not self.was_zero or self.value > self.moves(self.day + 1, limits)
        )

    def _counts_from_nothing(self, limits: Limits) -> bool:
        """Return whether it climbs from about nothing, as far in each week: a wave grows faster at first, and slower at last."""
        climb = self.climb
        if climb is None or len(climb) < max(2 * _WEEK, limits.warm_up):
            return False
        rise = (climb[-1] - climb[0]) / (len(climb) - 1)
        weeks = [climb[last] - climb[last - _WEEK + 1] for last in range(len(climb) - 1, _WEEK - 2, -_WEEK)]
        weeks.append(climb[_WEEK - 1] - climb[0])
        is_even = max(weeks) <= limits.margin * min(weeks)
        return rise > 0 and climb[0] <= limits.margin * rise and is_even

    def _is_far(self, told: Told, first: int, limits: Limits) -> bool:
        """Return whether it is far above anything, in the days from the last trusted figure up to the first of these."""
        above_all = told.value > limits.far * self.most * max(1, first - self.day)
        if told.value >= limits.far_from and above_all:
            return True
        staffed = told.staffed or 0
        return told.value >= limits.same_from and 0 < limits.far * staffed < told.value
