"""The projection of beds: full in a few days, or maybe in a week, against the beds that are known today."""

from datetime import datetime, timedelta

from streams.reports import Report
from streams.reports.occupancy import BedReading, Unit
from tests.norms.case import Case, Given, breach, silent
from tests.support.reports import beds

_DAYS = 42


def course(
    unit: Unit,
    others: int,
    daily_rise: int,
    staffed: int | None,
    region: str = "R07",
    days: int = _DAYS,
    completeness: float = 1.0,
) -> Given:
    """So many days with as many other patients and 10 with COVID, of whom there are more each day of the last week.

    Once a week there is one other patient fewer, as what never moves is in doubt.
    """

    def given(at: datetime) -> list[Report]:
        return [
            beds(
                at - timedelta(days=back),
                region=region,
                location=region,
                completeness=completeness,
                readings=[
                    BedReading(unit=unit, label="covid", occupied=10 + daily_rise * max(0, 7 - back)),
                    BedReading(unit=unit, label="noncovid", occupied=others - (back % 7 == 1)),
                    *([] if staffed is None else [BedReading(unit=unit, label="total", staffed=staffed)]),
                ],
            )
            for back in range(days - 1, -1, -1)
        ]

    return given


CASES: list[Case] = [
    breach("projected-ic-full-soon", "50 others and 31 with COVID, three more a day, of 100 beds", course("ic", 50, 3, 100)),
    silent("projected-ic-full-soon", "the same of 102 beds", course("ic", 50, 3, 102)),
    silent("projected-ic-full-soon", "the same of 100 beds, known for 20 days", course("ic", 50, 3, 100, days=20)),
    silent("projected-ic-full-soon", "the same of 100 beds, three quarters told", course("ic", 50, 3, 100, completeness=0.75)),
    silent("projected-ic-full-soon", "85 of 100 beds every day", course("ic", 75, 0, 100)),
    breach("projected-ic-full-week", "50 others and 24 with COVID, two more a day, of 95 beds", course("ic", 50, 2, 95)),
    silent("projected-ic-full-week", "the same of 98 beds", course("ic", 50, 2, 98)),
    breach("projected-ward-full-soon", "50 others and 31 with COVID, three more a day, of 98 beds", course("ward", 50, 3, 98)),
    silent("projected-ward-full-soon", "the same of 100 beds", course("ward", 50, 3, 100)),
    breach("projected-ward-full-week", "50 others and 24 with COVID, two more a day, of 93 beds", course("ward", 50, 2, 93)),
    silent("projected-ward-full-week", "the same of 98 beds", course("ward", 50, 2, 98)),
    breach("projected-nl-ic-full-soon", "625 others and 220 with COVID, thirty more a day, where 1,038 beds were counted", course("ic", 625, 30, None, "NL"), region="NL"),
    silent("projected-nl-ic-full-soon", "fifteen patients fewer", course("ic", 610, 30, None, "NL"), region="NL"),
    breach("projected-nl-ic-full-week", "660 others and 150 with COVID, twenty more a day, where 1,150 are announced and 1,038 counted", course("ic", 660, 20, None, "NL"), region="NL"),
    silent("projected-nl-ic-full-week", "twenty patients fewer", course("ic", 640, 20, None, "NL"), region="NL"),
    breach("projected-nl-ward-full-soon", "500 others and 220 with COVID, thirty more a day, of 880 beds", course("ward", 500, 30, 880, "NL"), region="NL"),
    silent("projected-nl-ward-full-soon", "the same of 890 beds", course("ward", 500, 30, 890, "NL"), region="NL"),
    breach("projected-nl-ward-full-week", "500 others and 220 with COVID, thirty more a day, of 1,000 beds", course("ward", 500, 30, 1000, "NL"), region="NL"),
    silent("projected-nl-ward-full-week", "the same of 1,010 beds", course("ward", 500, 30, 1010, "NL"), region="NL"),
]  # fmt: skip
