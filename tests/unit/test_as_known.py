"""`status --as-of --day`: the figures of a day as they were known then, and who revised them; what was judged stays."""

from datetime import date, timedelta
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from streams.control import CONTROL_KEY, encode_control
from streams.recorded_log import PartitionLog, Recorded, write_log
from streams.recording import Record, RecordingHeader, write_recording
from streams.registry.applied import registry_controls
from streams.registry.load import load_registry
from streams.reports import BedReading
from streams.topics import OCCUPANCY, REPORT_TOPICS
from tests.support.reports import MONDAY, beds, ic, operations, production, record, waits

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HEADER = RecordingHeader(name="proef", tick_seconds=3600)


def ketenwacht(*words: object, exit_code: int = 0):
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == exit_code, (result.output, result.exception)
    return result


def made(tmp_path: Path, *reports) -> Path:
    path = tmp_path / "log.jsonl"
    write_recording(path, HEADER, [record(one) for one in reports])
    return path


def known(path: Path, as_of: str, *words: object) -> dict:
    return orjson.loads(ketenwacht("status", "--recording", path, "--as-of", as_of, *words, "--json").stdout)


def figure(document: dict, name: str, region: str = "R07", **labels: str) -> dict:
    (found,) = [
        one
        for one in document["regions"][region]["indicators"]
        if one["name"] == name and one["labels"].items() >= labels.items()
    ]
    return found


def said(document: dict, figure: str, region: str = "R07") -> list[list]:
    return [
        [[each["revision"], each["value"], each["said_at"]] for each in one["said"]]
        for one in document["regions"][region]["revisions"]
        if one["figure"] == figure
    ]


@pytest.fixture
def revised(tmp_path) -> Path:
    """A full IC on Monday, corrected on Tuesday and again on Friday; other figures on Wednesday."""
    return made(
        tmp_path,
        ic(97),
        ic(60, revision=1, received=MONDAY + DAY),
        ic(50, at=MONDAY + 2 * DAY),
        ic(62, revision=2, received=MONDAY + 4 * DAY),
    )


@pytest.mark.parametrize(
    ("as_of", "occupied", "revisions"),
    [
        ("2021-11-15T20:00", 97, 1),
        ("2021-11-16T12:00", 97, 1),
        ("2021-11-16T13:00", 60, 2),
        ("2021-11-19T12:59", 60, 2),
        ("2021-11-19T13:00", 62, 3),
    ],
)
def test_a_day_has_the_figures_and_the_revisions_that_were_known_by_then(revised, as_of, occupied, revisions):
    document = known(revised, as_of, "--day", "2021-11-15")
    found = figure(document, "beds_occupied", unit="ic", label="all")
    assert found["value"] == occupied
    assert found.get("known_then", found["value"]) == 97
    assert figure(document, "occupancy_ratio")["value"] == occupied / 100
    every = [
        [0, 97, "2021-11-15T12:00:00Z"],
        [1, 60, "2021-11-16T12:00:00Z"],
        [2, 62, "2021-11-19T12:00:00Z"],
    ]
    assert said(document, "occupied") == [every[:revisions]]
    assert said(document, "staffed") == [[[0, 100, "2021-11-15T12:00:00Z"]]]
    assert document["day"] == "2021-11-15"
    assert document["norms"]


def test_what_was_judged_on_the_day_stays(tmp_path):
    path = made(
        tmp_path,
        ic(97),
        ic(97, at=MONDAY + HOUR),
        ic(10, revision=1, at=MONDAY + HOUR, received=MONDAY + DAY),
    )
    on_the_day = orjson.loads(
        ketenwacht("status", "--recording", path, "--at", "2021-11-15T23:59:49", "--json").stdout
    )
    later = known(path, "2021-11-17", "--day", "2021-11-15")
    region, then = later["regions"]["R07"], on_the_day["regions"]["R07"]
    assert then["breaches"]
    for key in ("breaches", "state"):
        assert region[key] == then[key]
    assert figure(later, "beds_occupied", unit="ic", label="all")["value"] == 10


def test_without_a_day_it_is_that_of_the_moment(revised):
    document = known(revised, "2021-11-17T14:00")
    assert (document["day"], document["as_of"]) == ("2021-11-17", "2021-11-17T13:00:00Z")
    at = orjson.loads(
        ketenwacht("status", "--recording", revised, "--at", "2021-11-17T14:00", "--json").stdout
    )
    for name, region in document["regions"].items():
        del region["revisions"]
        assert region == at["regions"][name]


def test_a_figure_that_a_revision_leaves_out_is_withdrawn(tmp_path):
    both = [BedReading(unit=unit, label="total", occupied=50, staffed=100) for unit in ("ic", "ward")]
    path = made(tmp_path, beds(readings=both), ic(51, revision=1, received=MONDAY + DAY))
    document = known(path, "2021-11-17", "--day", "2021-11-15")
    ward = figure(document, "beds_occupied", unit="ward", label="all")
    assert (ward["value"], ward["known_then"]) == (None, 50)
    assert sorted(said(document, "occupied"), key=str) == [
        [[0, 50, "2021-11-15T12:00:00Z"], [1, 51, "2021-11-16T12:00:00Z"]],
        [[0, 50, "2021-11-15T12:00:00Z"], [1, None, "2021-11-16T12:00:00Z"]],
    ]


