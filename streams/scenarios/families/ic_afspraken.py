"""`ic-afspraken`: in phase 2 every region has recorded agreements that are valid; before and after it need not."""

from collections.abc import Iterator
from datetime import date
from random import Random

from streams.recording import Record
from streams.regions import ROAZ_IDS
from streams.scenarios import ordinary
from streams.scenarios.coordination import agreement, phase
from streams.scenarios.forecast import forecast
from streams.scenarios.scenario import Scenario, Statement, Truth, due, recorded

BEGIN, END = date(2021, 11, 8), date(2021, 12, 20)
PHASE_2 = date(2021, 11, 22)
MISSED = date(2021, 12, 3)
"""R03's agreement ends in the night before this day."""
MADE = date(2021, 12, 8)
"""R02 and R04 make good."""
PHASE_1 = date(2021, 12, 13)

_IN_ORDER = tuple(region for region in ROAZ_IDS if region not in {"R02", "R03", "R04"})
_LONG = date(2022, 6, 1)


def _statements(chance: Random) -> Iterator[Statement]:
    yield phase(BEGIN, "1")
    yield phase(PHASE_2, "2A")
    yield phase(PHASE_1, "1")
    yield from ordinary.insight(BEGIN, END)
    yield from forecast(chance, ordinary.outlooks(ordinary.FEW), BEGIN, END)
    for region in _IN_ORDER:
        yield agreement(region, "spreading", BEGIN, _LONG)
        yield agreement(region, "ic-dependent", BEGIN, _LONG, beds=4)
    # R02 has none at all, until it has.
    yield agreement("R02", "spreading", MADE, _LONG)
    yield agreement("R02", "ic-dependent", MADE, _LONG, beds=4)
    # R03's runs out.
    yield agreement("R03", "spreading", BEGIN, _LONG)
    yield agreement("R03", "ic-dependent", BEGIN, MISSED, beds=4)
    # R04 made one and did not record it.
    yield agreement("R04", "spreading", BEGIN, _LONG)
    yield agreement("R04", "ic-dependent", BEGIN, _LONG, recorded=False, beds=4)
    yield agreement("R04", "ic-dependent", MADE, _LONG, beds=4)


def _records(chance: Random) -> list[Record]:
    return recorded(chance, _statements(chance))


TRUTH: tuple[Truth, ...] = due()

IC_AFSPRAKEN = Scenario(
    name="ic-afspraken",
    summary="in fase 2 ontbreken afspraken over spreiding en IC-afhankelijke zorg, of zijn ze niet vastgelegd",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=_records,
)
