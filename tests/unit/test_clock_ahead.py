"""A report of a clock that is ahead: it counts as of when it came, and hides nothing that comes later."""

from datetime import timedelta

from agents.domain.partition import empty_partition, receive_batch, tick
from alerts.norms import load_norms
from streams.regions import REGIONS
from streams.reports import OccupancyReport
from streams.topics import OCCUPANCY
from tests.support.entrance import NORMS, receive
from tests.support.reports import MONDAY, ic, record

HOUR = timedelta(hours=1)
ROOM = ic(50, at=MONDAY + 23 * HOUR, received=MONDAY)
FULL = ic(99, at=MONDAY + HOUR)


def ratio(*reports: OccupancyReport, batch: bool) -> float | int | None:
    partition = empty_partition(OCCUPANCY, 0, tuple(REGIONS))
    records = [record(report) for report in reports]
    if batch:
        receive_batch(partition, records, [], NORMS)
    else:
        for told in records:
            receive(partition, told.key, told.value, told.timestamp)
    assert partition.counts.total == len(reports)
    entries = tick(partition, int((MONDAY + 2 * HOUR).timestamp()), load_norms())
    (own,) = [entry for entry in entries if entry.region == "R07"]
    return next(found.value for found in own.indicators if found.name == "occupancy_ratio")


def test_beds_of_tomorrow_do_not_hide_that_today_is_full():
    for batch in (False, True):
        assert ratio(ROOM, FULL, batch=batch) == 0.99


def test_the_order_in_which_they_come_makes_no_difference():
    assert ratio(FULL, ROOM, batch=True) == 0.99


def test_alone_it_stands_for_now():
    assert ratio(ROOM, batch=True) == 0.5
