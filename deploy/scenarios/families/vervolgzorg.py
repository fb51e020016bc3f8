"""`vervolgzorg`: two wait in hospital for each free place, and just fewer; for a day and for a week."""

from datetime import date, timedelta

from deploy.scenarios.course import Figure, steps
from deploy.scenarios.follow_up import Numbers, follow_up_of
from deploy.scenarios.scenario import Scenario, Truth, due, stated

BEGIN, END = date(2021, 11, 1), date(2021, 11, 19)
FULL, AGAIN = date(2021, 11, 8), date(2021, 11, 15)
_HELD = timedelta(days=1)


def _both(waiting: int, free: int, until: str = "11-15") -> tuple[Figure, Figure]:
    return (
        steps(2021, {"11-01": 20, "11-08": waiting, until: 20}),
        steps(2021, {"11-01": 40, "11-08": free, until: 40}),
    )


STRAINED, AT_LIMIT, ONE_DAY, FEW = _both(68, 32), _both(67, 33), _both(80, 20, "11-09"), _both(7, 2)
"""0.68 and exactly 0.67 of a hundred; 0.80 for one day; 7 who wait of 9, too few to judge by."""

NUMBERS: Numbers = {
    "R01": {"verpleeghuis": STRAINED, "grz": AT_LIMIT, "wijkverpleging": AT_LIMIT},
    "R02": {"verpleeghuis": AT_LIMIT, "grz": STRAINED, "wijkverpleging": AT_LIMIT},
    "R03": {"verpleeghuis": AT_LIMIT, "grz": AT_LIMIT, "wijkverpleging": STRAINED},
    "R04": {"verpleeghuis": ONE_DAY, "grz": FEW, "wijkverpleging": ONE_DAY},
}


TRUTH: tuple[Truth, ...] = due(
    *(
        (region, f"followup-strain-{sector}", state, on + _HELD)
        for region, sector in (("R01", "verpleeghuis"), ("R02", "grz"), ("R03", "wijkverpleging"))
        for state, on in (("active", FULL), ("resolved", AGAIN))
    )
)

VERVOLGZORG = Scenario(
    name="vervolgzorg",
    summary="meer dan twee wachtenden per vrije plaats in de vervolgzorg, en net niet",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=stated(lambda chance: follow_up_of(chance, NUMBERS, BEGIN, END)),
)
