"""Scenarios: the same seed gives the same bytes, and only the records that are meant to be broken are."""

import collections
from itertools import pairwise
from pathlib import Path

import pytest

from alerts.norms import load_norms
from deploy.scenarios import SCENARIOS, Scenario
from deploy.scenarios.course import apportion, course
from deploy.scenarios.registry import NOBODY
from deploy.scenarios.scenario import local
from streams.calendar import iso, seconds
from streams.codec import RefusedError, decode_report
from streams.recording import Record, write_recording
from streams.regions import NL, ROAZ_IDS
from streams.registry.load import registry_of_recording
from streams.registry.registry import is_area
from streams.reports import OccupancyReport, PhaseChange
from streams.topics import REPORT_TOPICS

GOLF = SCENARIOS["najaarsgolf"]


@pytest.fixture(scope="module")
def golf() -> list[Record]:
    return GOLF.recording(1)[1]


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=list(SCENARIOS))
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(scenario: Scenario, tmp_path: Path):
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        header, records = scenario.recording(seed)
        write_recording(tmp_path / name, header, records)
    a, b, c = ((tmp_path / name).read_bytes() for name in "abc")
    assert a == b
    assert a != c


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=list(SCENARIOS))
def test_the_truth_is_the_same_for_every_seed_and_lies_within_the_scenario(scenario: Scenario):
    assert scenario.recording(1)[0].truth == scenario.recording(2)[0].truth
    for truth in scenario.truth:
        assert truth.at_earliest < truth.at_latest
        assert truth.at_earliest >= iso(seconds(local(scenario.begin)))
        assert truth.at_earliest <= f"{scenario.end}T23:59:59Z"


def test_every_norm_of_the_truth_exists_and_is_judged_in_that_region():
    norms = load_norms().by_id
    for truth in GOLF.truth:
        norm = norms[truth.norm]
        assert truth.region in norm.regions, truth
        assert bool(truth.scope) == bool(norm.split), truth
        assert [part.split("=")[0] for part in truth.scope.split(",") if part] == list(norm.split), truth
        assert truth.state in {"active", "resolved"}


def test_the_wave_has_the_size_and_the_topics_of_a_real_autumn(golf: list[Record]):
    assert 8_000 <= len(golf) <= 15_000
    assert {record.topic for record in golf} == set(REPORT_TOPICS)
    assert {(record.key or b"").decode() for record in golf} == {*ROAZ_IDS, NL, "R99"}


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=list(SCENARIOS))
def test_records_stand_in_the_order_in_which_they_became_known(scenario: Scenario):
    stamps = [record.timestamp for record in scenario.recording(3)[1]]
    assert stamps == sorted(stamps)


def test_only_the_broken_records_are_refused_each_for_its_own_reason(golf: list[Record]):
    reasons = collections.Counter()
    for record in golf:
        try:
            report = decode_report(record.topic, record.key, record.value)
        except RefusedError as refusal:
            reasons[refusal.reason] += 1
        else:
            assert report.observed_at <= report.received_at
    assert reasons == {
        "unknown-field": 2,
        "not-json": 2,
        "wrong-key": 1,
        "out-of-range": 1,
        "unknown-region": 1,
        "empty": 1,
        "impossible-time": 1,
    }


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=list(SCENARIOS))
def test_a_scenario_brings_the_registry_of_those_who_speak_and_of_nobody_else(scenario: Scenario):
    header, records = scenario.recording(1)
    registry = registry_of_recording(header.registry)
    assert registry is not None
    assert {line.owner for line in registry.lines} == {f"scenario {scenario.name}"}
    assert {line.date for line in registry.lines} == {scenario.begin}
    locations, sources = set(), set()
    for record in records:
        try:
            report = decode_report(record.topic, record.key, record.value)
        except RefusedError:
            continue
        if report.source != NOBODY:
            sources.add((report.source, record.topic))
            locations |= set() if is_area(report.location) else {(report.location, report.region)}
    assert {(one.id, topic) for one in registry.sources.values() for topic in one.topics} == sources
    assert {(one.name, one.network) for one in registry.locations.values()} == locations


def test_a_quiet_fortnight_has_no_broken_record():
    for record in SCENARIOS["rustig"].recording(1)[1]:
        decode_report(record.topic, record.key, record.value)


def reports(records: list[Record]) -> list[OccupancyReport]:
    found = []
    for record in records:
        try:
            report = decode_report(record.topic, record.key, record.value)
        except RefusedError:
            continue
        if isinstance(report, OccupancyReport):
            found.append(report)
    return found


def test_reports_are_repeated_corrected_late_and_out_of_order(golf: list[Record]):
    told = reports(golf)
    repeats = collections.Counter(report.id for report in told)
    assert sum(count > 1 for count in repeats.values()) > 20
    assert sum(report.revision > 0 for report in told) > 100
    delays = [(report.received_at - report.observed_at).total_seconds() / 3600 for report in told]
    assert sum(3 < hours < 42 for hours in delays) > 50
    last: dict[str, object] = {}
    backwards = 0
    for report in told:
        before = last.get(report.location)
        backwards += before is not None and report.observed_at < before  # type: ignore[operator]
        last[report.location] = report.observed_at
    assert backwards > 50


def test_one_region_is_silent_for_four_days(golf: list[Record]):
    received = sorted(report.received_at for report in reports(golf) if report.region == "R10")
    gaps = [(later - earlier).total_seconds() / 3600 for earlier, later in pairwise(received)]
    assert sum(gap > 24 for gap in gaps) == 1
    assert 94 < max(gaps) < 104


def test_one_morning_brings_a_flood_of_old_reports(golf: list[Record]):
    old = [report for report in reports(golf) if (report.received_at - report.observed_at).days >= 3]
    assert {report.region for report in old} == {"R06"}
    assert len({(report.location, report.observed_at) for report in old}) >= 72


def test_the_phases_of_the_autumn_come_in_order(golf: list[Record]):
    changes = []
    for record in golf:
        if record.topic == "care.coordination":
            event = decode_report(record.topic, record.key, record.value).event  # type: ignore[attr-defined]
            if isinstance(event, PhaseChange) and event.phase not in changes:
                changes.append(event.phase)
    assert changes == ["2B", "2C", "2D"]


def test_parts_always_add_up_to_the_whole():
    for total in range(60):
        parts = apportion(total, (0.4, 0.25, 0.2, 0.15))
        assert sum(parts) == total
        assert min(parts) >= 0


def test_a_course_runs_straight_between_its_days_and_level_outside():
    line = course(2021, {"10-01": 0.5, "10-11": 0.7})
    assert line.at(local(GOLF.begin)) == 0.5
    assert line.at(local(GOLF.begin.replace(day=6))) == pytest.approx(0.6)
    assert line.at(local(GOLF.end)) == 0.7
    assert line.at(local(GOLF.begin.replace(month=9))) == 0.5
