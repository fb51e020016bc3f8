"""Who may say what: registered sources and locations, sources that nobody knows, and which of two sources counts."""

from datetime import timedelta

import pytest

from agents.domain.registration import hold, unknown_senders
from streams.codec import RefusedError
from streams.reports import BedReading
from streams.topics import OCCUPANCY
from tests.support.reports import MONDAY, beds
from tests.support.speaking import DAY, OWNER, Days, at, place, registry, source

# --- with a registry ---


def test_an_unknown_sender_is_refused_and_named():
    region = Days(place("A"), source("lpz", ["*"]))
    with pytest.raises(RefusedError, match=r"unknown-sender: `source` is typo, .* register it .* requeue"):
        region.tell(at("A", 50, "typo")(MONDAY))
    assert unknown_senders(region.partition) == {"typo"}
    assert region.partition.counts.dead_lettered == 1


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((source("lpz", ["b"]), place("B")), "may not speak for A"),
        ((source("lpz", ["*"], ', "until": "2021-11-01"'),), "source lpz ended"),
        ((source("lpz", ["*"], ', "since": "2022-11-01"'),), "from 2022-11-01 on"),
        ((source("lpz", ["network:R05"]),), "may not speak for A"),
    ],
)
def test_a_source_may_say_what_its_line_says(lines, told):
    if "b" in lines[0]:
        lines = (*lines, place("C"))
    region = Days(place("A"), *lines, source("other", ["a"]))
    if '"b"' in lines[0]:
        # Who speaks for one location only is about that one.
        region.tell(at("A", 50)(MONDAY))
        region.tick(MONDAY + DAY)
        assert region.doubts("renamed_locations") == ["B → A"]
        return
    with pytest.raises(RefusedError, match=told):
        region.tell(at("A", 50)(MONDAY))


def test_a_registered_rename_is_the_one_location():
    rename = f'{{"line": "rename", {OWNER}, "location": "a", "to": "Nieuw", "on": "2021-11-20"}}'
    region = Days(place("A"), place("B"), source("lpz", ["*"]), rename)
    region.live(3, at("A", 50), at("B", 30))
    assert set(region.live(5, at("Nieuw", 50), at("B", 30))) == {80}
    assert not region.doubts("suspected_renames")


def test_a_line_that_comes_later_joins_both_names():
    lines = [place("A"), place("B"), source("lpz", ["*"])]
    region = Days(*lines)
    region.live(5, at("A", 50), at("B", 30))
    region.live(2, at("Nieuw", 50), at("B", 30))
    assert region.doubts("suspected_renames") == ["A → Nieuw"]
    rename = f'{{"line": "rename", {OWNER}, "location": "a", "to": "Nieuw", "on": "2021-11-20"}}'
    hold(region.partition, registry(*lines, rename))
    assert set(region.live(2, at("Nieuw", 50), at("B", 30))) == {80}
    assert set(region.partition.regions["R07"].body.places) == {"Nieuw", "B"}
    assert not region.doubts("suspected_renames")


def test_who_speaks_for_one_location_is_about_that_one_whatever_it_says():
    region = Days(place("A"), source("epd", ["a"]))
    region.live(3, at("A", 50, "epd"))
    assert set(region.live(3, at("A na de update", 52, "epd"))) == {52}
    assert region.doubts("renamed_locations") == ["A → A na de update"]


def test_a_location_that_nobody_registered_is_held_back_and_counts_once_it_is():
    lines = [place("A"), source("lpz", ["*"])]
    region = Days(*lines)
    assert set(region.live(3, at("A", 50), at("X", 20))) == {50}
    assert region.doubts("new_locations") == ["X"]
    hold(region.partition, registry(*lines, place("X")))
    assert region.live(1, at("A", 50))[0] == 70
    assert not region.doubts("new_locations")


