"""Who speaks for which location: nobody counts twice, whatever it is called, and nobody is lost."""

from datetime import timedelta

import pytest

from agents.domain.registration import hold, unknown_senders
from streams.codec import RefusedError
from streams.registry.file import parse_lines
from streams.registry.registry import registry_of
from streams.reports import BedReading
from streams.topics import OCCUPANCY
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, absence, beds, ic

DAY = timedelta(days=1)
OWNER = '"owner": "beheer", "date": "2021-01-01"'


def registry(*lines):
    return registry_of(parse_lines("\n".join(lines), "test"))


def place(name, network="R07", more=""):
    return f'{{"line": "location", {OWNER}, "id": "{name.lower()}", "name": "{name}", "network": "{network}"{more}}}'


def source(name, locations, more=""):
    listed = ", ".join(f'"{one}"' for one in locations)
    return (
        f'{{"line": "source", {OWNER}, "id": "{name}", "publisher": "X", "topics": ["care.occupancy"],'
        f' "locations": [{listed}]{more}}}'
    )


class Days(OneRegion):
    """A region that is told of once a day; `held` are the figures of its IC."""

    def __init__(self, *lines):
        super().__init__(OCCUPANCY)
        self.day = 0
        if lines:
            hold(self.partition, registry(*lines))

    def pass_day(self, *reports):
        """Tell these, and pass the ticks of a day, the first an hour after the reports."""
        at = MONDAY + self.day * DAY
        self.day += 1
        self.tell(*(make(at) for make in reports))
        for hours in (1, 7, 13, 19):
            self.tick(at + timedelta(hours=hours))
            yield self.value("beds_occupied", unit="ic", label="all")

    def live(self, days, *reports):
        """Live so many days alike; return every figure that there was."""
        return [figure for _ in range(days) for figure in self.pass_day(*reports)]

    def doubts(self, name):
        found = self.said.get(f"{name}{{topic={OCCUPANCY}}}")
        return [] if found is None or found.value is None else [one.location for one in found.silent]


def at(location, occupied, source="lpz", staffed=100):
    return lambda moment: ic(occupied, staffed, moment, location=location, source=source)


def test_a_location_with_another_name_counts_once_at_every_tick():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    assert set(region.live(9, at("A (nieuw)", 50), at("B", 30))) == {80}
    assert region.doubts("suspected_renames") == ["A → A (nieuw)"]


def test_the_parts_of_a_split_count_as_what_they_were():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    assert set(region.live(9, at("A1", 30), at("A2", 20), at("B", 30))) == {80}
    assert region.doubts("suspected_renames") == ["A → A1 + A2"]


def test_a_part_of_a_split_that_begins_later_is_no_other_hospital():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    figures = region.live(1, at("A1", 30), at("B", 30)) + region.live(
        3, at("A1", 30), at("A2", 20), at("B", 30)
    )
    assert max(figures) == 80


def test_what_merges_counts_as_what_it_was():
    region = Days()
    region.live(5, at("A", 50), at("B", 30), at("C", 10))
    assert set(region.live(9, at("AB", 80), at("C", 10))) == {90}
    assert region.doubts("suspected_renames") == ["A + B → AB"]


def test_one_more_location_counts_once_the_others_were_heard_again():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    first = region.live(1, at("A", 50), at("B", 30), at("C", 20))
    assert first[-1] == 100
    assert not region.doubts("new_locations")


def test_whoever_was_renamed_and_reports_again_counts_beside_its_new_name():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    region.live(2, at("C", 50), at("B", 30))
    assert region.live(1, at("A", 50), at("C", 50), at("B", 30))[-1] == 130
    assert not region.doubts("suspected_renames")


def test_a_new_name_of_other_size_never_hides_who_fell_silent():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    before = region.live(1, at("C", 5), at("B", 30))
    assert set(before) == {80}
    region.live(4, at("C", 5), at("B", 30))
    found = region.said["beds_occupied{label=all,unit=ic}"]
    assert (found.value, found.silence.missed) == (35, 85)


def test_a_new_name_of_another_source_is_another_location():
    region = Days()
    region.live(5, at("A", 50), at("B", 30))
    assert region.live(1, at("C", 50, "other"), at("B", 30))[0] == 130


def test_on_the_first_days_every_name_counts_at_once():
    region = Days()
    assert region.live(1, at("A", 50))[-1] == 50
    assert region.live(1, at("B", 30))[0] == 80


def test_a_total_beside_its_parts_is_counted_once_and_shown():
    region = Days()
    parts = [at(name, 20, staffed=30) for name in "ABC"]
    assert set(region.live(3, *parts, at("R07 totaal", 60, "rcps", 90))) == {60}
    assert region.doubts("totals_beside_parts") == ["R07 totaal = A + B + C"]


def test_a_total_counts_where_some_of_its_parts_are_not_there():
    region = Days()
    assert set(region.live(3, at("A", 20), at("R07 totaal", 60, "rcps"))) == {60}


def test_a_total_without_a_name_for_it_is_known_by_its_sums():
    region = Days()
    parts = [at(name, 20 + place, staffed=30) for place, name in enumerate("ABC")]
    figures = region.live(5, *parts, at("Zuidwest", 63, "rcps", 90))
    assert set(figures[12:]) == {63}


def test_half_of_a_region_is_no_total_of_the_other_half():
    region = Days()
    halves = [at("A", 50, staffed=100), at("B", 30, staffed=60), at("C", 20, staffed=40)]
    assert set(region.live(5, *halves)) == {100}


def test_a_rename_of_weeks_is_counted_once():
    region = OneRegion("care.absence")
    figures = set()
    for week in range(12):
        moment = MONDAY + week * 7 * DAY
        name = "A" if week < 5 else "B"
        region.tell(absence(8.0, 1000, moment, location=name), absence(4.0, 1000, moment, location="C"))
        for day in range(7):
            region.tick(moment + day * DAY + timedelta(hours=1))
            figures.add(region.value("absence_employees", sector="ziekenhuis"))
    assert max(figure for figure in figures if figure is not None) <= 2000


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


def test_readings_of_other_columns_are_no_total():
    region = Days()

    def patients(moment):
        return beds(
            moment,
            location="RCPS",
            source="rcps",
            readings=[BedReading(unit="ward", label="total", occupied=400)],
        )

    region.live(3, at("A", 50), patients)
    assert region.value("beds_occupied", unit="ward", label="all") == 400
    assert region.value("beds_occupied", unit="ic", label="all") == 50


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


def test_who_was_heard_of_something_too_old_to_be_held_is_nobody_new():
    region = Days()
    region.live(1, at("A", 50))
    region.tell(ic(60, at=MONDAY + DAY, location="B"))
    region.tick(MONDAY + 400 * DAY)
    assert region.partition.regions["R07"].speakers.by_location == {}
    region.tell(ic(60, at=MONDAY + 400 * DAY, location="B"))
    region.tick(MONDAY + 400 * DAY + timedelta(hours=1))
    assert region.value("beds_occupied", unit="ic", label="all") == 60
