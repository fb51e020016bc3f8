"""A projection follows from the days up to it and from nothing else: no later day, no cache, no order of asking."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.domain.projection.course import Course

BEDS = st.integers(0, 400)
DAYS = st.lists(st.tuples(BEDS, st.one_of(st.none(), BEDS), st.integers(1, 4)), min_size=40, max_size=120)
"""Beds with COVID, of others, and days since the one before."""


def played(days, asked=lambda _: True):
    """What was projected on each day on which it was asked, and the course in the end."""
    course, day, told = Course(), 0, {}
    for place, (covid, other, later) in enumerate(days):
        day += later if place % 9 == 8 else 1
        course.put(day, covid, other)
        if asked(day):
            told[day] = course.project()
    return told, course


@settings(max_examples=25, deadline=None)
@given(DAYS, st.integers(20, 119), BEDS)
def test_another_future_gives_the_same_projections_before_it(days, cut, beds):
    other_future = [one if place < cut else (beds, beds, 1 + place % 3) for place, one in enumerate(days)]
    one, _ = played(days)
    another, _ = played(other_future)
    assert list(one.values())[:cut] == list(another.values())[:cut]


@settings(max_examples=25, deadline=None)
@given(DAYS)
def test_a_course_that_was_put_away_projects_as_one_that_goes_on(days):
    told, course = played(days)
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(course), type=Course)
    assert again.project() == course.project() == list(told.values())[-1]


@settings(max_examples=25, deadline=None)
@given(DAYS)
def test_a_projection_does_not_depend_on_when_one_asked_before(days):
    _, often = played(days)
    _, never = played(days, asked=lambda _: False)
    assert often.project() == never.project()
