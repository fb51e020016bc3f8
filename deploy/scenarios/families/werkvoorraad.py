"""`werkvoorraad`: weeks of work, a stock that grows, hospitals that tell nothing, and production against 2019."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random

from deploy.scenarios import ordinary
from deploy.scenarios import workstock as stock_reports
from deploy.scenarios.course import Figure, course, level, steps
from deploy.scenarios.dirt import Silence, silenced
from deploy.scenarios.production import Output, production
from deploy.scenarios.scenario import Scenario, Statement, Truth, due, local, stated
from deploy.scenarios.workstock import Stock, workstock
from streams.reports.production import ProductionKind

BEGIN, END = date(2021, 9, 6), date(2021, 12, 20)

_SILENT = (
    Silence("R07", stock_reports.SOURCE, local(date(2021, 10, 4)), local(date(2021, 10, 25))),
    Silence("R07", stock_reports.SOURCE, local(date(2021, 11, 22)), local(date(2021, 12, 13))),
)
"""R07 tells nothing of its werkvoorraad for three weeks: before the supplement of 18 November holds, and after."""


def _stock(patients: Figure) -> tuple[Stock, ...]:
    return (
        Stock("U3", level(50), specialism="orthopedie", hours_each=2.0),
        Stock("U4", patients, specialism="orthopedie", hours_each=2.0),
    )


STOCKS: Mapping[str, Sequence[Stock]] = {
    # At 100 operating hours a week: 13 weeks of work, then more.
    "R01": _stock(steps(2021, {"09-06": 600, "10-11": 601})),
    "R02": _stock(steps(2021, {"09-06": 600, "10-11": 900})),
    # A stock that grows, one that stays and one that shrinks.
    "R03": _stock(course(2021, {"09-06": 300, "12-06": 560})),
    "R04": _stock(level(300)),
    "R05": _stock(course(2021, {"09-06": 600, "12-06": 300})),
    "R07": _stock(level(300)),
    "R09": (
        Stock("U5", course(2021, {"09-06": 200, "12-20": 400}), specialism="oogheelkunde", hours_each=0.75),
    ),
}


def _done(count: Figure, reference: int = 50) -> tuple[Output, ...]:
    return (Output("operatie", count, reference, urgency="U4", specialism="orthopedie", hours_each=2.0),)


_DIP = steps(2021, {"08-30": 1000, "10-04": 850, "10-18": 700, "11-01": 1000})
_OTHER_KINDS: tuple[ProductionKind, ...] = ("polikliniek", "opname", "oncologische-diagnose")

OUTPUTS: Mapping[str, Sequence[Output]] = {
    "R01": _done(level(50)),
    "R02": _done(level(50)),
    "R03": _done(level(50)),
    "R04": _done(level(50)),
    "R05": _done(level(50)),
    # Of 1,000 in 2019 exactly as many as are just enough, then too few.
    "R06": (*_done(_DIP, 1000), *(Output(kind, _DIP, 1000) for kind in _OTHER_KINDS)),
    "R07": _done(level(50)),
    # So many that the country stays near 2019.
    "R08": (*_done(level(3000), 3000), *(Output(kind, level(3000), 3000) for kind in _OTHER_KINDS)),
}


def _statements(chance: Random) -> Iterator[Statement]:
    yield from ordinary.in_phase_two(chance, BEGIN, END)
    yield from workstock(chance, STOCKS, BEGIN, END)
    yield from production(chance, OUTPUTS, BEGIN, END)


MORE = date(2021, 10, 11)
_HELD = timedelta(days=1)
_FEED = f"source={stock_reports.SOURCE},topic=care.workstock"

TRUTH: tuple[Truth, ...] = (
    *due(
        ("R01", "workstock-weeks", "active", MORE + _HELD),
        ("R02", "workstock-weeks", "active", MORE + _HELD),
        # Against four weeks before: for as long as that is less.
        ("R01", "workstock-growing-u4", "active", MORE),
        ("R01", "workstock-growing-u4", "resolved", MORE + timedelta(weeks=4)),
        ("R02", "workstock-growing-u4", "active", MORE),
        ("R02", "workstock-growing-u4", "resolved", MORE + timedelta(weeks=4)),
        ("R03", "workstock-growing-u4", "active", BEGIN + timedelta(weeks=4)),
        # Told last in the week of 15 November: two whole weeks without.
        ("R07", "workstock-supply-missing", "active", date(2021, 12, 6)),
        ("R07", "workstock-supply-missing", "resolved", date(2021, 12, 13)),
        ("R09", "workstock-growing-u5", "active", BEGIN + timedelta(weeks=4)),
        *(
            ("R06", f"production-low-{kind}", state, on)
            for kind in ("operatie", "polikliniek", "opname", "oncologie")
            for state, on in (("active", date(2021, 10, 25)), ("resolved", date(2021, 11, 8)))
        ),
        # A week after that, for the country does more than in 2019.
        ("R06", "scaling-up-behind-operations", "active", date(2021, 11, 1)),
        ("R06", "scaling-up-behind-operations", "resolved", date(2021, 11, 8)),
    ),
    *due(
        ("R07", "feed-silent", "active", date(2021, 10, 5)),
        ("R07", "feed-silent", "resolved", date(2021, 10, 25)),
        ("R07", "feed-silent", "active", date(2021, 11, 23)),
        ("R07", "feed-silent", "resolved", date(2021, 12, 13)),
        scope=_FEED,
    ),
)

WERKVOORRAAD = Scenario(
    name="werkvoorraad",
    summary="weken werk, een groeiende werkvoorraad, ziekenhuizen die niets melden, en productie tegen 2019",
    begin=BEGIN,
    end=END,
    tick_seconds=86_400,
    truth=TRUTH,
    records=stated(lambda chance: silenced(_statements(chance), *_SILENT)),
)
