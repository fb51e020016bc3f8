"""Names that say the same count once also after an outage of their source, whoever reports first again."""

from datetime import timedelta

import pytest

from tests.support.reports import MONDAY
from tests.support.speaking import DAY, Days, at


@pytest.mark.parametrize("beside", [3, 20])
@pytest.mark.parametrize("outage", [0, 1, 2, 3])
@pytest.mark.parametrize("first", ["A", "N"])
def test_twins_count_once_after_an_outage(beside, outage, first):
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    region.live(beside, at("A", 50), at("N", 50), at("B", 30))
    region.live(outage)
    start = MONDAY + region.day * DAY
    region.day += 1
    later = "N" if first == "A" else "A"
    region.tell(at(first, 50)(start), at("B", 30)(start))
    region.tick(start + timedelta(hours=1))
    region.tick(start + timedelta(hours=7))
    region.tell(at(later, 50)(start + timedelta(hours=8)))
    region.tick(start + timedelta(hours=13))
    assert region.value("beds_occupied", unit="ic", label="all") == 80
    assert region.live(5, at("A", 50), at("N", 50), at("B", 30))[-1] == 80


def test_a_second_new_name_counts_no_more_than_the_first():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    assert set(region.live(6, at("A", 50), at("N1", 50), at("N2", 50), at("B", 30))) == {80}


def test_an_old_name_that_comes_back_beside_its_twin_counts_once():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    region.live(10, at("N", 50), at("B", 30))
    assert set(region.live(6, at("A", 50), at("N", 50), at("B", 30))) == {80}
