"""Who has passed which tick: what is complete, in which order, and how little room waiting takes."""

import sys

import msgspec
import pytest

from agents.domain.country.alignment import Alignment


def aligned(*steps, members=2):
    """Let members pass ticks (member, tick, change); the one that sets the pace is `a`."""
    alignment, out = Alignment(), []
    for member, at, change in steps:
        alignment.take(member, at, change, sets_pace=member == "a")
        out += alignment.complete(members)
    return alignment, out


def test_a_tick_is_complete_once_all_have_passed_it():
    alignment, out = aligned(("a", 1, "x"), ("a", 2, None), ("b", 1, None), ("b", 2, "y"))
    assert out == [(1, [("a", "x")]), (2, [("b", "y")])]
    assert (alignment.waiting, alignment.ahead) == ({}, [])


def test_nothing_is_complete_before_everyone_was_heard():
    assert aligned(("a", 1, "x"), ("a", 2, "x"))[1] == []


def test_changes_come_by_tick_and_member_whoever_came_first():
    steps = [("b", 1, "b1"), ("b", 2, "b2"), ("c", 2, "c2"), ("c", 1, "never"), ("a", 2, "a2")]
    assert aligned(*steps, members=3)[1] == [(2, [("b", "b1"), ("a", "a2"), ("b", "b2"), ("c", "c2")])]


def test_a_tick_that_only_others_have_is_not_complete_but_what_changed_comes_with_the_next():
    assert aligned(("a", 1, None), ("b", 2, "y"), ("a", 3, None), ("b", 3, None))[1] == [
        (1, []),
        (3, [("b", "y")]),
    ]


def test_a_tick_that_was_passed_before_changes_nothing():
    alignment, out = aligned(("a", 2, None), ("b", 2, None), ("a", 2, "x"), ("a", 1, "x"), ("b", 1, "x"))
    assert out == [(2, [])]
    assert alignment.waiting == {}


def test_ticks_at_equal_steps_take_no_room_and_uneven_ones_come_out_as_they_went_in():
    alignment = Alignment()
    for at in range(10, 100_010, 10):
        alignment.take("a", at, None, sets_pace=True)
    assert len(alignment.ahead) == 1
    uneven = [1, 2, 4, 7, 8, 9, 11, 20, 30, 40, 41]
    alignment = Alignment()
    for at in uneven:
        alignment.take("a", at, None, sets_pace=True)
    alignment.take("b", 41, None, sets_pace=False)
    assert [at for at, _ in alignment.complete(2)] == uneven


def steps_to_catch_up(ticks, *, put_away):
    """Return how many steps the interpreter takes to let one member catch up that stood still for so many ticks."""
    alignment = Alignment[str]()
    for at in range(1, ticks + 1):
        alignment.take("a", at, f"a{at}", sets_pace=True)
    if put_away:
        alignment = msgspec.msgpack.decode(msgspec.msgpack.encode(alignment), type=Alignment[str])
    taken, came = [0], []

    def count(*_):
        taken[0] += 1
        return count

    sys.settrace(count)
    try:
        for at in range(1, ticks + 1):
            alignment.take("b", at, None, sets_pace=False)
            came += alignment.complete(2)
    finally:
        sys.settrace(None)
    assert came == [(at, [("a", f"a{at}")]) for at in range(1, ticks + 1)]
    assert (alignment.waiting, alignment.ahead) == ({}, [])
    return taken[0]


@pytest.mark.parametrize("put_away", [False, True])
def test_who_stood_still_twice_as_long_takes_twice_the_steps_to_catch_up(put_away):
    short, long = (steps_to_catch_up(ticks, put_away=put_away) for ticks in (1_000, 2_000))
    assert long <= 2.05 * short


def test_what_did_not_fit_comes_with_the_next_tick_before_what_changed_there():
    alignment = Alignment[str]()
    for at in (1, 2):
        alignment.take("a", at, f"a{at}", sets_pace=True)
    alignment.take("b", 1, None, sets_pace=False)
    assert list(alignment.complete(2)) == [(1, [("a", "a1")])]
    alignment.wait("a", 1, "left")
    alignment.take("b", 2, None, sets_pace=False)
    assert list(alignment.complete(2)) == [(2, [("a", "left"), ("a", "a2")])]
