"""Who falls silent on vervolgzorg is missed, then given up on a day that is known."""

from datetime import timedelta

from streams.calendar import local_day
from streams.topics import FOLLOW_UP
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, follow_up

DAY = timedelta(days=1)
STRAIN = "followup_strain_ratio{sector=grz}"


def test_one_that_goes_on_telling_who_waits_is_given_up_when_its_free_places_are():
    region = OneRegion(FOLLOW_UP)
    region.tell(follow_up(30, 10), *(follow_up(30, None, MONDAY + day * DAY) for day in range(1, 21)))
    region.tell(*(follow_up(10, 30, MONDAY + day * DAY, location="B") for day in range(21)))
    region.tick(MONDAY + 14 * DAY)
    told = region.said[STRAIN]
    assert (told.value, told.range.completeness, told.silence) == (0.5, 1.0, None)
    region.tick(MONDAY + 20 * DAY)
    told = region.said[STRAIN]
    assert (told.value, told.silence.missed, told.silence.given_up) == (0.25, 0.25, 0.5)
    assert local_day(told.silence.given_up_at) == local_day(int(MONDAY.timestamp())) + 15
    assert region.said["followup_waiting{sector=grz}"].silence is None


def test_one_that_tells_again_is_silent_no_more():
    region = OneRegion(FOLLOW_UP)
    region.tell(
        follow_up(30, 10), *(follow_up(10, 30, MONDAY + day * DAY, location="B") for day in range(21))
    )
    region.tick(MONDAY + 20 * DAY)
    assert region.said[STRAIN].silence is not None
    region.tell(follow_up(20, 20, MONDAY + 20 * DAY))
    region.tick(MONDAY + 20 * DAY + timedelta(hours=1))
    assert (region.said[STRAIN].value, region.said[STRAIN].silence) == (0.375, None)
