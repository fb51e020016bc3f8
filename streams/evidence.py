"""What a figure rests on, and what it may be by now with those who fell silent."""

from typing import Literal, get_args

import msgspec


class Silence(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a figure would be if those who fell silent still said what they said last.

    Attributes:
        missed: with those who are missed: it is not known whether the figure is this, or the value. Null where nobody
            is, or where it would say nothing.
        given_up: with those who are missed no more as well, because they have been silent too long.
        given_up_at: when the newest of these that makes the figure worse (a median, or what follows from other figures:
            other) was given up, seconds; 0 where none does.
        missed_observations: number of readings behind `missed`; null where it is that behind the value.
        given_up_observations: number of readings behind `given_up`; null where it is that behind the value.
        missed_weight: weight of `missed`; null where it is that of the value.
        given_up_weight: weight of `given_up`; null where it is that of the value.
    """

    missed: float | int | None = None
    given_up: float | int | None = None
    given_up_at: int = 0
    missed_observations: int | None = None
    given_up_observations: int | None = None
    missed_weight: int | None = None
    given_up_weight: int | None = None


View = Literal["reported", "carried", "expired"]
"""How a figure is looked at: as reported, with the carried forward, or with the expired as well."""

VIEWS: tuple[View, ...] = get_args(View)

Bound = Literal["low", "high", "least", "most"]
"""Within what a figure lies by now, those who are carried forward being in it: likely, and possibly (`Range`)."""


class Range(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a figure may be by now, of which somebody is carried forward. Null is without end.

    Attributes:
        low, high: if those who are carried forward moved no further than in as long a time before.
        least, most: whatever they report by now, as far as that has bounds, such as their beds with staff.
        completeness: share of what should be in it that is reported or carried forward, 0...1.
    """

    low: float | int | None = None
    high: float | int | None = None
    least: float | int | None = None
    most: float | int | None = None
    completeness: float = 1.0


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a figure rests on. The newest moment in it is that of the figure.

    Attributes:
        expected: locations that should be in it.
        counted: locations that are in it, with those that are carried forward.
        carried: those of them that are carried forward: their reports are missed.
        expired: locations that are in it no more, because they have been silent too long.
        oldest: oldest event time in it, seconds; 0 where nothing is.
        suspect: locations of those carried forward whose newer report is suspect.
    """

    expected: int = 0
    counted: int = 0
    carried: int = 0
    expired: int = 0
    oldest: int = 0
    suspect: int = 0
