"""A figure is told with those who fell silent, where they make a difference."""

import pytest

from agents.domain.figures.in_views import with_stale
from streams.evidence import Silence, View
from streams.status import Indicator


def _figure(name: str, value: float | None, observations: int = 1) -> Indicator:
    return Indicator(name, {}, value, 100, 0.9, observations)


def test_a_figure_that_the_silent_do_not_change_has_no_silence() -> None:
    told = [_figure("beds_staffed", 10)]

    assert list(with_stale(told, told, told, 50)) == told


def test_a_figure_has_its_value_with_the_missed_and_with_those_given_up() -> None:
    told, missed, given_up = (
        [_figure("absence_rate", value, of)] for value, of in ((5, 10), (6, 30), (7, 40))
    )

    assert [found.silence for found in with_stale(told, missed, given_up, 50)] == [Silence(6, 7, 50, 30, 40)]


def test_who_is_missed_only_is_given_up_at_no_time() -> None:
    told, missed = [_figure("absence_rate", 5)], [_figure("absence_rate", 6)]

    assert [found.silence for found in with_stale(told, missed, missed, 50)] == [Silence(6, 6, 0, 1, 1)]


def test_a_figure_that_only_the_missed_tell_is_unknown() -> None:
    missed = [_figure("absence_rate", 6, 8)]

    assert list(with_stale([], missed, missed, 0)) == [
        Indicator("absence_rate", {}, None, 100, 0.0, 0, Silence(6, 6, 0, 8, 8))
    ]


def test_a_figure_that_only_those_given_up_tell_is_unknown_and_says_what_they_told() -> None:
    # Else the country could not know that what it told before ended because somebody was given up.
    assert list(with_stale([], [], [_figure("absence_rate", 6, 8)], 50)) == [
        Indicator("absence_rate", {}, None, 100, 0.0, 0, Silence(None, 6, 50, 0, 8))
    ]


def test_a_figure_without_a_value_is_as_old_as_what_the_missed_told_last() -> None:
    told = Indicator("absence_rate", {}, None, 0, 0.0, 0)
    (found,) = with_stale([told], [_figure("absence_rate", 6)], [_figure("absence_rate", 6)], 0)

    assert (found.value, found.observed_at) == (None, 100)


@pytest.mark.parametrize(
    ("silence", "view", "seen"),
    [
        (None, "carried", (5, 10)),
        (Silence(6, 7, 50, 20, 30), "reported", (5, 10)),
        (Silence(6, 7, 50, 20, 30), "carried", (6, 20)),
        (Silence(6, 7, 50, 20, 30), "expired", (7, 30)),
        (Silence(6), "expired", (6, 10)),
        (Silence(6, 7, 50, 20), "expired", (7, 10)),
        (Silence(None, 7, 50), "carried", (5, 10)),
        (Silence(None, 7, 50), "expired", (7, 10)),
    ],
    ids=lambda one: one if isinstance(one, str) else None,
)
def test_a_figure_is_seen_as_told_or_with_the_silent(
    silence: Silence | None, view: View, seen: tuple[float, int]
) -> None:
    found = Indicator("absence_rate", {}, 5, 100, 0.9, 10, silence).seen(view)

    assert (found.value, found.observations, found.silence) == (*seen, None)
    assert found.completeness == 0.9
