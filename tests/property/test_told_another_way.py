"""What is told in another way is the same: names, parts and networks of locations, and counts five times as large.

Streams of all topics that are reported by location, told once as they are and once in another way, with the registry that
says so. What is above the change (the region of a name or a split, the country of a move) is held figure by figure, verdict by
verdict and transition by transition.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from streams.indicators import INDICATORS
from streams.regions import NL, ROAZ_IDS
from tests.support.told_twice import (
    NORMS,
    Followed,
    Hospital,
    divided,
    drawn,
    identity,
    multiplied,
    on,
    place,
    play,
    registry,
    reports,
)

DAYS = 22
WEEKS_LATER = 15
"""From so many days after a change on, no figure looks back beyond it but that of all weeks since 2020."""

REGIONS = ("R07", "R08", "R01")

Worlds = st.integers(0, 10_000)
CHANGES = st.integers(3, DAYS - WEEKS_LATER - 1)

LOOKS_BACK = (
    "admissions_7d", "beds_occupied_mean_7d", "notified_per_admission",  # seven days
    "operations_rise", "workstock_overdue_rise",  # the week before
    "or_reduction_ratio", "rooms_behind_ratio",  # the last working day, on days that are none
)  # fmt: skip
"""Of these a part of a split, or who moved, has no past of its own for a while: they are about the others meanwhile."""

NOT_YET_HEARD = ("workstock_", "absence_", "critical_on_time")
"""Of these who moved is heard in its new network a week later at most; until then it counts in none."""

ABOUT_PARTS = ("workstock_locations", "critical_on_time", "new_locations", "ic_strained_regions")
"""How many locations there are is another number after a split, and how many regions are full after a move."""


def world(
    seed: int, regions: Iterable[str] = REGIONS, places: str = "ABC", days: int = DAYS
) -> list[Hospital]:
    """Hospitals of some regions."""
    chance = Random(seed)
    return [drawn(chance, f"{region} {name}", region, days) for region in regions for name in places]


def follow(told: Callable[[int], Iterable[Hospital]], lines: Iterable[dict], days: int = DAYS) -> Followed:
    """What follows where these hospitals report on each day."""
    return play(
        lambda day: [report for hospital in told(day) for report in reports(hospital, day)],
        days,
        registry(*lines),
    )


def values(found: Mapping, regions: Iterable[str]) -> dict:
    """The values of all figures of some regions."""
    return {key: one.value for key, one in found.items() if key[0] in regions}


@settings(max_examples=4, deadline=None, phases=[Phase.generate])
@given(Worlds, CHANGES)
def test_a_location_that_is_renamed_changes_nothing(seed, since):
    first, *others = hospitals = world(seed)
    renamed = replace(first, name="Nieuw")
    lines = [place(one.name, one.region) for one in hospitals]
    rename = {"line": "rename", "location": identity(first.name), "to": "Nieuw", "on": on(since)}
    before = follow(lambda _: hospitals, lines)
    after = follow(lambda day: [renamed if day >= since else first, *others], [*lines, rename])
    assert before.moves
    assert after.moves == before.moves
    assert after.verdicts == before.verdicts
    for one, other in zip(before.figures, after.figures, strict=True):
        assert values(other, (NL, *ROAZ_IDS)) == values(one, (NL, *ROAZ_IDS))


@settings(max_examples=4, deadline=None, phases=[Phase.generate])
@given(Worlds, CHANGES, st.sampled_from([(0.5, 0.5), (0.8, 0.2), (0.5, 0.3, 0.2)]), st.booleans())
def test_a_location_that_is_split_or_merged_changes_no_figure_above_it(seed, since, shares, merged):
    first, *others = hospitals = [replace(one, waits=[]) for one in world(seed)]
    parts = divided(first, [f"Deel {number}" for number, _ in enumerate(shares)], shares)
    lines = [place(one.name, one.region) for one in (*hospitals, *parts)]
    names = [identity(part.name) for part in parts]
    if merged:
        line = {"line": "merge", "locations": names, "into": identity(first.name), "on": on(since)}
    else:
        line = {"line": "split", "location": identity(first.name), "into": names, "on": on(since)}
    whole = follow(lambda _: hospitals, lines)
    other = follow(lambda day: [*(parts if (day >= since) ^ merged else [first]), *others], [*lines, line])
    hold_alike(whole, other, (NL, *ROAZ_IDS), since)


@settings(max_examples=4, deadline=None, phases=[Phase.generate])
@given(Worlds, CHANGES)
def test_a_location_that_moves_changes_no_figure_of_the_country(seed, since):
    first, *others = hospitals = [replace(one, waits=[]) for one in world(seed)]
    moved = replace(first, region="R08")
    lines = [place(one.name, one.region) for one in hospitals]
    move = {"line": "move", "location": identity(first.name), "to": "R08", "on": on(since)}
    whole = follow(lambda _: hospitals, lines)
    other = follow(lambda day: [moved if day >= since else first, *others], [*lines, move])
    hold_alike(whole, other, (NL,), since, NOT_YET_HEARD)


def hold_alike(
    whole: Followed, other: Followed, regions: Iterable[str], since: int, later: tuple[str, ...] = ()
) -> None:
    """Hold what is above a change against what it would have been; `later` are figures that may be other for a week."""
    moved, later = bool(later), (*later, *LOOKS_BACK)
    first, last = 3 * since, 3 * (since + WEEKS_LATER)
    for tick, pair in enumerate(zip(whole.figures, other.figures, strict=True)):
        wanted, found = ({key: one for key, one in values(each, regions).items() if not key[1].startswith(ABOUT_PARTS)} for each in pair)  # fmt: skip
        if first - 1 <= tick < last:
            wanted, found = ({key: one for key, one in each.items() if not key[1].startswith(later)} for each in (wanted, found))  # fmt: skip
        if not moved or tick != first - 1:  # who moved is heard again later on the day
            assert found == pytest.approx(wanted, abs=2e-4), tick / 3
    apart = {norm.id for norm in NORMS.norms if norm.indicator.startswith((*later, *ABOUT_PARTS))}
    moves = [
        [one for one in each.moves if one[1] in regions and one[2] not in apart] for each in (whole, other)
    ]
    assert moves[0] == moves[1]


@settings(max_examples=4, deadline=None, phases=[Phase.generate])
@given(Worlds)
def test_counts_five_times_as_large_change_no_ratio(seed):
    hospitals = world(seed, ROAZ_IDS, "AB", days=9)
    lines = [place(one.name, one.region) for one in hospitals]
    larger = [multiplied(one, 5) for one in hospitals]
    once, five_times = (follow(lambda _, all_=every: all_, lines, days=9) for every in (hospitals, larger))
    for one, other in zip(once.figures, five_times.figures, strict=True):
        assert ratios(other) == pytest.approx(ratios(one), abs=1.01e-4)
    # Of few, and of what chance explains, counts do say more: no share is the same to a norm that knows chance.
    apart = {norm.id for norm in NORMS.norms if not is_ratio(norm.indicator) or norm.chance}
    for one, other in zip(once.verdicts, five_times.verdicts, strict=True):
        for key, verdict in one.items():
            if key[1] not in apart:
                assert other[key] == verdict, key
            elif NORMS.by_id[key[1]].chance and verdict == "breach":
                assert other[key] == "breach", key
    moves = [[one for one in each.moves if one[2] not in apart] for each in (once, five_times)]
    assert moves[0] == moves[1]
    assert moves[0]


def ratios(found: Mapping) -> dict:
    """The values of what is no count."""
    return {key: one.value for key, one in found.items() if is_ratio(key[1].partition("{")[0])}


def is_ratio(name: str) -> bool:
    """Whether a figure says the same of ten as of a hundred."""
    return INDICATORS[name].unit in {"ratio", "percent", "weeks"}
