"""`urgentieklassen`: operations past the limit of their FMS class, counted from indication and from postponement."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from random import Random

from deploy.scenarios import ordinary
from deploy.scenarios.course import Steps, level, steps
from deploy.scenarios.scenario import Scenario, Statement, Truth, due, stated
from deploy.scenarios.workstock import Stock, workstock
from streams.regions import NL
from streams.reports.workstock import Urgency

BEGIN, END = date(2021, 10, 11), date(2021, 11, 15)
LATE, ON_TIME = date(2021, 10, 25), date(2021, 11, 8)
"""The Mondays on which the first are past their limit, and on which nobody is any more."""


def _late(number: int) -> Steps:
    return steps(2021, {"10-11": 0, "10-25": number, "11-08": 0})


def _stocks(*own: Stock) -> Sequence[Stock]:
    # A class that is past its limit does not hide the others, nor do they make up for it.
    given = {(stock.urgency, stock.ic_dependent) for stock in own}
    classes: tuple[tuple[Urgency, bool], ...] = (
        ("U1", False),
        ("U2", False),
        ("U3", False),
        ("U3", True),
        ("U4", False),
        ("U5", False),
    )
    rest = [
        Stock(urgency, level(60), ic_dependent=needs_ic)
        for urgency, needs_ic in classes
        if (urgency, needs_ic) not in given
    ]
    return [*own, *rest]


STOCKS: Mapping[str, Sequence[Stock]] = {
    "R01": _stocks(Stock("U1", level(8), overdue=_late(1))),
    "R02": _stocks(Stock("U2", level(40), overdue=_late(1))),
    # One clock or the other: the earlier limit counts.
    "R03": _stocks(Stock("U3", level(90), overdue=_late(3))),
    "R04": _stocks(Stock("U3", level(90), postponed=_late(3))),
    "R05": _stocks(Stock("U3", level(30), overdue=_late(2), ic_dependent=True)),
    # No frameworks set a limit for U4 and U5, whatever a source says.
    "R06": _stocks(Stock("U4", level(400), overdue=_late(25)), Stock("U5", level(300), overdue=_late(40))),
    # A large stock within its limits.
    "R07": _stocks(Stock("U3", level(2000))),
}


TRUTH: tuple[Truth, ...] = due(
    *(
        (region, norm, state, on)
        for region, norm in (
            ("R01", "u1-overdue"),
            ("R02", "u2-overdue"),
            ("R03", "u3-overdue"),
            ("R04", "u3-overdue"),
            ("R05", "u3-overdue"),
            ("R05", "u3-ic-overdue"),
            # 20 of the 28 locations deliver all critical plannable care in time: 71 %.
            (NL, "kpz-share-low"),
        )
        for state, on in (("active", LATE), ("resolved", ON_TIME))
    )
)


def _statements(chance: Random) -> Iterator[Statement]:
    yield from ordinary.in_phase_two(chance, BEGIN, END)
    yield from workstock(chance, STOCKS, BEGIN, END)


URGENTIEKLASSEN = Scenario(
    name="urgentieklassen",
    summary="operaties voorbij de termijn van hun urgentieklasse, geteld vanaf indicatie en vanaf uitstel",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=stated(_statements),
)
