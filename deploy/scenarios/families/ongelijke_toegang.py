"""`ongelijke-toegang`: the same treatment takes much longer in one region than in another, within every Treeknorm."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from deploy.scenarios.hospitals import Place, places
from deploy.scenarios.scenario import Scenario, Statement, Truth, due, stated
from deploy.scenarios.waits import report
from streams.regions import NL
from streams.reports import WaitRow
from streams.reports.waiting_times import AccessKind

BEGIN, END = date(2021, 11, 2), date(2021, 11, 30)
FIRST, SECOND, THIRD = BEGIN, date(2021, 11, 16), END

_Treatment = tuple[str, AccessKind, str]
_HIP: _Treatment = ("orthopedie", "klinisch", "heupprothese")
_KNEE: _Treatment = ("orthopedie", "klinisch", "knieprothese")
_CATARACT: _Treatment = ("oogheelkunde", "dagbehandeling", "staaroperatie")
_FOOT: _Treatment = ("orthopedie", "klinisch", "voetoperatie")
_HERNIA: _Treatment = ("chirurgie", "dagbehandeling", "liesbreuk")

# Days in each region on the three peildata; the median counts, so one slow hospital makes no slow region.
WAITS: Mapping[_Treatment, Mapping[str, tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]]] = {
    # 45 against 15 days: three times as long, for one peildatum.
    _HIP: {
        "R01": ((20,), (15,), (20,)),
        "R07": ((25,), (45,), (25,)),
    },
    # Exactly twice as long.
    _KNEE: {"R01": ((20,), (20,), (20,)), "R07": ((40,), (40,), (40,))},
    # One of three hospitals is slow.
    _CATARACT: {"R01": ((10, 10, 10),) * 3, "R06": ((10, 10, 40),) * 3},
    # As long as elsewhere in its network; in Zeeland (below) three times as long, for one peildatum.
    _FOOT: {"R01": ((14,), (14,), (14,)), "R07": ((15, 15, 15),) * 3},
    # Only one region does it.
    _HERNIA: {"R09": ((5, 39, 40),) * 3},
}


ZEELAND: tuple[float, float, float] = (20, 40, 20)
"""Days for a foot in each of three towns there, on the three peildata."""

TOWNS = ("Goes", "Vlissingen", "Terneuzen")


def _statements(chance: Random) -> Iterator[Statement]:
    for number, on in enumerate((FIRST, SECOND, THIRD)):
        for region in ("R01", "R06", "R07", "R09"):
            for place in places(region, 3):
                rows = [
                    WaitRow(
                        specialism=specialism,
                        access=access,
                        treatment=treatment,
                        days=waits[region][number][place.number],
                        observations=chance.randint(15, 60),
                    )
                    for (specialism, access, treatment), waits in WAITS.items()
                    if region in waits and place.number < len(waits[region][number])
                ]
                if rows:
                    yield report(chance, place, on, rows)
        for place in [
            Place("R07", 10 + n, f"Ziekenhuis (simulatie), {town}") for n, town in enumerate(TOWNS)
        ]:
            specialism, access, treatment = _FOOT
            seen = chance.randint(15, 60)
            row = WaitRow(
                specialism=specialism,
                access=access,
                treatment=treatment,
                days=ZEELAND[number],
                observations=seen,
            )
            yield report(chance, place, on, [row])


TRUTH: tuple[Truth, ...] = (
    *due(
        (NL, "unequal-access", "active", SECOND + timedelta(days=1)),
        (NL, "unequal-access", "resolved", THIRD),
        scope="access=klinisch,specialism=orthopedie,treatment=heupprothese",
    ),
    *due(
        (NL, "unequal-access-part", "active", SECOND + timedelta(days=1)),
        (NL, "unequal-access-part", "resolved", THIRD),
        scope="access=klinisch,specialism=orthopedie,treatment=voetoperatie,part=Zeeland",
    ),
)

ONGELIJKE_TOEGANG = Scenario(
    name="ongelijke-toegang",
    summary="dezelfde behandeling duurt in de ene regio veel langer dan in de andere",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=stated(_statements),
)
