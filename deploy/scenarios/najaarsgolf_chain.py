"""`najaarsgolf` outside beds, waits, referrals and vervolgzorg: COVID patients over the regions, rooms, stock, staff."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from deploy.scenarios import ordinary
from deploy.scenarios.absence import Absences
from deploy.scenarios.course import Course, course, level, steps
from deploy.scenarios.hospitals import HOSPITALS
from deploy.scenarios.operating_rooms import Rooms
from deploy.scenarios.spread import spread
from deploy.scenarios.workstock import Stock

_NATIONAL_IC = course(2021, {"10-01": 215, "11-15": 320, "12-05": 640, "12-15": 620})
_NATIONAL_WARD = course(2021, {"10-01": 560, "11-15": 1500, "12-01": 2450, "12-15": 2050})

# The first region that is hit bears more than its share for two weeks, and another as much less.
_DEVIATIONS: Mapping[str, Course] = {
    "R05": course(2021, {"11-05": 0.0, "11-07": 0.25, "11-22": 0.25, "11-26": 0.0}),
    "R06": course(2021, {"11-05": 0.0, "11-07": -0.06, "11-22": -0.06, "11-26": 0.0}),
}

IC_COVID, WARD_COVID = spread(_NATIONAL_IC, _DEVIATIONS), spread(_NATIONAL_WARD, _DEVIATIONS)
"""COVID beds by region."""

# Operating rooms that are run: staff went to intensive care.
_ROOMS = ordinary.rooms()
ROOMS: Mapping[str, Rooms] = {
    **_ROOMS,
    "R05": Rooms(_ROOMS["R05"].normal, steps(2021, {"10-01": 46, "11-15": 38})),  # 48: 4, then 21 % fewer
    "R07": Rooms(_ROOMS["R07"].normal, steps(2021, {"10-01": 92, "11-29": 64})),  # 96: 4, then 33 % fewer
}

_STOCKS = ordinary.stocks()
STOCKS: Mapping[str, Sequence[Stock]] = {
    **_STOCKS,
    "R06": [
        replace(stock, overdue=steps(2021, {"10-01": 0, "11-22": 5, "11-29": 9, "12-06": 14}))
        if stock.ic_dependent
        else stock
        for stock in _STOCKS["R06"]
    ],
}
"""From 22 November on critical plannable care with IC afterwards comes too late in R06, more every week."""

ABSENCES: Absences = {
    ("R05", "ziekenhuis"): steps(2021, {"10-01": 0.4, "11-15": 2.6}),
    **{(region, "vvt"): level(1.2) for region in HOSPITALS},
}

OUTLOOKS = ordinary.outlooks({r: {"ic": IC_COVID[r], "ward": WARD_COVID[r]} for r in HOSPITALS})
OUTPUTS = ordinary.outputs()
