"""`voorrang`: U4 and U5 are operated while U3 waits too long, or while vervolgzorg is full; in phase 2 and outside it.

Hospitals and clinics (zbc). What the kader of 1 March 2022 asks does not hold on the day before.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random

from deploy.scenarios import ordinary
from deploy.scenarios.coordination import phase, transfers
from deploy.scenarios.course import Course, Figure, course, level
from deploy.scenarios.follow_up import Numbers, follow_up_of
from deploy.scenarios.production import Output, production
from deploy.scenarios.scenario import Scenario, Statement, Truth, due, stated
from deploy.scenarios.workstock import Stock, workstock
from streams.regions import NL
from streams.reports.production import Provider
from streams.reports.workstock import Urgency

BEGIN, END = date(2022, 2, 7), date(2022, 4, 4)
PHASE_2 = date(2022, 2, 16)
KADER = date(2022, 3, 1)
"""The kader MSZ holds from this day."""
PHASE_1 = date(2022, 3, 23)

_RISING = course(2022, {"02-07": 4, "05-02": 40})
_FALLING = course(2022, {"02-07": 40, "05-02": 4})


def _stock(overdue: Figure, *, ic_dependent: bool = False) -> tuple[Stock, ...]:
    return (
        Stock("U3", level(200), overdue=overdue, ic_dependent=ic_dependent),
        Stock("U4", level(400)),
        Stock("U5", level(300)),
    )


STOCKS: Mapping[str, Sequence[Stock]] = {
    "R01": _stock(_RISING, ic_dependent=True),
    "R02": _stock(level(6)),
    "R03": _stock(level(6)),
    "R04": _stock(level(0)),
    "R05": _stock(_RISING),
    "R06": _stock(level(0)),
    "R07": _stock(level(0)),
    "R08": _stock(level(0)),
    "R09": _stock(_FALLING),
    "R10": _stock(_RISING),
    "R11": _stock(level(0)),
}
"""R01: IC-dependent and rising. R02 and R03: too late, no more than before. R05: rising, and no U4 or U5 is done.

R09: too late, fewer every week. R10: rising, and none of them needs an intensive care bed."""


def _done(count: Figure, provider: Provider = "hospital") -> tuple[Output, ...]:
    classes: tuple[Urgency, ...] = ("U4", "U5")
    return tuple(
        Output("operatie", count, None, provider, urgency, specialism="chirurgie") for urgency in classes
    )


_U3 = (Output("operatie", level(80), urgency="U3", specialism="chirurgie"),)
_MORE: Course = course(2022, {"02-07": 20, "05-02": 140})

OUTPUTS: Mapping[str, Sequence[Output]] = {
    "R01": (*_U3, *_done(level(40))),
    "R02": (*_U3, *_done(level(40))),
    "R03": (*_U3, *_done(level(0)), *_done(level(25), "zbc")),
    "R04": (*_U3, *_done(level(40)), *_done(level(25), "zbc")),
    "R05": (*_U3, *_done(level(0))),
    "R06": (*_U3, *_done(level(40))),
    "R07": (*_U3, *_done(_MORE)),
    "R08": (*_U3, *_done(_MORE)),
    "R09": (*_U3, *_done(level(40))),
    "R10": (*_U3, *_done(level(40))),
    "R11": (*_U3, *_done(level(0)), *_done(level(25), "zbc")),
}

_QUIET, _STRAINED, _BUSY = (level(20), level(40)), (level(80), level(20)), (level(65), level(35))

FOLLOW_UP: Numbers = {
    region: {"verpleeghuis": _QUIET, "grz": _QUIET, "wijkverpleging": own}
    for region, own in {
        **dict.fromkeys(STOCKS, _QUIET),
        "R06": _STRAINED,
        "R07": _STRAINED,
        "R08": _BUSY,
        "R11": _STRAINED,
    }.items()
}
"""R06 and, by clinics, R11: the same number of U4 and U5. R07: more every week. R08: more every week, vervolgzorg just under its limit."""


MOVED = date(2022, 3, 7)
"""R04 moves patients to another region by itself, R08 through LCPS."""


def _statements(chance: Random) -> Iterator[Statement]:
    yield phase(BEGIN, "1")
    yield phase(PHASE_2, "2B")
    yield phase(PHASE_1, "1")
    yield from ordinary.duties_of_phase_two(chance, BEGIN, END)
    # Between regions LCPS decides, so the kader says from 1 March on.
    yield from transfers([(date(2022, 2, 20), "R04", "R05", 2), (MOVED, "R04", "R05", 2)], by="rcps")
    yield from transfers([(MOVED, "R08", "R05", 2)])
    yield from workstock(chance, STOCKS, BEGIN, END)
    yield from production(chance, OUTPUTS, BEGIN, END)
    yield from follow_up_of(chance, FOLLOW_UP, BEGIN, END)


TRUTH: tuple[Truth, ...] = (
    *due(
        ("R04", "transfer-not-by-lcps", "active", MOVED),
        ("R04", "transfer-not-by-lcps", "resolved", MOVED + timedelta(days=7)),
        *(
            (region, "u3-overdue", state, on)
            for region in ("R01", "R02", "R03", "R05", "R09", "R10")
            for state, on in (("active", PHASE_2), ("resolved", PHASE_1))
        ),
        ("R01", "u3-ic-overdue", "active", PHASE_2),
        ("R01", "u3-ic-overdue", "resolved", PHASE_1),
        (NL, "kpz-share-low", "active", BEGIN),
        *(
            (region, "followup-strain-wijkverpleging", "active", BEGIN + timedelta(days=1))
            for region in ("R06", "R07", "R11")
        ),
        ("R01", "u45-while-u3-ic-rising", "active", KADER),
        ("R01", "u45-while-u3-ic-rising", "resolved", PHASE_1),
    ),
    *due(
        *(
            (region, norm, state, on)
            for norm, regions in (
                ("u45-while-u3-rising", ("R01", "R10")),
                ("hospital-u45-while-u3-overdue", ("R01", "R02", "R09", "R10")),
                ("zbc-u45-while-u3-overdue", ("R03",)),
                ("hospital-u45-while-followup-strained", ("R06", "R07")),
                ("zbc-u45-while-followup-strained", ("R11",)),
                ("u45-rising-while-followup-strained", ("R07",)),
            )
            for region in regions
            for state, on in (("active", KADER), ("resolved", PHASE_1))
        )
    ),
)

VOORRANG = Scenario(
    name="voorrang",
    summary="U4 en U5 gaan door terwijl U3 te lang wacht of de vervolgzorg vol is, in fase 2 en daarbuiten",
    begin=BEGIN,
    end=END,
    tick_seconds=86_400,
    truth=TRUTH,
    records=stated(_statements),
)