def test_a_week_and_a_peildatum_are_shown_on_the_days_that_they_hold_for(tmp_path):
    week = date(2021, 11, 8)
    path = made(
        tmp_path,
        production(operations(10, "U4", 50), at=MONDAY, week=week),
        production(operations(12, "U4", 50), at=MONDAY + DAY, week=week),
        waits([20], at=MONDAY - 20 * DAY),
        waits([30], at=MONDAY - 6 * DAY),
        waits([40], at=MONDAY + DAY),
    )
    document = known(path, "2021-11-20", "--day", "2021-11-10")
    assert said(document, "count") == [[[0, 12, "2021-11-16T12:00:00Z"]]]
    assert said(document, "days") == [[[0, 30, "2021-11-09T12:00:00Z"]]]
    assert said(known(path, "2021-11-20", "--day", "2021-11-07"), "count") == []


def test_what_was_refused_is_no_revision(tmp_path):
    path = tmp_path / "log.jsonl"
    own = {
        "line": "source", "id": "sim-beds", "publisher": "proef", "topics": [OCCUPANCY], "locations": ["any"],
        "owner": "beheer", "date": "2021-11-01",
    }  # fmt: skip
    header = RecordingHeader(name="proef", tick_seconds=3600, registry=[own])
    stranger = ic(99, source="stranger")
    write_recording(path, header, [record(ic(50)), record(stranger)])
    document = known(path, "2021-11-20", "--day", "2021-11-15")
    assert {one["source"] for one in document["regions"]["R07"]["revisions"]} == {"sim-beds"}


def test_a_log_as_it_stood_gives_the_same_and_leaves_out_what_was_skipped(tmp_path, revised):
    reports = [
        record(one)
        for one in (
            ic(97),
            ic(88, revision=7, received=MONDAY + HOUR),
            ic(60, revision=1, received=MONDAY + DAY),
            ic(50, at=MONDAY + 2 * DAY),
            ic(62, revision=2, received=MONDAY + 4 * DAY),
        )
    ]
    logs = {topic: PartitionLog(topic, 0) for topic in REPORT_TOPICS}
    noon = int(MONDAY.timestamp())
    waiting = list(enumerate(reports))
    for at in range(noon, noon + 5 * 86_400, 3600):
        while waiting and waiting[0][1].timestamp <= at * 1000:
            offset, one = waiting.pop(0)
            logs[OCCUPANCY].items.append(Recorded(one, offset))
        for log in logs.values():
            log.tick(at)
    path = tmp_path / "as-it-stood.jsonl.gz"
    header = RecordingHeader(name="proef", tick_seconds=3600, skipped={f"{OCCUPANCY}/0": [1]})
    write_log(path, header, list(logs.values()))
    for as_of in ("2021-11-16T12:00", "2021-11-16T20:00", "2021-11-19T13:00"):
        one, other = (known(each, as_of, "--day", "2021-11-15") for each in (path, revised))
        assert one["regions"]["R07"]["revisions"] == other["regions"]["R07"]["revisions"]
        for name in ("beds_occupied", "occupancy_ratio"):
            assert figure(one, name)["value"] == figure(other, name)["value"]


def test_for_people_it_names_what_was_corrected_and_by_whom(revised):
    told = ketenwacht("status", "--recording", revised, "--as-of", "2021-11-18", "--day", "2021-11-15").stdout
    assert "stand van 2021-11-15T22:59:59Z, 2021-11-15 zoals bekend op 2021-11-17T23:00:00Z" in told
    assert "     bijgesteld: occupancy_ratio{unit=ic}: toen 0.97, nu 0.6" in told
    assert (
        "     herzien: care.occupancy: A occupied{unit=ic,label=total} van 2021-11-15T12:00:00Z, bron sim-beds: "
        "97 (revisie 0, 2021-11-15T12:00:00Z) -> 60 (revisie 1, 2021-11-16T12:00:00Z)" in told
    )


@pytest.mark.parametrize(
    "words",
    [
        ("--as-of", "2021-11-18", "--at", "2021-11-18"),
        ("--day", "2021-11-15"),
        ("--as-of", "2021-11-15T12:00", "--day", "2021-11-16"),
        ("--as-of", "2021-11-15T12:00", "--day", "maandag"),
        ("--as-of", "gisteren"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(revised, words):
    ketenwacht("status", "--recording", revised, *words, exit_code=2)


def test_a_registry_that_came_later_holds_for_what_was_said_after_it(tmp_path):
    own = tmp_path / "own.jsonl"
    line = {
        "line": "source", "id": "another", "publisher": "proef", "topics": [OCCUPANCY], "locations": ["any"],
        "owner": "beheer", "date": "2021-11-01",
    }  # fmt: skip
    own.write_bytes(orjson.dumps(line) + b"\n")
    at = int((MONDAY + DAY).timestamp())
    controls = [
        Record(OCCUPANCY, CONTROL_KEY, at * 1000, (), encode_control(one))
        for one in registry_controls(load_registry(str(own)), at)
    ]
    before, after = (
        record(ic(60 + days, revision=days, received=MONDAY + days * DAY - HOUR)) for days in (1, 2)
    )
    path = tmp_path / "log.jsonl"
    write_recording(path, HEADER, [record(ic(97)), before, *controls, after])
    document = known(path, "2021-11-20", "--day", "2021-11-15")
    assert figure(document, "beds_occupied", unit="ic", label="all")["value"] == 61
    assert [[each[1] for each in one] for one in said(document, "occupied")] == [[97, 61]]


def test_what_came_too_late_for_its_own_time_counts_when_the_day_is_looked_at_later(tmp_path):
    path = made(
        tmp_path, ic(97), ic(50, at=MONDAY + 99 * DAY), ic(60, revision=1, received=MONDAY + 99 * DAY)
    )
    assert orjson.loads(ketenwacht("backtest", path).stderr.splitlines()[-1])["late"] == 1
    document = known(path, "2022-03-01", "--day", "2021-11-15")
    assert figure(document, "beds_occupied", unit="ic", label="all")["value"] == 60
    assert len(said(document, "occupied")[0]) == 2
