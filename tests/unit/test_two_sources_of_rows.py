"""Two registered sources of one location, on topics whose rows say yes or no of something: put away and taken up again."""

from datetime import timedelta

import pytest

from agents.domain.registration import hold
from tests.support.one_region import OneRegion
from tests.support.put_away import Shelf
from tests.support.reports import MONDAY, stock_row, workstock
from tests.support.speaking import place, registry, source


def told_by_two(first, other):
    region = OneRegion("care.workstock")
    sources = (
        source(name, ["*"], f', "rank": {rank}').replace("care.occupancy", "care.workstock")
        for name, rank in (("one", 1), ("two", 2))
    )
    hold(region.partition, registry(*sources, place("A")))
    region.tell(workstock(first, at=MONDAY, location="A", source="one"))
    region.tell(workstock(other, at=MONDAY + timedelta(minutes=5), location="A", source="two"))
    region.tick(MONDAY + timedelta(hours=1))
    return region


def test_what_two_sources_told_is_taken_up_again():
    region = told_by_two(stock_row("U3", 10), stock_row("U3", 12))
    shelf = Shelf()
    shelf.put(region.partition)
    assert shelf.take().regions["R07"].speakers == region.partition.regions["R07"].speakers


@pytest.mark.parametrize(
    "other", [stock_row("U3", 12), stock_row("U4", 12), stock_row("U3", 12, ic_dependent=True)]
)
def test_the_stock_of_the_first_source_is_not_emptied_by_the_second(other):
    region = told_by_two(stock_row("U3", 10, ic_dependent=False), other)
    assert region.outcomes == ["applied", "duplicate"]
    assert region.value("workstock_patients", ic="all", urgency="all") == 10
