"""The newest week of a location is held long, with those that it is held against: to know what it told when it is silent."""

from datetime import date, timedelta

import pytest

from streams.evidence import Silence
from streams.topics import ABSENCE, PRODUCTION, REFERRALS, WORKSTOCK
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, absence, operations, production, referrals, stock_row, workstock

WEEK = timedelta(weeks=1)
STOCK = {"ic": "all", "urgency": "U3"}

WEEKLY = {
    ABSENCE: lambda at, **own: absence(7.0, at=at, **own),
    WORKSTOCK: lambda at, **own: workstock(stock_row("U4", 100, overdue=2), at=at, **own),
    PRODUCTION: lambda at, **own: production(operations(40, "U4", 50), at=at, **own),
    REFERRALS: lambda at, **own: referrals(80, 100, at, **own),
}
EACH = pytest.mark.parametrize("topic", WEEKLY)


def mondays(region: OneRegion, topic: str, location: str = "A") -> list[int]:
    """How many weeks before the first the weeks of a location are that are held, newest first."""
    held = region.partition.regions["R07"].body.places.get(location)
    if held is None:
        return []
    weeks = {
        ABSENCE: lambda: held["ziekenhuis"],
        WORKSTOCK: lambda: held,
        PRODUCTION: lambda: held.kinds.get("operatie", {}),
        REFERRALS: lambda: held.series.get(("orthopedie", "hospital"), {}),
    }[topic]()
    return [(max(weeks) - monday) // 7 for monday in sorted(weeks, reverse=True)]


@pytest.mark.parametrize(
    ("topic", "behind", "days"),
    [
        (ABSENCE, [0], 371),
        (WORKSTOCK, [0, 1, 2, 3, 4], 742),
        (PRODUCTION, [0, 1], 364),
        (REFERRALS, [0], 364),
    ],
)
def test_the_newest_week_is_held_with_those_behind_it_and_forgotten_in_the_end(topic, behind, days):
    region = OneRegion(topic)
    for number in range(7):
        region.tell(WEEKLY[topic](MONDAY - number * WEEK))
    region.tick(MONDAY)
    region.tick(MONDAY + timedelta(days=days))
    assert mondays(region, topic) == behind
    region.tick(MONDAY + timedelta(days=days + 1))
    assert mondays(region, topic) == []


@EACH
def test_who_tells_again_leaves_no_old_week_behind(topic):
    region = OneRegion(topic)
    region.tell(WEEKLY[topic](MONDAY))
    region.tick(MONDAY)
    region.tick(MONDAY + 20 * WEEK)
    assert mondays(region, topic) == [0]
    region.tell(WEEKLY[topic](MONDAY + 21 * WEEK))
    region.tick(MONDAY + 21 * WEEK)
    assert mondays(region, topic) == [0, 21], "what was told again may still be withdrawn"
    region.tick(MONDAY + 32 * WEEK)
    assert mondays(region, topic) == [0]


@EACH
def test_a_week_that_is_held_longer_makes_no_older_report_less_late(topic):
    region = OneRegion(topic)
    region.tell(WEEKLY[topic](MONDAY))
    region.tick(MONDAY + 30 * WEEK)
    again = WEEKLY[topic](MONDAY, revision=1)
    region.tell(again, WEEKLY[topic](MONDAY + 30 * WEEK))
    assert region.outcomes == ["applied", "late", "applied"]


@EACH
def test_a_region_that_passed_every_day_says_the_same_as_one_that_passed_only_the_last(topic):
    told = [WEEKLY[topic](MONDAY - number * WEEK) for number in range(6)]
    told += [WEEKLY[topic](MONDAY - number * WEEK, location="B") for number in range(3, 6)]
    daily, last = OneRegion(topic), OneRegion(topic)
    for day in range(-7 * 6, 7 * 60):
        at = MONDAY + timedelta(days=day)
        daily.tell(*(one for one in told if one.received_at == at))
        daily.tick(at)
    last.tell(*reversed(told))
    last.tick(at)
    gone = {key: one for key, one in daily.said.items() if one.value is not None or one.silence is not None}
    assert gone == {key: one for key, one in last.said.items() if key in gone}


def test_the_rise_of_a_silent_location_is_that_of_its_last_week():
    region = OneRegion(WORKSTOCK)
    region.tell(
        *(workstock(stock_row(overdue=over), at=MONDAY - ago * WEEK) for ago, over in ((1, 4), (0, 6)))
    )
    region.tell(workstock(stock_row(overdue=1), at=MONDAY, location="B"))
    for week in range(2, 12, 2):
        region.tell(workstock(stock_row(overdue=1), at=MONDAY + week * WEEK, location="B"))
        region.tick(MONDAY + week * WEEK)
    found = region.said["workstock_overdue_rise{ic=all,urgency=U3}"]
    assert (found.value, found.silence) == (0, Silence(2, 2, 0, 2, 2))
    assert region.value("workstock_overdue", **STOCK) == 1
    assert region.said["workstock_overdue{ic=all,urgency=U3}"].silence == Silence(7, 7, 0, 2, 2)


def test_the_operations_of_a_silent_location_rise_as_in_its_last_week():
    region = OneRegion(PRODUCTION)
    region.tell(*(production(operations(count), at=MONDAY - ago * WEEK) for ago, count in ((1, 40), (0, 47))))
    region.tell(*(production(operations(50), at=MONDAY + ago * WEEK, location="B") for ago in range(-1, 7)))
    region.tick(MONDAY + 3 * WEEK)
    found = region.said["operations_rise{urgency=U4}"]
    assert (found.value, found.silence) == (0, Silence(7, 7, 0, 2, 2))
    region.tick(MONDAY + 6 * WEEK)
    found = region.said["operations_rise{urgency=U4}"]
    given_up = int((MONDAY - timedelta(days=7 - 36, hours=13)).timestamp())
    assert (found.value, found.silence) == (0, Silence(0, 7, given_up, 1, 2))


def test_missed_operations_and_referrals_are_counted_once_however_long_their_week_is_held():
    for topic, name in ((PRODUCTION, "operations_missed"), (REFERRALS, "referrals_missed")):
        region = OneRegion(topic)
        region.tell(*(WEEKLY[topic](MONDAY - ago * WEEK) for ago in range(3)))
        labels = {} if topic == PRODUCTION else {"specialism": "all", "target": "all"}
        sums = set()
        for week in (0, 3, 6, 30, 52, 60):
            region.tick(MONDAY + week * WEEK)
            sums.add(region.value(name, **labels))
        assert sums == {30 if topic == PRODUCTION else 60}


def test_a_partial_week_does_not_hide_the_last_full_one():
    region = OneRegion(REFERRALS)
    region.tell(referrals(60, 100), referrals(100, 100, location="B"))
    region.tell(referrals(5, 100, MONDAY + timedelta(days=2), week=date(2021, 11, 15)))
    region.tell(referrals(100, 100, MONDAY + WEEK, location="B"))
    region.tick(MONDAY + WEEK)
    found = region.said["referrals_ratio{specialism=all,target=all}"]
    assert (found.value, found.completeness, found.silence) == (
        1.0,
        0.5,
        Silence(0.8, 0.8, 0, 2, 2, 200, 200),
    )
