"""A total beside its parts counts once, and hides nobody, whoever of them falls silent."""

from datetime import timedelta

import pytest

from tests.support.speaking import DAY, MONDAY, Days, at


def lived(told, days=24):
    region = Days()
    return [region.live(1, *told(day))[-1] for day in range(days)], region


@pytest.mark.parametrize(("name", "more"), [("R07", 1), ("T", 0)])
def test_a_total_stands_for_a_part_that_has_expired(name, more):
    def told(day):
        beds = 50 + day % 3
        parts = [at("A", beds, source="a")] if day < 5 else []
        whole = at(name, 2 * beds + more, source="x", staffed=200)
        return [*parts, at("B", beds, source="b"), whole]

    found, region = lived(told)
    assert all(100 <= figure <= 106 for figure in found[3:])
    assert region.said["beds_occupied{label=all,unit=ic}"].completeness == 1


def test_a_total_that_fell_silent_is_no_location_once_its_parts_grow():
    def told(day):
        parts = [at(name, 50 + 5 * day, source=name.lower()) for name in "AB"]
        return [*parts, *([at("R07", 100 + 10 * day, source="x", staffed=200)] if day < 5 else [])]

    assert lived(told)[0] == [100 + 10 * day for day in range(24)]


def test_a_total_that_knew_more_and_fell_silent_is_what_is_known_until_its_parts_are_more():
    def told(day):
        parts = [at(name, 50 + 5 * day, source=name.lower()) for name in "AB"]
        return [*parts, *([at("R07", 200 + 10 * day, source="x", staffed=300)] if day < 5 else [])]

    found = lived(told, 16)[0]
    assert found[5:] == [240] * 11


def test_a_sum_that_is_told_an_hour_later_is_one():
    region, found = Days(), []
    for day in range(8):
        moment = MONDAY + day * DAY
        beds = 50 + day % 3
        told = (
            [at("A", beds, source="a"), at("B", beds, source="b")],
            [at("T", 2 * beds, source="x", staffed=200)],
        )
        for hour, reports in enumerate(told):
            region.tell(*(make(moment + timedelta(hours=hour)) for make in reports))
            region.tick(moment + timedelta(hours=hour, minutes=1))
            found.append(region.value("beds_occupied", unit="ic", label="all"))
    assert max(found[6:]) <= 104


def test_a_sum_that_differs_once_all_were_heard_is_a_location():
    def told(day):
        beds = 50 + day % 3
        whole = 2 * beds - (7 if day > 6 else 0)
        return [at("A", beds, source="a"), at("B", beds, source="b"), at("T", whole, source="x", staffed=200)]

    found = lived(told, 10)[0]
    assert found[6] == 100
    assert found[7] == 2 * 102 - 7
