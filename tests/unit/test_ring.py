"""Days leave the ring; what was told last of a series is held for a year, and nothing else."""

from agents.domain.statements.ring import Places, expire, newest_views, ring
from agents.domain.statements.standing import Standing, Views
from alerts.parameter import Retention
from streams.calendar import day_start, is_working_day

TODAY = 19_000  # a Saturday
BOTH = (0, 1)
KEEP = Retention(14, 371)


def places(**days: tuple[int | None, int | None]) -> Places:
    """One location with two columns; each day by its distance, such as `ago_3`."""
    own = {
        TODAY - int(name[4:]): (
            [None if value is None else ((TODAY - int(name[4:])) * 86_400, 0, 0, 1.0) for value in values],
            [0 if value is None else value for value in values],
        )
        for name, values in days.items()
    }
    return {"A": own}


def told(state: Places) -> list[dict[int, int]]:
    """Value of each column, by how many days ago."""
    return [
        {TODAY - day: slot[3] for day, slot in ring(state.get("A", {}), column).items()} for column in BOTH
    ]


def test_of_days_before_the_ring_the_newest_of_each_column_is_held():
    state = places(ago_30=(1, 2), ago_20=(3, None), ago_16=(None, 4), ago_15=(5, None))
    assert expire(state, TODAY, KEEP, BOTH) == ["A"]
    assert told(state) == [{15: 5}, {16: 4}]
    assert expire(state, TODAY, KEEP, BOTH) == [], "nothing is lost twice"


def test_a_column_that_is_told_in_the_ring_needs_none_before_it_once_that_cannot_be_withdrawn_any_more():
    state = places(ago_15=(1, 2), ago_14=(3, None))
    expire(state, TODAY, KEEP, BOTH)
    assert told(state) == [{14: 3, 15: 1}, {15: 2}]
    expire(state, TODAY + 1, KEEP, BOTH)
    assert told(state) == [{14: 3}, {15: 2}]


def test_a_column_that_is_not_held_leaves_with_its_day():
    state = places(ago_15=(1, 2))
    expire(state, TODAY, KEEP, [1])
    assert told(state) == [{}, {15: 2}]


def test_what_was_told_last_is_forgotten_after_a_year():
    state = places(ago_371=(1, None))
    assert expire(state, TODAY, KEEP, BOTH) == []
    assert expire(state, TODAY + 1, KEEP, BOTH) == ["A"]
    assert state == {}


def test_of_each_kind_of_day_the_newest_is_held():
    state = places(ago_22=(1, 1), ago_21=(2, 2), ago_20=(3, 3), ago_19=(4, 4), ago_16=(5, None))
    expire(state, TODAY, KEEP, BOTH, is_working_day)
    assert told(state) == [{20: 3, 16: 5}, {20: 3, 19: 4}]


def test_it_does_not_matter_on_which_days_the_rest_was_dropped():
    day_by_day = places(ago_30=(1, 2), ago_20=(3, None), ago_14=(None, 4), ago_2=(5, None))
    for today in range(TODAY - 15, TODAY + 20):
        expire(day_by_day, today, KEEP, BOTH)
    at_once = places(ago_30=(1, 2), ago_20=(3, None), ago_14=(None, 4), ago_2=(5, None))
    expire(at_once, TODAY + 19, KEEP, BOTH)
    assert day_by_day == at_once


def test_a_statement_of_long_after_today_puts_nothing_away():
    state = {"A": places(ago_20=(1, None))["A"] | {TODAY + 2: ([(0, 0, 0, 1.0), None], [9, 0])}}
    expire(state, TODAY, KEEP, BOTH)
    assert told(state)[0] == {20: 1, -2: 9}


def test_a_series_is_reported_then_carried_forward_then_it_has_expired():
    (own,) = [ring(places(ago_0=(7, None))["A"], 0)]
    slot = own[TODAY]

    def views(after: int) -> Views:
        return newest_views(own, Standing(TODAY + after, 3, 14))

    assert views(3) == Views(slot, slot, slot)
    assert views(4) == views(14) == Views(None, slot, slot)
    assert views(15) == Views(None, None, slot, day_start(TODAY + 15))
    assert newest_views({}, Standing(TODAY, 3, 14)) == Views()
