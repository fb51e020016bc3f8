"""What is suspect follows from what was reported and the day, not from the order in which it came, nor from the ticks between."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.domain.region import FOLDINGS
from streams.reports import BedReading
from streams.topics import OCCUPANCY
from tests.support.one_region import OneRegion
from tests.support.put_away import Shelf
from tests.support.reports import MONDAY, beds

DAYS = 40
_ODD = st.sampled_from([0, 0, 1, 3, 10, 10, 30])
"""Of what it was in tenths: zeros, a shift of the comma, a jump."""

_COURSE = st.tuples(st.integers(0, 200), st.lists(st.integers(-6, 6), min_size=DAYS, max_size=DAYS))
_FAULTS = st.lists(st.tuples(st.integers(12, DAYS - 1), st.integers(1, 9), _ODD), max_size=3)
_HOURS = (0, 5, 11)


_TOTALS = st.tuples(st.integers(0, DAYS), st.integers(0, DAYS))


def _reports(course, faults, totals, location):
    """Yield the reports of a location, which tells no labels but a total from one day to another."""
    now, steps = course
    values = []
    for step in steps:
        now = max(0, now + step)
        values.append(now)
    for day, length, tenths in faults:
        for one in range(day, min(DAYS, day + length)):
            values[one] = values[day - 1] if tenths == 10 else values[one] * tenths // 10
    for day, value in enumerate(values):
        for hour in _HOURS[: 1 + value % 3]:
            made = [
                BedReading(unit="ic", label="covid", occupied=min(600, value + hour % 2)),
                BedReading(unit="ic", label="noncovid", occupied=30, admissions=value % 5),
            ]
            if totals[0] <= day < totals[1]:
                made = [BedReading(unit="ic", label="total", occupied=min(600, made[0].occupied + 30))]
            source = "live" if (day + value) % 7 else "daily"
            yield beds(
                MONDAY + timedelta(days=day, hours=hour - 6), readings=made, location=location, source=source
            )


def _suspects(region):
    """What is suspect, whoever is held back or missed."""
    return sorted(
        (str(one), since) for one, since in FOLDINGS[OCCUPANCY].suspects(region.partition.regions["R07"].body)
    )


@settings(max_examples=25, deadline=None)
@given(
    courses=st.tuples(_COURSE, _COURSE),
    faults=st.tuples(_FAULTS, _FAULTS),
    totals=st.tuples(_TOTALS, _TOTALS),
    late=st.lists(st.integers(0, 12), min_size=4 * DAYS, max_size=8 * DAYS),
    shuffled=st.randoms(use_true_random=False),
    restart=st.integers(1, DAYS),
)
def test_what_is_suspect_is_the_same_whatever_the_way(courses, faults, totals, late, shuffled, restart):
    every = [
        report
        for name, course, own, told in zip("AB", courses, faults, totals, strict=True)
        for report in _reports(course, own, told, name)
    ]
    # Both come by the evening of their day or up to twelve days later: within the ring, so nothing is too old.
    punctual, dirty = OneRegion(OCCUPANCY), OneRegion(OCCUPANCY)
    came: dict[int, list] = {}
    for number, report in enumerate(every):
        day = (report.observed_at - MONDAY + timedelta(hours=6)).days
        came.setdefault(min(DAYS + 1, day + late[number % len(late)]), []).append(report)
    shelf = Shelf()
    for day in range(DAYS + 2):
        on_the_day = [one for one in every if (one.observed_at - MONDAY + timedelta(hours=6)).days == day]
        punctual.tell(*on_the_day)
        arrived = came.get(day, [])
        shuffled.shuffle(arrived)
        for place, report in enumerate(arrived):
            dirty.tell(report)
            if place % 3 == 0:
                dirty.tick(MONDAY + timedelta(days=day, minutes=place + 1))
        if day == restart:
            shelf.put(dirty.partition)
            dirty.partition = shelf.take()
        at = MONDAY + timedelta(days=day, hours=8)
        punctual.tick(at)
        dirty.tick(at)
    assert _suspects(dirty) == _suspects(punctual)
    bodies = [one.partition.regions["R07"].body for one in (punctual, dirty)]
    assert bodies[0].pasts == bodies[1].pasts
