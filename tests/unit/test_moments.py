"""The order of time, also where seconds come a second time."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from streams.moments import after_of, comes_after, earliest, moment_of, place_of, second_of

seconds = st.integers(1, 4_102_444_799)


@given(seconds, seconds)
def test_without_a_reset_a_moment_is_its_second(one, other):
    assert moment_of(0, one) == one
    assert (second_of(one), after_of(one)) == (one, 0)
    assert (place_of(one) < place_of(other)) == (one < other)


@given(seconds, seconds, seconds)
def test_seconds_that_come_again_lie_after_the_wrong_ones_and_before_what_follows(after, one, other):
    one, other = sorted((min(one, after), min(other, after)))
    again = [moment_of(after, one), moment_of(after, other)]
    assert [second_of(moment) for moment in again] == [one, other]
    assert place_of(after) < place_of(again[0]) <= place_of(again[1]) < place_of(after + 1)
    assert (one < other) == (place_of(again[0]) < place_of(again[1]))


moments = st.builds(moment_of, st.just(0) | seconds, seconds)


@given(st.lists(moments, min_size=1))
def test_who_comes_first_is_said_by_the_place(some):
    assert place_of(earliest(some)) == min(map(place_of, some))
    for one, other in pairwise(some):
        assert comes_after(one, other) == (place_of(one) > place_of(other))


@given(seconds, seconds)
def test_once_the_time_is_past_it_a_moment_is_a_second_again(after, later):
    assert moment_of(after, after + later) == after + later
