"""`verzuim`: sickness absence two and four points above ordinary times, and just under that; ordinary elsewhere."""

from datetime import date

from deploy.scenarios.absence import ORDINARY, Absences, absence
from deploy.scenarios.course import Steps, steps
from deploy.scenarios.scenario import Scenario, Truth, due, stated
from streams.regions import ROAZ_IDS

BEGIN, END = date(2021, 11, 1), date(2021, 12, 6)
TOLD, AGAIN = date(2021, 11, 22), date(2021, 12, 6)
"""Mondays: the week with many ill is told, and the first week with as few as usual."""


def _above(points: float) -> Steps:
    return steps(2021, {"10-25": 0, "11-15": points, "11-29": 0})


ABOVE: Absences = {
    **{("R01", sector): _above(2.0) for sector in ORDINARY},
    **{("R02", sector): _above(1.9) for sector in ORDINARY},
    **{("R03", sector): _above(4.0) for sector in ORDINARY},
    **{("R04", sector): _above(3.9) for sector in ORDINARY},
}


TRUTH: tuple[Truth, ...] = due(
    *(
        (region, f"absence-{level}-{sector}", state, on)
        for region, level in (("R01", "high"), ("R03", "high"), ("R03", "critical"), ("R04", "high"))
        for sector in ORDINARY
        for state, on in (("active", TOLD), ("resolved", AGAIN))
    )
)

VERZUIM = Scenario(
    name="verzuim",
    summary="ziekteverzuim twee en vier punten boven gewoon, en net daaronder",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=stated(lambda chance: absence(chance, ABOVE, ROAZ_IDS, BEGIN, END)),
)
