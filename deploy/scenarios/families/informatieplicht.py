"""`informatieplicht`: websites, informed patients and reviewed risks, before and after the kader of 1 March 2022."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from random import Random

from deploy.scenarios import ordinary
from deploy.scenarios.course import Figure, level, steps
from deploy.scenarios.duties import website
from deploy.scenarios.hospitals import HOSPITALS
from deploy.scenarios.scenario import Scenario, Statement, Truth, days, due, stated
from deploy.scenarios.workstock import Stock, workstock

BEGIN, END = date(2022, 2, 7), date(2022, 5, 2)
LATE, KADER, MADE_GOOD = date(2022, 2, 14), date(2022, 3, 1), date(2022, 3, 28)
"""It goes wrong; the kader asks for it; it is in order again."""


def _mended(before: float, wrong: float) -> Figure:
    return steps(2022, {"02-07": before, "02-14": wrong, "03-28": before})


STOCKS: Mapping[str, Sequence[Stock]] = {
    **{region: (Stock("U3", level(100)),) for region in HOSPITALS},
    # A quarter of those who will wait longer than the Treeknorm were not told so; all of them; nobody waits so long.
    "R05": (Stock("U4", level(300), over_treeknorm=level(40), informed=_mended(40, 30)),),
    "R06": (Stock("U4", level(300), over_treeknorm=level(40)),),
    # Of three past their limit the risk of one was reviewed; of all three.
    "R07": (Stock("U3", level(100), overdue=_mended(0, 3), reviewed=_mended(0, 1)),),
    "R08": (Stock("U3", level(100), overdue=_mended(0, 3)),),
}


def _websites() -> Iterator[Statement]:
    for on in days(BEGIN, END)[::7]:
        yield website(on, "R01", on)
        # No information at all; polikliniek and behandeling in one figure.
        yield website(on, "R09", on if on >= MADE_GOOD else None)
        yield website(on, "R10", on, split=on >= MADE_GOOD)
        # Older than a month from 11 February on.
        yield website(on, "R03", on if on >= MADE_GOOD else date(2022, 1, 10))
        # Insurers: no word on mediation, and one of 10 January; polikliniek and behandeling are not theirs to split.
        mended = on >= MADE_GOOD
        yield website(on, "R04", on if mended else None, publisher="zorgverzekeraar", split=False)
        yield website(
            on, "R06", on if mended else date(2022, 1, 10), publisher="zorgverzekeraar", split=False
        )
    # Exactly 31 days old, and no older.
    for on in (BEGIN, KADER, date(2022, 4, 1), date(2022, 4, 25)):
        yield website(on, "R02", on)


def _statements(chance: Random) -> Iterator[Statement]:
    yield from ordinary.in_phase_two(chance, BEGIN, END)
    yield from _websites()
    yield from workstock(chance, STOCKS, BEGIN, END)


TRUTH: tuple[Truth, ...] = (
    *due(
        # Websites and informing who waits are standing duties, which did not begin with the kader.
        ("R03", "website-outdated", "active", date(2022, 2, 11)),
        ("R03", "website-outdated", "resolved", MADE_GOOD),
        ("R09", "website-without", "active", BEGIN),
        ("R09", "website-without", "resolved", MADE_GOOD),
        ("R10", "website-unsplit", "active", KADER),
        ("R10", "website-unsplit", "resolved", MADE_GOOD),
        scope="publisher=zorgaanbieder",
    ),
    *due(
        ("R06", "insurer-website-outdated", "active", date(2022, 2, 11)),
        ("R06", "insurer-website-outdated", "resolved", MADE_GOOD),
        ("R04", "insurer-website-without", "active", BEGIN),
        ("R04", "insurer-website-without", "resolved", MADE_GOOD),
        scope="publisher=zorgverzekeraar",
    ),
    *due(
        ("R05", "patients-uninformed-standing", "active", LATE),
        ("R05", "patients-uninformed-standing", "resolved", MADE_GOOD),
        ("R05", "patients-uninformed", "active", KADER),
        ("R05", "patients-uninformed", "resolved", MADE_GOOD),
        ("R07", "risk-unreviewed", "active", KADER),
        ("R07", "risk-unreviewed", "resolved", MADE_GOOD),
        *(
            (region, "u3-overdue", state, on)
            for region in ("R07", "R08")
            for state, on in (("active", LATE), ("resolved", MADE_GOOD))
        ),
    ),
)

INFORMATIEPLICHT = Scenario(
    name="informatieplicht",
    summary="websites, geïnformeerde patiënten en beoordeelde risico's, voor en na het kader van 1 maart 2022",
    begin=BEGIN,
    end=END,
    tick_seconds=86_400,
    truth=TRUTH,
    records=stated(_statements),
)
