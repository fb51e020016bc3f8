"""`ic-afspraken`: in phase 2 every region has recorded agreements that are valid; before and after it need not."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from msgspec.structs import replace

from deploy.scenarios import duties, ordinary
from deploy.scenarios.coordination import agreement, phase
from deploy.scenarios.forecast import forecast
from deploy.scenarios.scenario import Scenario, Statement, Truth, due, local, stated
from streams.regions import ROAZ_IDS

BEGIN, END = date(2021, 11, 8), date(2021, 12, 20)
SUPPLEMENT = date(2021, 11, 18)
"""The supplement asks for recorded agreements from this day; phase 2 was in force before."""
MISSED = date(2021, 12, 3)
"""R03's agreement ends in the night before this day."""
MADE = date(2021, 12, 8)
"""R02 and R04 make good."""
PHASE_1 = date(2021, 12, 13)

_IN_ORDER = tuple(region for region in ROAZ_IDS if region not in {"R02", "R03", "R04", "R05", "R06", "R07"})
_LONG = date(2022, 6, 1)


def _statements(chance: Random) -> Iterator[Statement]:
    yield phase(BEGIN, "2A")
    yield phase(PHASE_1, "1")
    yield from duties.plans(BEGIN, ROAZ_IDS)
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
    # R04 made one and records it four weeks later.
    yield agreement("R04", "spreading", BEGIN, _LONG)
    topic, unrecorded = agreement("R04", "ic-dependent", BEGIN, _LONG, recorded=False, beds=4)
    _, whole = agreement("R04", "ic-dependent", BEGIN, _LONG, beds=4)
    yield topic, unrecorded
    yield topic, replace(whole, revision=1, received_at=local(MADE, 12))
    # R06's keeps no beds; R07's on spreading began with an insurer.
    yield agreement("R06", "spreading", BEGIN, _LONG)
    yield agreement("R06", "ic-dependent", BEGIN, _LONG)
    yield agreement("R07", "spreading", BEGIN, _LONG, by="zorgverzekeraar")
    yield agreement("R07", "ic-dependent", BEGIN, _LONG, beds=4)
    # R05's runs out when phase 2 is over.
    yield agreement("R05", "spreading", BEGIN, PHASE_1 + timedelta(days=2))
    yield agreement("R05", "ic-dependent", BEGIN, PHASE_1 + timedelta(days=2), beds=4)


_GRACE, _RECORDING = timedelta(days=3), timedelta(days=1)
"""How long a region has for an agreement, and for recording it."""

TRUTH: tuple[Truth, ...] = (
    *(
        truth
        for subject in ("ic-dependent", "spreading")
        for truth in due(
            ("R02", "agreement-missing", "active", SUPPLEMENT + _GRACE),
            ("R02", "agreement-missing", "resolved", MADE),
            scope=f"subject={subject}",
        )
    ),
    *due(
        ("R03", "agreement-missing", "active", MISSED + _GRACE),
        ("R03", "agreement-missing", "resolved", PHASE_1),
        ("R04", "agreement-missing", "active", SUPPLEMENT + _GRACE),
        ("R04", "agreement-missing", "resolved", MADE),
        ("R04", "agreement-unrecorded", "active", SUPPLEMENT + _RECORDING),
        ("R04", "agreement-unrecorded", "resolved", MADE),
        scope="subject=ic-dependent",
    ),
    *due(
        ("R06", "agreement-without-beds", "active", SUPPLEMENT + timedelta(days=1)),
        ("R06", "agreement-without-beds", "resolved", PHASE_1),
    ),
    *due(
        ("R07", "agreement-not-by-chair", "active", SUPPLEMENT),
        ("R07", "agreement-not-by-chair", "resolved", PHASE_1),
        scope="subject=spreading",
    ),
)

IC_AFSPRAKEN = Scenario(
    name="ic-afspraken",
    summary="in fase 2 ontbreken afspraken over spreiding en IC-afhankelijke zorg, of zijn ze niet vastgelegd",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=stated(_statements),
)
