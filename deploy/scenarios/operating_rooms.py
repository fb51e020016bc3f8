"""Operating rooms: on every working day the two largest locations of a region tell how many they run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from deploy.scenarios.course import Figure, apportion
from deploy.scenarios.hospitals import places
from deploy.scenarios.scenario import Statement, days, local
from deploy.scenarios.working_days import working_days
from streams.reports import OperatingRoomsReport
from streams.topics import OPERATING_ROOMS

SOURCE = "sim-ok"

_SHARES = (0.6, 0.4)


@dataclass(frozen=True)
class Rooms:
    """The rooms of one region: usually in use, and in use now."""

    normal: int
    in_use: Figure


def operating_rooms(
    chance: Random, rooms: Mapping[str, Rooms], begin: date, end: date
) -> Iterator[Statement]:
    """Yield the reports of every region in the table; together they say what the table says."""
    for region, own in rooms.items():
        for on in working_days(days(begin, end)):
            observed = local(on, 9)
            in_use = apportion(round(own.in_use.at(observed)), _SHARES)
            normal = apportion(own.normal, _SHARES)
            for place in places(region, len(_SHARES)):
                yield (
                    OPERATING_ROOMS,
                    OperatingRoomsReport(
                        id=f"{SOURCE}:{place.id}:{on:%Y%m%d}:0",
                        source=SOURCE,
                        region=region,
                        location=place.name,
                        observed_at=observed,
                        received_at=observed + timedelta(seconds=chance.randint(300, 5400)),
                        rooms_in_use=in_use[place.number],
                        rooms_normal=normal[place.number],
                    ),
                )