def test_a_registered_split_counts_its_parts_once_all_were_heard():
    split = f'{{"line": "split", {OWNER}, "location": "a", "into": ["a1", "a2"], "on": "2021-11-17"}}'
    region = Days(place("A"), place("A1"), place("A2"), source("lpz", ["*"]), split)
    assert set(region.live(2, at("A", 50))) == {50}
    assert set(region.live(1, at("A1", 25))) == {50}
    assert set(region.live(5, at("A1", 25), at("A2", 20))) == {45}


def test_a_location_that_moved_counts_in_its_network_alone():
    move = f'{{"line": "move", {OWNER}, "location": "a", "to": "R08", "on": "2021-11-18"}}'
    region = Days(place("A"), place("B"), source("lpz", ["*"]), move)
    assert region.live(2, at("A", 50), at("B", 30))[-1] == 80
    assert region.live(3, at("A", 50), at("B", 30))[-1] == 30


def test_a_retired_source_is_expected_no_more():
    lines = [place("A"), source("lpz", ["*"]), source("oud", ["*"])]
    region = Days(*lines)
    region.live(1, at("A", 50), at("A", 50, "oud"))
    assert set(region.partition.regions["R07"].feeds.received) == {"lpz", "oud"}
    hold(
        region.partition,
        registry(*lines, f'{{"line": "retire", {OWNER}, "source": "oud", "on": "2021-11-16"}}'),
    )
    assert set(region.partition.regions["R07"].feeds.received) == {"lpz"}
    with pytest.raises(RefusedError, match="source oud ended"):
        region.tell(at("A", 50, "oud")(MONDAY + 3 * DAY))


# --- without one ---


def test_of_sources_that_nobody_knows_ten_are_watched():
    region = Days()
    region.tell(at("A", 50, "nice")(MONDAY), *(at("A", 50, f"typo{number}")(MONDAY) for number in range(100)))
    region.tick(MONDAY + timedelta(hours=1))
    state = region.partition.regions["R07"].feeds
    assert len(state.received) == 11
    assert "nice" in state.received
    assert len(unknown_senders(region.partition)) == 90
    assert region.value("unwatched_sources", topic=OCCUPANCY) == 90


def test_a_source_that_is_heard_twice_takes_the_room_of_one_that_was_heard_once():
    region = Days()
    region.tell(*(at("A", 50, f"typo{number}")(MONDAY) for number in range(20)))
    region.tell(at("A", 50, "echt")(MONDAY), at("A", 51, "echt")(MONDAY + timedelta(hours=1)))
    assert "echt" in region.partition.regions["R07"].feeds.received
    assert len(region.partition.regions["R07"].feeds.received) == 10


# --- which of two sources counts ---

RANKED = (
    place("A"),
    place("B"),
    source("live", ["*"], ', "rank": 5'),
    source("daily", ["*"], ', "rank": 50'),
)


def test_of_two_registered_sources_the_one_of_lowest_rank_counts_whoever_comes_last():
    region = Days(*RANKED)
    told = [at("A", 50, "live"), at("A", 58, "daily"), at("B", 30, "live")]
    region.live(1, *told)
    assert set(region.live(3, *told)) == {80}
    assert set(region.live(3, *reversed(told))) == {80}
    assert region.doubts("conflicting_sources") == ["A: live ≠ daily"]


def test_sources_that_agree_are_no_conflict():
    region = Days(*RANKED)
    region.live(2, at("A", 50, "live"), at("A", 50, "daily"))
    assert not region.doubts("conflicting_sources")


def test_the_second_source_counts_once_the_first_is_silent():
    region = Days(*RANKED)
    region.live(2, at("A", 50, "live"), at("A", 58, "daily"))
    assert region.live(5, at("A", 58, "daily"))[-1] == 58


def test_the_second_source_counts_for_what_the_first_does_not_tell():
    def ward(moment):
        return beds(
            moment,
            location="A",
            source="daily",
            readings=[
                BedReading(unit="ic", label="total", occupied=58),
                BedReading(unit="ward", label="total", occupied=400),
            ],
        )

    region = Days(*RANKED)
    assert set(region.live(3, at("A", 50, "live"), ward)) == {50}
    assert region.value("beds_occupied", unit="ward", label="all") == 400
