"""Figures of a fold beside those that were computed from scratch (`naive`)."""

import pytest

from streams.indicators import GIVEN_UP, INDICATORS, SILENT, indicator_key
from streams.silent import SILENT_NAMED
from streams.topics import WAITING_TIMES

TOLERANCE = {4: 1.01e-4, 6: 2e-6}
_NAMING = (SILENT, GIVEN_UP)
_APART = (
    "feed_received_at",
    "backdated_reports",
    "workstock_locations",
    "workstock_locations_missing",
    *_NAMING,
)
"""About sources and silence itself: these are as they are, whoever is looked at."""


def _weighed(name: str) -> bool:
    """Return whether a figure is about so many employees, patients or beds: that is then held against the naive count."""
    ratio = INDICATORS[name].ratio
    return ratio is not None and bool(ratio.weight)


def _counted(one) -> int:
    if _weighed(one.name):
        assert one.value is None or one.observations > 0, "a figure rests on some location"
        return one.weighs
    return one.observations


def same_figures(known, expected) -> None:
    """The same indicators have the same values; rounding apart."""
    told = {key: one for key, one in known.items() if one.value is not None and one.name not in _NAMING}
    wanted = {indicator_key(name, dict(labels)): figure for (name, labels), figure in expected.items()}
    assert told.keys() == {key for key, figure in wanted.items() if figure[0] is not None}
    for key, one in told.items():
        value, observed, completeness, observations = wanted[key]
        places = 6 if "ratio" in one.name else 4
        assert one.value == pytest.approx(value, abs=TOLERANCE[places], rel=0), key
        assert (one.observed_at, _counted(one)) == (observed, observations), key
        assert one.completeness == pytest.approx(completeness, abs=TOLERANCE[4], rel=0), key


def same_figures_seen(known, expected, view) -> None:
    """Looked at with the silent, the same figures have the same values and observations; rounding apart."""
    seen = {key: one.seen(view) for key, one in known.items()}
    wanted = {indicator_key(name, dict(labels)): figure for (name, labels), figure in expected.items()}
    told = {key: one for key, one in seen.items() if one.value is not None and one.name not in _APART}
    assert told.keys() == {
        key for key, figure in wanted.items() if figure[0] is not None and key.partition("{")[0] not in _APART
    }
    for key, one in told.items():
        places = 6 if "ratio" in one.name else 4
        assert one.value == pytest.approx(wanted[key][0], abs=TOLERANCE[places], rel=0), key
        assert _counted(one) == wanted[key][3], key


def same_silences(known, expected, ends) -> None:
    """Figures differ with those who fell silent where they should and by as much; one given up was so on some day."""
    silent = {key: one.silence for key, one in known.items() if one.silence is not None}
    wanted = {indicator_key(name, dict(labels)): views for (name, labels), views in expected.items()}
    assert silent.keys() == wanted.keys()
    for key, one in silent.items():
        missed, given_up = wanted[key]
        places = 6 if "ratio" in key else 4
        views = ((one.missed, one.missed_observations), (one.given_up, one.given_up_observations))
        if _weighed(key.partition("{")[0]):
            views = ((one.missed, one.missed_weight), (one.given_up, one.given_up_weight))
        for (value, observations), told in zip((missed, given_up), views, strict=True):
            assert told == (
                value if value is None else pytest.approx(value, abs=TOLERANCE[places], rel=0), observations,
            ), key  # fmt: skip
        assert one.given_up_at in ends | {0}, key
        if missed == given_up:
            assert one.given_up_at == 0, key


def silent_are_named(known) -> None:
    """Whoever makes a figure doubtful is named as missed, and whoever is named is so once, the longest silent first."""
    named = {one.name: one for one in known.values() if one.name in _NAMING and one.value is not None}
    for one in known.values():
        if INDICATORS[one.name].topic == WAITING_TIMES:
            continue  # a closed intake is told, and yet its wait is missed
        if one.silence is not None and (one.silence.missed, one.silence.missed_observations) not in {
            (one.value, one.observations),
            (one.value, None),
            (None, None),
            (None, 0),
        }:
            # Of nobody missed a count is 0, where without those given up it is not known.
            assert SILENT in named or (one.value is None and GIVEN_UP in named), one
    for one in named.values():
        told = [(own.told_at, own.location) for own in one.silent]
        assert told == sorted(told)
        assert len({location for _, location in told}) == len(told) == min(one.value, SILENT_NAMED)
    assert len({own.location for one in named.values() for own in one.silent}) == sum(
        len(one.silent) for one in named.values()
    )
