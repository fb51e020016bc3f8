"""The 80 % rule: which part of the published waits of a region is within the streefnorm, on two peildata after each other.

The rule is about patients; what is published is one figure a location and treatment. So it is held against published waits,
each weighed by the patients that it rests on where all of them say so, else each as one; on the newest peildatum and on the one
before, of which the better counts. Waits of few locations, or of which one location has most of the weight, say nothing about
a region (parameters `target-locations` and `target-share-most`).
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from agents.domain.waits.wait_figures import plain
from agents.domain.waits.waits import Limits, Standing, Waits
from streams.calendar import day_start
from streams.evidence import Silence
from streams.status import Indicator

TARGET_MET = "waits_within_target_lasting_ratio"
_VIEWS = ("reported", "carried", "expired")


class Rule(NamedTuple):
    """When published waits say anything about a region.

    Attributes:
        locations: of so many at least.
        most: none of them has a greater share of the weight.
    """

    locations: float
    most: float


class _Tally(NamedTuple):
    """What one location published on one peildatum: waits, their weight, and those within the streefnorm."""

    waits: int = 0
    within: int = 0
    weight: float = 0.0
    weight_within: float = 0.0
    weighed: bool = True


class Tallies(NamedTuple):
    """What one location published of one access kind, on the newest peildatum and the one before, in each view.

    Attributes:
        now, before: by view.
        gone: newest day from which a wait over the streefnorm is given up, 0 without.
        stale: whether the views differ.
    """

    now: tuple[_Tally, ...]
    before: tuple[_Tally, ...]
    gone: int
    stale: bool


def tallies_of(standing: Iterable[Standing], limits: Limits) -> Tallies | None:
    """Return what one location published of one access kind; None where that is nothing, or there is no streefnorm."""
    target = limits.target
    told = [(one.published, one.given_up) for one in standing if one.published is not None]
    if target is None or not told:
        return None
    by_view = [
        [p for p, _ in told if p is not None and p.view in _VIEWS[: place + 1]]
        for place in range(len(_VIEWS))
    ]
    now = tuple(_tally([(p.days, p.weight) for p in view], target) for view in by_view)
    before = tuple(
        _tally([(p.before, p.before_weight) for p in view if p.before >= 0], target) for view in by_view
    )
    gone = max((end.day for _, end in told if end is not None and end.days > target), default=0)
    return Tallies(now, before, gone, len(by_view[0]) != len(by_view[2]))


def _tally(waits: Collection[tuple[float, float]], target: float) -> _Tally:
    within = [weight for days, weight in waits if days <= target]
    weights = [weight for _, weight in waits]
    return _Tally(len(weights), len(within), sum(weights), sum(within), min(weights, default=0.0) >= 0)


def target_met(access: str, waits: Waits, own: Collection[Tallies], rule: Rule) -> Indicator:
    """Return the figure of one access kind, as told and with those who fell silent.

    Args:
        access: the access kind.
        waits: all of its waits.
        own: what each location published of it.
        rule: when that says anything.
    """
    (value, count), (missed, missed_count), (given_up, given_up_count) = (
        _seen(own, place, rule) for place in range(len(_VIEWS))
    )
    silence = None
    if any(one.stale for one in own):
        gone = max(one.gone for one in own)
        silence = Silence(missed, given_up, day_start(gone) if gone else 0, missed_count, given_up_count)
    return plain(TARGET_MET, {"access": access}, waits, value, silence, count)


def _seen(own: Collection[Tallies], view: int, rule: Rule) -> tuple[float | None, int]:
    """Return the better share of both peildata, None where either says nothing, and on how many waits it rests."""
    both = [[one.now[view] for one in own], [one.before[view] for one in own]]
    shares = [_share([tally for tally in peildatum if tally.waits], rule) for peildatum in both]
    known = [share for share in shares if share is not None]
    count = min(sum(tally.waits for tally in peildatum) for peildatum in both)
    return (max(known) if len(known) == len(shares) else None), count


def _share(told: Collection[_Tally], rule: Rule) -> float | None:
    if len(told) < rule.locations:
        return None
    weighed = all(tally.weighed for tally in told) and any(tally.weight for tally in told)
    weights = [tally.weight if weighed else tally.waits for tally in told]
    total = sum(weights)
    if max(weights) > rule.most * total:
        return None
    return round(sum(tally.weight_within if weighed else tally.within for tally in told) / total, 6)
