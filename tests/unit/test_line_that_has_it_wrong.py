"""A registry line that reality does not follow hides nobody: who goes on reporting counts, and counts once."""

from datetime import timedelta

import pytest

from agents.domain.registration import hold
from tests.support.speaking import DAY, MONDAY, OWNER, Days, at, place, registry, source

LPZ = source("lpz", ["*"])
Z = 30


def on(day):
    return (MONDAY + day * DAY).date()


def split(name, into, day):
    parts = ", ".join(f'"{one}"' for one in into)
    return f'{{"line": "split", {OWNER}, "location": "{name}", "into": [{parts}], "on": "{on(day)}"}}'


def merge(names, into, day):
    parts = ", ".join(f'"{one}"' for one in names)
    return f'{{"line": "merge", {OWNER}, "locations": [{parts}], "into": "{into}", "on": "{on(day)}"}}'


def rename(name, to, day):
    return f'{{"line": "rename", {OWNER}, "location": "{name}", "to": "{to}", "on": "{on(day)}"}}'


def lived(told, days, *lines):
    """Live days in which Z reports as well; return what there is at the end of each, without Z."""
    region = Days(LPZ, *map(place, "ABCZ"), *lines)
    return [region.live(1, *told(day), at("Z", Z + day % 3))[-1] - Z - day % 3 for day in range(days)]


def test_what_was_split_and_is_merged_again_counts_once_throughout():
    def told(day):
        return [at("A", 50)] if day < 3 or day >= 6 else [at("B", 25), at("C", 25)]

    lines = split("a", "bc", 3), merge("bc", "a", 6)
    assert set(lived(told, 20, *lines)) == {50}


def test_one_part_of_a_split_counts_though_the_other_never_reports():
    def told(day):
        return [at("A", 50)] if day < 3 else [at("B", 45 + day % 2)]

    found = lived(told, 24, split("a", "bc", 3))
    assert min(found) >= 45


@pytest.mark.parametrize("trial", [1, 4])
def test_a_merger_that_was_put_off_hides_nobody_after_a_trial(trial):
    def told(day):
        return [at("A", 50 + day % 2), at("B", 25), *([at("AB", 75)] if day == trial else [])]

    region = Days(LPZ, *map(place, ["A", "B", "AB", "Z"]), merge("ab", "ab", 3))
    found = [region.live(1, *told(day), at("Z", Z + day % 3))[-1] - Z - day % 3 for day in range(24)]
    assert min(found) >= 75
    assert max(found) <= 76


def test_a_name_that_waits_counts_once_a_line_says_whose_it_is():
    region = Days()
    region.live(5, at("A", 50), at("B", 30), at("C", 20))
    region.live(1, at("A nieuw", 50), at("B", 30))
    hold(region.partition, registry(LPZ, *map(place, "ABC"), rename("a", "A nieuw", 5)))
    region.tick(MONDAY + 5 * DAY + timedelta(hours=20))
    assert region.value("beds_occupied", unit="ic", label="all") == 100
    assert min(region.live(6, at("A nieuw", 50), at("B", 30))) == 100


def test_a_name_is_no_double_of_another_once_a_line_says_whose_it_is():
    region = Days()
    region.live(5, at("A", 50), at("B", 50), at("C", 20))
    region.live(4, at("A", 50), at("X", 50), at("C", 20))
    assert region.doubts("suspected_renames") == ["B → X"]
    hold(region.partition, registry(LPZ, *map(place, "ABC"), rename("a", "X", 5)))
    assert set(region.live(1, at("X", 50), at("C", 20))) == {120}
    assert not region.doubts("suspected_renames")


def test_who_is_registered_takes_the_place_of_nobody_who_is():
    region = Days()
    region.live(5, at("A", 50), at("C", 20))
    assert region.live(3, at("N", 50), at("C", 20))[-1] == 70
    hold(region.partition, registry(LPZ, *map(place, "ANC")))
    assert region.live(1, at("N", 50), at("C", 20))[-1] == 120


def test_an_old_name_that_no_line_knows_is_the_new_one_still():
    region = Days()
    region.live(5, at("A", 50), at("C", 20))
    region.live(3, at("N", 50), at("C", 20))
    hold(region.partition, registry(LPZ, *map(place, "NC")))
    assert set(region.live(2, at("N", 50), at("C", 20))) == {70}
