"""A region that is told of once a day, with or without a registry, and lines of one."""

from datetime import timedelta

from agents.domain.registration import hold
from streams.registry.file import parse_lines
from streams.registry.registry import registry_of
from streams.topics import OCCUPANCY
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, ic

DAY = timedelta(days=1)
OWNER = '"owner": "beheer", "date": "2021-01-01"'


def registry(*lines):
    return registry_of(parse_lines("\n".join(lines), "test"))


def place(name, network="R07", more=""):
    return f'{{"line": "location", {OWNER}, "id": "{name.lower()}", "name": "{name}", "network": "{network}"{more}}}'


def source(name, locations, more=""):
    listed = ", ".join(f'"{one}"' for one in locations)
    return (
        f'{{"line": "source", {OWNER}, "id": "{name}", "publisher": "X", "topics": ["care.occupancy"],'
        f' "locations": [{listed}]{more}}}'
    )


class Days(OneRegion):
    """A region that is told of once a day; `held` are the figures of its IC."""

    def __init__(self, *lines):
        super().__init__(OCCUPANCY)
        self.day = 0
        if lines:
            hold(self.partition, registry(*lines))

    def pass_day(self, *reports):
        """Tell these, and pass the ticks of a day, the first an hour after the reports."""
        at = MONDAY + self.day * DAY
        self.day += 1
        self.tell(*(make(at) for make in reports))
        for hours in (1, 7, 13, 19):
            self.tick(at + timedelta(hours=hours))
            yield self.value("beds_occupied", unit="ic", label="all")

    def live(self, days, *reports):
        """Live so many days alike; return every figure that there was."""
        return [figure for _ in range(days) for figure in self.pass_day(*reports)]

    def doubts(self, name):
        found = self.said.get(f"{name}{{topic={OCCUPANCY}}}")
        return [] if found is None or found.value is None else [one.location for one in found.silent]


def at(location, occupied, source="lpz", staffed=100):
    return lambda moment: ic(occupied, staffed, moment, location=location, source=source)
