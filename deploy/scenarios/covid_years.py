"""`maart-2020-december-2022`: the tables of almost three years. Figures are made up along public totals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from deploy.scenarios.course import Course, Figure, Steps
from deploy.scenarios.inhabitants import SHARES
from streams.reports.coordination import Phase

BEGIN, END = date(2020, 3, 2), date(2022, 12, 30)

PHASES: tuple[tuple[date, Phase], ...] = (
    (date(2020, 7, 1), "1"),
    (date(2020, 10, 1), "2B"),
    (date(2021, 1, 13), "2D"),
    (date(2021, 5, 26), "2B"),
    (date(2021, 11, 15), "2C"),
    (date(2021, 11, 26), "2D"),
    (date(2022, 1, 14), "2B"),
)
"""Phases of LNAZ; the days of the change in May and of 2C in November 2021 are not public and are assumed here."""


def _days(values: Mapping[str, float]) -> tuple[tuple[date, float], ...]:
    return tuple((date.fromisoformat(on), value) for on, value in values.items())


IC_COVID = Course(
    _days({
        "2020-03-02": 5, "2020-03-15": 120, "2020-04-07": 1300, "2020-05-15": 330, "2020-06-15": 60,
        "2020-09-01": 40, "2020-11-10": 560, "2020-12-05": 480, "2021-01-08": 700, "2021-02-15": 520,
        "2021-03-15": 580, "2021-04-28": 830, "2021-06-01": 320, "2021-07-01": 90, "2021-09-01": 210,
        "2021-10-15": 190, "2021-12-05": 650, "2022-01-15": 330, "2022-03-15": 170, "2022-05-15": 60,
        "2022-12-30": 50,
    })
)  # fmt: skip
"""IC beds with COVID in the country."""

IC_OTHERS = Course(
    _days({
        "2020-03-02": 680, "2020-03-15": 640, "2020-04-07": 330, "2020-05-15": 480, "2020-06-15": 620,
        "2020-10-01": 620, "2020-11-10": 460, "2021-01-08": 400, "2021-04-28": 400, "2021-06-15": 560,
        "2021-10-15": 550, "2021-12-05": 420, "2022-02-01": 520, "2022-06-01": 620, "2022-12-30": 640,
    })
)  # fmt: skip
"""IC beds with others."""

IC_STAFFED = Course(
    _days({
        "2020-03-02": 1050, "2020-03-20": 1150, "2020-04-07": 1760, "2020-05-15": 1350, "2020-06-15": 1050,
        "2020-10-01": 1080, "2020-11-10": 1260, "2021-01-08": 1300, "2021-04-28": 1310, "2021-06-15": 1100,
        "2021-11-01": 1016, "2021-11-15": 1016, "2021-12-05": 1160, "2022-02-01": 1080, "2022-12-30": 1020,
    })
)  # fmt: skip
"""IC beds that staff can run."""

WARD_COVID = Course(
    _days({
        "2020-03-02": 60, "2020-04-07": 3000, "2020-06-15": 200, "2020-09-01": 150, "2020-11-01": 1900,
        "2021-01-08": 1900, "2021-02-15": 1300, "2021-04-28": 1800, "2021-07-01": 200, "2021-10-15": 350,
        "2021-12-05": 2100, "2022-01-15": 900, "2022-03-15": 1500, "2022-06-01": 400, "2022-12-30": 600,
    })
)  # fmt: skip
"""Ward beds with COVID; only in forecasts."""

ROOMY = frozenset({"R03", "R11"})
"""Regions with a quarter more IC staff than their share: they never run full."""


@dataclass(frozen=True)
class Times:
    """A multiple of another figure, and some more."""

    figure: Figure
    factor: float
    more: float = 0

    def at(self, moment: datetime) -> float:
        """Return the value at a moment."""
        return self.figure.at(moment) * self.factor + self.more


def parts(national: Figure, more: float = 1.0) -> dict[str, Times]:
    """Return every region's part by inhabitants, `more` times that in the roomy ones."""
    return {
        region: Times(national, share * (more if region in ROOMY else 1.0))
        for region, share in SHARES.items()
    }


REFERRED = Steps(
    _days({
        "2020-03-02": 0.98, "2020-03-16": 0.35, "2020-05-11": 0.7, "2020-06-15": 0.92, "2020-08-31": 0.97,
        "2020-12-21": 0.78, "2021-02-01": 0.94, "2021-07-05": 0.97, "2021-11-22": 0.82, "2022-01-03": 0.95,
    })
)  # fmt: skip
"""Referrals per expected one, from weeks on; 97 % in July 2021."""

ROOMS_SHARE = Steps(
    _days({
        "2020-03-02": 0.97, "2020-03-23": 0.5, "2020-06-01": 0.9, "2020-10-26": 0.8, "2021-06-01": 0.87,
        "2021-11-22": 0.66, "2022-01-31": 0.84, "2022-03-14": 0.9, "2022-09-05": 0.95,
    })
)  # fmt: skip
"""Operating rooms in use per usual one: 87 % in July 2021, 15 % fewer on 21 February 2022."""

DONE = Steps(
    _days({
        "2020-03-02": 1.0, "2020-03-16": 0.45, "2020-06-01": 0.92, "2020-10-26": 0.8, "2021-06-07": 0.96,
        "2021-11-22": 0.72, "2022-01-31": 0.9, "2022-04-04": 1.0,
    })
)  # fmt: skip
"""Operations per one of 2019, from weeks on."""

ABSENT = Steps(
    _days({
        "2020-03-02": 0.3, "2020-03-23": 2.6, "2020-05-18": 0.8, "2020-11-30": 2.9, "2021-02-15": 1.2,
        "2021-11-29": 2.5, "2022-04-11": 1.5,
    })
)  # fmt: skip
"""Percentage points of absence in hospitals above ordinary times: about 8 % in December 2020."""

TOO_LATE = Steps(
    _days({"2021-07-05": 0, "2021-11-29": 12, "2022-05-02": 0})
)  # fmt: skip
"""Operations of class U3 past their six weeks in R07: from phase 2D until spring."""

NO_INSIGHT = ((date(2020, 11, 10), date(2020, 11, 12)), (date(2022, 3, 12), date(2022, 3, 14)))
"""Days in phase 2 on which LCPS gave no insight: before anything asked for it, and after."""
