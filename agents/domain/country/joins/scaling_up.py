"""joined.scaling-up: whether plannable care (U4, U5) goes before what may not wait, or puts too much on vervolgzorg.

Under scarcity classes 1 to 3 go first, of class 3 those who need intensive care before the others (kader MSZ, art.
1.4a). Hospitals and clinics give U4 and U5 as long as that hampers no access to U3 and puts no disproportionate
pressure on vervolgzorg (art. 1.5). Operations are those of the last full week, regular and catch-up together. They are
held against U3 of the same week or of one beside it: either source may be weeks late, and nobody knows then whether U3
waited in the week in which they were done.

Whether each region scales up as much as the country is in `equal_scaling`.
"""

from collections.abc import Iterator
from typing import get_args

from agents.domain.country.joins.equal_scaling import OPERATIONS, ROOMS, behind
from agents.domain.country.joins.facts import Facts, newest, share_of_all, share_of_least
from agents.domain.country.joins.join import Join
from agents.domain.country.joins.part import Part
from alerts.episode import UNDECIDED
from alerts.verdict import verdict_of
from streams.calendar import local_day
from streams.indicators import ALL, indicator_key
from streams.joins import JOINED_SCALING_UP
from streams.regions import NL, ROAZ_IDS
from streams.reports.production import Provider
from streams.status import Indicator

_PLANNABLE = ("U4", "U5")
_STRAIN = "followup_strain_ratio"
_MONDAYS = ("workstock_monday_at", "operations_monday_at")
_WEEK = 7
_STOCK, _OPERATED = "workstock_or_hours", "operated_or_hours_week"


def _while_u3_waits(facts: Facts, region: str) -> Iterator[Indicator]:
    if not _of_one_week(facts, region):
        return
    overdue = _of_u3(facts, region, "workstock_overdue", ALL)
    if overdue is not None:
        for provider in get_args(Provider):
            operated = _operated(facts, region, provider)
            labels = {"provider": provider}
            yield from _when(bool(overdue.value), "u45_while_u3_overdue", labels, operated, (overdue,))
    everyone = _operated(facts, region, ALL)
    for needs_ic in ("yes", ALL):
        late = _of_u3(facts, region, "workstock_overdue", needs_ic)
        rise = _of_u3(facts, region, "workstock_overdue_rise", needs_ic)
        if late is not None and not late.value:  # nobody: nothing rises, whatever was told of the week before
            yield from _when(False, "u45_while_u3_rising", {"ic": needs_ic}, everyone, (late,))
        elif late is not None and rise is not None:
            rising = (rise.value or 0) > 0
            yield from _when(rising, "u45_while_u3_rising", {"ic": needs_ic}, everyone, (late, rise))


def _of_one_week(facts: Facts, region: str) -> bool:
    """Return whether werkvoorraad and operations are at most a week apart: the stock of a Monday ends a week as well."""
    told = (facts.value(region, name) for name in _MONDAYS)
    # As local days: a week with a clock change has an hour more or less.
    days = [local_day(int(monday)) for monday in told if monday is not None]
    return len(days) == len(_MONDAYS) and abs(days[0] - days[1]) <= _WEEK


def _while_strained(facts: Facts, region: str) -> Iterator[Indicator]:
    strain, told = _strain(facts, region)
    if strain is None:
        return
    for provider in get_args(Provider):
        operated = _operated(facts, region, provider)
        yield from _when(strain, "u45_while_followup_strained", {"provider": provider}, operated, told)
    rises = [facts.figure(region, f"operations_rise{{urgency={urgency}}}") for urgency in _PLANNABLE]
    known = tuple(rise for rise in rises if rise is not None)
    more = max(0, sum(rise.value for rise in known if rise.value is not None))
    yield from _when(strain, "u45_rising_while_followup_strained", {}, (more, known), told)


def _strain(facts: Facts, region: str) -> tuple[bool | None, tuple[Indicator, ...]]:
    """Return whether any sector is over the limit of its own norm now, and the figures; None if none can be judged."""
    own = list(facts.named(region, _STRAIN))
    verdicts = [
        (verdict_of(norm, region, found, facts.at, facts.norms)[0], found)
        for norm in facts.norms.norms
        if norm.indicator == _STRAIN and region in norm.regions and norm.holds_at(facts.at)
        for found in own
        if norm.labels.items() <= found.labels.items()
    ]
    judged = [(verdict, found) for verdict, found in verdicts if verdict not in UNDECIDED]
    over = tuple(found for verdict, found in judged if verdict == "breach")
    return (bool(over) if judged else None), over or tuple(found for _, found in judged)


def _of_u3(facts: Facts, region: str, name: str, needs_ic: str) -> Indicator | None:
    return facts.figure(region, indicator_key(name, {"ic": needs_ic, "urgency": "U3"}))


_Operated = tuple[float, tuple[Indicator, ...]]


def _operated(facts: Facts, region: str, provider: str) -> _Operated:
    """Return the operations of classes U4 and U5 in the last full week, and the figures behind them."""
    told = [
        facts.figure(
            region, indicator_key("operations_week", {"ic": ALL, "provider": provider, "urgency": urgency})
        )
        for urgency in _PLANNABLE
    ]
    known = tuple(found for found in told if found is not None)
    return sum(found.value for found in known if found.value is not None), known


def _when(
    holds: bool, name: str, labels: dict[str, str], operated: _Operated, why: tuple[Indicator, ...]
) -> Iterator[Indicator]:
    """Yield the operations where a condition holds, else 0; nothing where no operations are known."""
    count, known = operated
    if known:
        observed, share = newest(*known, *why), share_of_least(*known, *why)
        yield Indicator(name, labels, count if holds else 0, observed, share)


def _weeks_of_work(facts: Facts) -> Iterator[tuple[str, Indicator]]:
    """Yield how many weeks the werkvoorraad takes at the pace of the last week, per specialism and region."""
    of_country: dict[str, dict[str, tuple[Indicator, Indicator]]] = {}
    for region in ROAZ_IDS:
        for stock in facts.named(region, _STOCK):
            operated = facts.figure(region, indicator_key(_OPERATED, stock.labels))
            if operated is not None and operated.value:
                of_country.setdefault(stock.labels["specialism"], {})[region] = (stock, operated)
                yield region, _weeks({region: (stock, operated)}, share_of_least(stock, operated))
    for specialism in sorted(of_country):
        pairs = of_country[specialism]
        yield NL, _weeks(pairs, share_of_all({region: stock for region, (stock, _) in pairs.items()}))


def _weeks(pairs: dict[str, tuple[Indicator, Indicator]], share: float) -> Indicator:
    stock = sum(stock.value or 0 for stock, _ in pairs.values())
    operated = sum(operated.value or 0 for _, operated in pairs.values())
    labels = next(iter(pairs.values()))[0].labels
    observed = newest(*(found for pair in pairs.values() for found in pair))
    return Indicator("workstock_weeks", labels, round(stock / operated, 4), observed, share)


SCALING_UP = Join(
    JOINED_SCALING_UP,
    (
        Part(
            "urgent-first",
            frozenset({"workstock_overdue", "workstock_overdue_rise", "operations_week", *_MONDAYS}),
            _while_u3_waits,
        ),
        Part(
            "vervolgzorg",
            frozenset({_STRAIN, "operations_week", "operations_rise"}),
            _while_strained,
            daily=True,  # the norms on vervolgzorg begin and end on days
        ),
        Part("equal-scaling-up", frozenset({OPERATIONS, ROOMS}), of_all=behind),
        Part("weeks-of-work", frozenset({_STOCK, _OPERATED}), of_all=_weeks_of_work),
    ),
)
