"""`treeknormen`: waits at the limit, one day over it, for one peildatum and for two, from 14 and from 15 waits."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from random import Random

from deploy.scenarios.hospitals import places
from deploy.scenarios.scenario import Scenario, Statement, Truth, due, stated
from deploy.scenarios.waits import supply
from streams.regions import NL
from streams.reports.waiting_times import AccessKind

BEGIN, END = date(2021, 11, 1), date(2021, 12, 15)
FIRST, SECOND, THIRD, FOURTH = (
    date(2021, 11, 2),
    date(2021, 11, 16),
    date(2021, 11, 30),
    date(2021, 12, 14),
)
"""The peildata: Tuesdays of even ISO weeks."""

MAXIMA: Mapping[AccessKind, int] = {
    "polikliniek": 28,
    "diagnostiek": 28,
    "dagbehandeling": 42,
    "klinisch": 49,
    "ggz-aanmelding": 28,
    "ggz-beoordeling": 28,
    "ggz-extramuraal": 70,
    "ggz-semimuraal": 70,
    "ggz-intramuraal": 70,
    "ggz-beschermd-wonen": 91,
    "verpleeghuis": 42,
    "verzorging": 91,
    "wijkverpleging": 42,
    "wlz-extramuraal": 42,
    "wlz-intramuraal": 91,
    "gehandicapten-dagbesteding": 42,
    "gehandicapten-wonen": 91,
    "gehandicapten-zintuiglijk-wonen": 56,
    "huisarts": 3,
    "apotheek": 1,
    "paramedisch": 7,
    "mondzorg": 21,
}
"""Days; a wait of exactly these is within the norm."""

TARGETS: Mapping[AccessKind, int] = {
    "polikliniek": 21,
    "diagnostiek": 21,
    "dagbehandeling": 28,
    "klinisch": 35,
    "verpleeghuis": 28,
    "verzorging": 56,
    "wijkverpleging": 28,
    "huisarts": 2,
}
"""Days within which four in five must be helped."""

_Waits = Mapping[AccessKind, Sequence[float]]


def _all(more: int) -> _Waits:
    return {access: [days + more] for access, days in MAXIMA.items()}


def _of(within: int, over: int) -> _Waits:
    return {access: [days] * within + [days + 1] * over for access, days in TARGETS.items()}


_SHORT: _Waits = {"polikliniek": [20], "klinisch": [30]}

_MANY: Mapping[AccessKind, int] = {"dagbehandeling": 42, "klinisch": 49, "behandeling": 49}

WAITS: Mapping[str, tuple[_Waits, _Waits, _Waits, _Waits]] = {
    # Exactly the norm, all the time: within.
    "R01": (_all(0), _all(0), _all(0), _all(0)),
    # One day more, on one peildatum.
    "R02": (_all(0), _all(1), _all(0), _all(0)),
    # 11 of 15 within the target: 73 %, on two peildata. With 14 waits, 10 of them within, nobody can say. 12 of 15 are 80 %.
    "R03": (_of(15, 0), _of(11, 4), _of(11, 4), _of(12, 3)),
    "R04": (_of(14, 0), _of(10, 4), _of(10, 4), _of(10, 4)),
    "R05": (_of(15, 0), _of(12, 3), _of(12, 3), _of(12, 3)),
    # Too long on two peildata after each other, and on two with one between.
    "R06": (_SHORT, {"klinisch": [50]}, {"klinisch": [50]}, _SHORT),
    "R07": ({"klinisch": [50]}, {"klinisch": [49]}, {"klinisch": [50]}, {"klinisch": [49]}),
    # So many wait long that the country does: 30 of some 75.
    "R09": (
        _SHORT,
        _SHORT,
        {access: [days + 1] * 30 for access, days in _MANY.items()},
        {access: [20] * 30 for access in _MANY},
    ),
    # Treatments of which the source does not say whether one stays the night.
    "R08": (
        {"behandeling": [42]},
        {"behandeling": [43, 49]},
        {"behandeling": [50, 42]},
        {"behandeling": [42, 42]},
    ),
}


SEVERAL = frozenset({"R03", "R04", "R05"})
"""Of one location nobody can say what is so in a region: here three tell, a third of the waits each."""


def _statements(chance: Random) -> Iterator[Statement]:
    for region, each in WAITS.items():
        told_by = places(region, 3 if region in SEVERAL else 1)
        for on, own in zip((FIRST, SECOND, THIRD, FOURTH), each, strict=True):
            for place in told_by:
                part = {access: days[place.number :: len(told_by)] for access, days in own.items()}
                yield supply(chance, place, on, part, weighed=False)


TRUTH: tuple[Truth, ...] = (
    *due(
        *(("R02", f"treeknorm-max-{access}", "active", SECOND) for access in MAXIMA),
        *(("R02", f"treeknorm-max-{access}", "resolved", THIRD) for access in MAXIMA),
        *(("R03", f"treeknorm-80-{access}", "active", THIRD) for access in TARGETS),
        *(("R03", f"treeknorm-80-{access}", "resolved", FOURTH) for access in TARGETS),
        ("R06", "treeknorm-max-klinisch", "active", SECOND),
        ("R06", "treeknorm-max-klinisch", "resolved", FOURTH),
        ("R07", "treeknorm-max-klinisch", "active", FIRST),
        ("R07", "treeknorm-max-klinisch", "resolved", SECOND),
        ("R07", "treeknorm-max-klinisch", "reopened", THIRD),
        ("R07", "treeknorm-max-klinisch", "resolved", FOURTH),
        *(("R09", f"treeknorm-max-{access}", "active", THIRD) for access in _MANY),
        *(("R09", f"treeknorm-max-{access}", "resolved", FOURTH) for access in _MANY),
        *((NL, f"treeknorm-share-{access}", "active", THIRD) for access in _MANY),
        *((NL, f"treeknorm-share-{access}", "resolved", FOURTH) for access in _MANY),
        (NL, "treeknorm-undecidable", "active", SECOND),
        (NL, "treeknorm-undecidable", "resolved", THIRD),
        ("R08", "treeknorm-max-behandeling", "active", THIRD),
        ("R08", "treeknorm-max-behandeling", "resolved", FOURTH),
    ),
    *due(
        ("R06", "treeknorm-prolonged", "active", THIRD),
        ("R06", "treeknorm-prolonged", "resolved", FOURTH),
        scope="access=klinisch",
    ),
)

TREEKNORMEN = Scenario(
    name="treeknormen",
    summary="wachttijden op en net boven de Treeknormen, met 14 en met 15 waarnemingen, kort en langdurig",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=stated(_statements),
)
