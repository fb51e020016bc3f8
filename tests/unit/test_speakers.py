"""Who may say what: registered sources and locations, sources that nobody knows, and which of two sources counts."""

from datetime import timedelta

import pytest

from agents.domain.registration import hold, unknown_senders
from agents.partition_image import PartitionImage
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


def test_made_up_names_are_counted_and_named_and_not_watched_however_often_they_report_on_a_day():
    region = Days()
    region.tick(MONDAY)
    for hour in (1, 2, 3):
        moment = MONDAY + timedelta(hours=hour)
        region.tell(at("A", 50, "nice")(moment), *(at("A", 50, f"typo{n}")(moment) for n in range(100)))
        region.tick(moment + timedelta(minutes=5))
    assert set(region.partition.regions["R07"].feeds.received) == {"nice"}
    assert len(unknown_senders(region.partition)) == 100
    assert region.value("unwatched_sources", topic=OCCUPANCY) == 100
    assert region.doubts("unwatched_sources")[:2] == ["typo0", "typo1"]


def test_of_sources_that_report_on_another_day_one_is_watched_whichever_came_first():
    names = ["b", "a", "c"]
    for order in (names, names[::-1]):
        region = Days()
        for _ in range(3):
            list(region.pass_day(*(at("A", 50, name) for name in order)))
        assert list(region.partition.regions["R07"].feeds.received) == ["a"]
        assert unknown_senders(region.partition) == {"b", "c"}


def test_what_a_report_says_of_its_day_is_no_evidence_that_a_day_went_by():
    region = Days()
    region.tick(MONDAY + DAY)
    for day in (0, 1, 2):
        region.tell(at("A", 50, "typo")(MONDAY + day * DAY - timedelta(minutes=1)))
        region.tick(MONDAY + DAY + timedelta(minutes=day + 1))
    assert not region.partition.regions["R07"].feeds.received


def test_the_place_of_a_source_that_is_registered_or_retired_is_free():
    region = Days()
    for _ in range(3):
        list(region.pass_day(at("A", 50, "a"), at("A", 50, "b")))
    feeds = region.partition.regions["R07"].feeds
    assert list(feeds.once) == ["a"]
    hold(region.partition, registry(place("A"), source("a", ["a"]), source("b", ["a"])))
    assert not feeds.once
    assert not feeds.others


def test_a_worker_that_was_started_again_watches_whom_it_would_have_watched():
    watched = []
    for again in (False, True):
        region = Days()
        list(region.pass_day(at("A", 50, "a")))
        if again:
            pieces = PartitionImage().changed(region.partition)
            region.partition = PartitionImage().restore({k: v for k, v in pieces.items() if v is not None})
        list(region.pass_day(at("A", 50, "a")))
        watched.append(region.partition.regions["R07"].feeds)
    assert watched[0] == watched[1]
    assert list(watched[0].received) == ["a"]


def test_who_was_refused_is_named_in_its_region_until_it_is_registered():
    lines = (place("A"), source("lpz", ["a"]))
    region = Days(*lines)
    region.tell(at("A", 50)(MONDAY))
    with pytest.raises(RefusedError, match="unknown-sender"):
        region.tell(at("A", 50, "vreemd")(MONDAY))
    region.tick(MONDAY + timedelta(hours=1))
    assert region.doubts("unwatched_sources") == ["vreemd"]
    hold(region.partition, registry(*lines, source("vreemd", ["a"])))
    region.tick(MONDAY + timedelta(hours=2))
    assert not region.doubts("unwatched_sources")


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


def both(source_id, revision=0, **occupied):
    def report(moment):
        readings = [BedReading(unit=unit, label="total", occupied=count) for unit, count in occupied.items()]
        return beds(moment, location="A", source=source_id, revision=revision, readings=readings)

    return report


def test_a_revision_of_the_second_source_withdraws_only_its_own():
    region = Days(*RANKED)
    region.live(1, both("live", ic=50), both("daily", ic=58, ward=400), both("daily", revision=1, ic=57))
    assert region.value("beds_occupied", unit="ic", label="all") == 50
    assert region.value("beds_occupied", unit="ward", label="all") is None
    region.live(1, both("live", ic=51), both("daily", ic=58, ward=401), both("daily", revision=1, ward=402))
    assert region.value("beds_occupied", unit="ic", label="all") == 51
    assert region.value("beds_occupied", unit="ward", label="all") == 402


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_the_first_source_withdrew_does_not_hide_the_second(order):
    region = Days(*RANKED)
    told = [both("live", ic=50, ward=400), both("live", revision=1, ward=400)]
    region.live(1, *(told[one] for one in order), both("daily", ic=58))
    assert not region.doubts("conflicting_sources")
    region.live(1, both("live", ward=400), both("daily", ic=58))
    assert region.value("beds_occupied", unit="ic", label="all") == 58
    assert region.value("beds_occupied", unit="ward", label="all") == 400
