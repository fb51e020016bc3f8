"""Forecasts: every morning LCPS tells each region what to expect in the coming seven days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from deploy.scenarios.course import Figure, level
from deploy.scenarios.scenario import Statement, days, local
from streams.reports import ForecastReport, ForecastRow
from streams.reports.occupancy import Unit
from streams.topics import FORECAST

SOURCE = "sim-lcps"

SEVEN = level(7)


@dataclass(frozen=True)
class Outlook:
    """What is expected of one unit in one region.

    Attributes:
        covid: COVID beds on a day, asked for at its noon; a forecast tells the coming days of it.
        planned: beds that the region plans for them, None where it does not say.
        days: how many days ahead the forecast looks.
    """

    covid: Figure
    planned: Figure | None = None
    days: Figure = SEVEN


def forecast(
    chance: Random, outlooks: Mapping[str, Mapping[Unit, Outlook]], begin: date, end: date
) -> Iterator[Statement]:
    """Yield the daily forecast of every region in the table."""
    for region, units in outlooks.items():
        for on in days(begin, end):
            observed = local(on, 8)
            rows = [
                _row(unit, outlook, on, ahead)
                for unit, outlook in units.items()
                for ahead in range(1, round(outlook.days.at(observed)) + 1)
            ]
            yield (
                FORECAST,
                ForecastReport(
                    id=f"{SOURCE}:{region}:{on:%Y%m%d}:0",
                    source=SOURCE,
                    region=region,
                    location=region,
                    observed_at=observed,
                    received_at=observed + timedelta(seconds=chance.randint(60, 3000)),
                    rows=rows,
                ),
            )


def _row(unit: Unit, outlook: Outlook, on: date, ahead: int) -> ForecastRow:
    noon = local(on + timedelta(days=ahead), 12)
    planned = None if outlook.planned is None else round(outlook.planned.at(noon))
    return ForecastRow(unit=unit, day=ahead, covid_beds=round(outlook.covid.at(noon)), planned_beds=planned)
