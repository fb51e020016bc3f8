"""`operatiekamers`: fewer operating rooms than usual, at the levels and just above them."""

from collections.abc import Mapping
from datetime import date

from deploy.scenarios.course import Steps, steps
from deploy.scenarios.operating_rooms import Rooms, operating_rooms
from deploy.scenarios.scenario import Scenario, Truth, due, stated

BEGIN, END = date(2022, 2, 14), date(2022, 3, 4)
FEWER, AGAIN = date(2022, 2, 21), date(2022, 2, 28)
"""Mondays: rooms are closed, and they are run again."""


def _from(normal: int, in_use: int) -> Rooms:
    return Rooms(normal, _in_between(normal, in_use))


def _in_between(normal: int, in_use: int) -> Steps:
    return steps(2022, {"02-14": normal, "02-21": in_use, "02-28": normal})


ROOMS: Mapping[str, Rooms] = {
    "R01": _from(60, 51),  # 15 % fewer
    "R02": _from(67, 57),  # 14.9 % fewer
    "R03": _from(60, 42),  # 30 % fewer
    "R04": _from(87, 61),  # 29.9 % fewer
    "R05": _from(40, 43),  # more than usual
    "R06": Rooms(90, steps(2022, {"02-14": 88})),
    "R07": Rooms(96, steps(2022, {"02-14": 96})),
}


TRUTH: tuple[Truth, ...] = due(
    *(
        (region, norm, state, on)
        for region, norm in (
            ("R01", "or-reduction-high"),
            ("R03", "or-reduction-high"),
            ("R03", "or-reduction-critical"),
            ("R04", "or-reduction-high"),
        )
        for state, on in (("active", FEWER), ("resolved", AGAIN))
    )
)

OPERATIEKAMERS = Scenario(
    name="operatiekamers",
    summary="minder operatiekamers dan gewoonlijk, op en net onder 15 en 30 procent",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=stated(lambda chance: operating_rooms(chance, ROOMS, BEGIN, END)),
)
