"""`ketenwacht backtest` and `status`: what scripts rely on is what is printed."""

from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from alerts.norms import load_norms
from deploy.cli.main import app
from streams.recording import Record, RecordingHeader, write_recording
from streams.regions import REGIONS
from streams.topics import OCCUPANCY
from tests.support.norm_files import file_text, norm_text
from tests.support.reports import MONDAY, ic, record, waits

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


def ketenwacht(*words: object, exit_code: int = 0):
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == exit_code, (result.output, result.exception)
    return result


@pytest.fixture
def recording(tmp_path) -> Path:
    """A full IC in R07 from noon on, that has room again after six hours; one repeat, one that is no report."""
    full = record(ic(95, at=MONDAY + HOUR))
    room = record(ic(50, at=MONDAY + 7 * HOUR))
    noise = Record(OCCUPANCY, b"R07", full.timestamp, (), b"\xff\x00")
    path = tmp_path / "full.jsonl.gz"
    header = RecordingHeader(name="proef", tick_seconds=3600)
    write_recording(path, header, [record(ic(60)), full, full, noise, room])
    return path


@pytest.fixture
def norms(tmp_path) -> Path:
    path = tmp_path / "norms.toml"
    path.write_text(file_text(norm_text(hold='"2h"', clear_hold='"0h"', applies_to='"regions"')), "utf-8")
    return path


def test_backtest_gives_a_line_for_each_transition_and_a_summary(recording, norms):
    result = ketenwacht("backtest", recording, "--norms", norms, "--json")
    lines = [orjson.loads(line) for line in result.stdout.splitlines()]
    keys = {"at", "region", "norm", "state", "value", "limit", "severity", "step", "episode"}
    assert all(keys <= line.keys() for line in lines)
    assert [(line["state"], line["at"], line["step"], line["value"]) for line in lines] == [
        ("pending", "2021-11-15T13:00:00Z", 0, 0.95),
        ("active", "2021-11-15T15:00:00Z", 1, 0.95),
        ("resolved", "2021-11-15T19:00:00Z", 1, 0.5),
    ]
    assert {line["episode"] for line in lines} == {"R07:ic-test:2021-11-15T13:00:00Z"}
    summary = orjson.loads(result.stderr.splitlines()[-1])
    assert summary == {
        "produced": 5, "applied": 3, "duplicate": 1, "late": 0, "dead_lettered": 1, "skipped": 0, "held_back": 0, "other": 0,
        "transitions": 3, "region_days": {"ic-test": {"judged": 1, "undecided": 0, "undecided_over": 0, "unknown": 0}}, "norms": load_norms(norms).digest, "registry": "open", "unknown_senders": 1,
    }  # fmt: skip


def test_a_record_of_a_misspelt_topic_is_counted_and_named(tmp_path):
    path = tmp_path / "slip.jsonl"
    slip = Record("care.ocupancy", b"R07", record(ic(95)).timestamp, (), b"{}")
    write_recording(path, RecordingHeader(name="proef", tick_seconds=3600), [record(ic(60)), slip])
    result = ketenwacht("backtest", path, "--json")
    summary = orjson.loads(result.stderr.splitlines()[-1])
    assert (summary["produced"], summary["other"]) == (1, 1)
    assert "1 records of `care.ocupancy` were not judged" in result.stderr


@pytest.mark.parametrize("timestamp", [-5, 4_102_444_800_000, 10**18, 10**40])
def test_a_record_from_an_impossible_time_is_named_without_a_traceback(tmp_path, timestamp):
    path = tmp_path / "time.jsonl"
    write_recording(path, RecordingHeader(name="proef", tick_seconds=3600), [record(ic(60))])
    told = path.read_bytes().replace(str(record(ic(60)).timestamp).encode(), str(timestamp).encode())
    path.write_bytes(told)
    for words in (
        ("backtest", path),
        ("status", "--recording", path),
        ("report", "R07", "--recording", path),
    ):
        assert "outside 1970...2100" in ketenwacht(*words, exit_code=1).stderr


def test_the_same_recording_gives_the_same_bytes(recording):
    assert (
        ketenwacht("backtest", recording, "--json").stdout
        == ketenwacht("backtest", recording, "--json").stdout
    )


def test_backtest_for_people_says_value_and_limit(recording, norms):
    assert "0.95 (limit 0.9 ratio)" in ketenwacht("backtest", recording, "--norms", norms).stdout


def test_status_is_as_known_at_that_moment(recording, norms):
    def at(moment: str) -> dict:
        words = ("status", "--recording", recording, "--norms", norms, "--at", moment, "--json")
        return orjson.loads(ketenwacht(*words).stdout)

    before, during, after = (
        at("2021-11-15T12:30:00Z"),
        at("2021-11-15T17:30:00+01:00"),
        at("2021-11-15T21:00"),
    )
    assert [one["at"] for one in (before, during, after)] == [
        "2021-11-15T12:30:00Z",
        "2021-11-15T16:30:00Z",
        "2021-11-15T20:00:00Z",  # without an offset: Dutch local time
    ]
    assert before["regions"].keys() == REGIONS.keys()
    region = during["regions"]["R07"]
    for one in region["indicators"]:
        known = {"name", "labels", "value", "unit", "observed_at", "completeness"}
        known |= {"expected", "counted", "carried", "expired", "oldest", "newest", "low", "high", "suspect"}
        assert one.keys() == known
    ratio = next(one for one in region["indicators"] if one["name"] == "occupancy_ratio")
    assert [ratio[key] for key in ("expected", "counted", "carried", "expired", "low")] == [1, 1, 0, 0, None]
    assert ratio["oldest"] == ratio["newest"] == ratio["observed_at"]
    assert (region["state"], before["regions"]["R07"]["state"]) == ("breach", "within")
    assert (ratio["value"], ratio["labels"], ratio["unit"]) == (0.95, {"unit": "ic"}, "ratio")
    (breach,) = region["breaches"]
    assert {"norm", "severity", "state", "value", "limit", "since", "step", "episode"} <= breach.keys()
    assert (breach["state"], breach["step"], breach["since"]) == ("active", 1, "2021-11-15T13:00:00Z")
    for other in (before, after):
        assert other["regions"]["R07"]["breaches"] == []


def test_status_for_people_says_what_each_breach_of_a_norm_is_about(tmp_path):
    path = tmp_path / "long.jsonl.gz"
    long = [
        waits([95], at=MONDAY + 14 * DAY * peildatum, access=access, location=access)
        for peildatum in (0, 1)
        for access in ("klinisch", "polikliniek")
    ]
    write_recording(path, RecordingHeader(name="lang", tick_seconds=3600), [record(each) for each in long])
    lines = ketenwacht("status", "--recording", path, "--at", "2021-12-01").stdout.splitlines()
    prolonged = [line.split()[-1] for line in lines if "treeknorm-prolonged" in line]
    assert prolonged == ["access=klinisch", "access=polikliniek"]


def test_status_names_who_is_silent_and_what_cannot_be_judged_because_of_it(tmp_path):
    path = tmp_path / "silent.jsonl.gz"
    told = [ic(60 if day == 1 else 100, at=MONDAY + day * DAY, location="A") for day in range(3)]
    told += [ic(80, at=MONDAY + day * DAY, location="B") for day in range(8)]
    write_recording(
        path,
        RecordingHeader(name="stil", tick_seconds=3600),
        [record(one) for one in sorted(told, key=lambda one: one.observed_at)],
    )

    words = ("status", "--recording", path, "--at", "2021-11-22T12:00")
    regions = orjson.loads(ketenwacht(*words, "--json").stdout)["regions"]
    lines = ketenwacht(*words).stdout.splitlines()

    named = [{"location": "A", "told_at": "2021-11-17T12:00:00Z", "partly": False}]
    assert regions["R07"]["silent"] == [{"topic": OCCUPANCY, "view": "missed", "count": 1, "named": named}]
    unjudged = {"norm": "ic-occupancy-high", "scope": "", "topics": [OCCUPANCY], "open": True, "over": True}
    assert unjudged in regions["R07"]["unjudged"]
    assert regions["R08"].keys() == {"state", "indicators", "breaches"}
    assert "     zwijgt: care.occupancy: A (laatste: 2021-11-17T12:00:00Z)" in lines
    assert "     niet te beoordelen: ic-occupancy-high" in lines
    assert "     niet te beoordelen, mogelijk over de grens: ward-occupancy-high" not in lines
    assert any(line.startswith("     niet te beoordelen, mogelijk over de grens: ") for line in lines)


def test_status_before_the_first_report_knows_nothing(recording):
    words = ("status", "--recording", recording, "--at", "2020-01-01", "--json")
    told = orjson.loads(ketenwacht(*words).stdout)
    nothing = {"state": "unknown", "indicators": [], "breaches": []}
    assert all(region == nothing for region in told["regions"].values())


@pytest.mark.parametrize("moment", ["yesterday", "0001-01-01", "9999-12-31T23:59:59-12:00", "2021-13-01"])
def test_a_moment_that_is_none_is_a_usage_error(recording, moment):
    ketenwacht("status", "--recording", recording, "--at", moment, exit_code=2)


def test_a_moment_thousands_of_years_on_is_refused_at_once(recording):
    told = ketenwacht("status", "--recording", recording, "--at", "9000-01-01", exit_code=1)
    assert "ticks" in told.stderr


def test_a_moment_without_a_recording_is_a_usage_error():
    ketenwacht("status", "--at", "2021-11-15T12:00", exit_code=2)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}\n", b"hello\n", b"\xff\xfe\n", b"\x1f\x8b", b"\x1f\x8b\x08\x00garbage" * 9],
    ids=["empty", "no header", "text", "binary", "half a gzip", "damaged gzip"],
)
def test_what_is_no_recording_is_said_without_a_traceback(tmp_path, content):
    path = tmp_path / "none.jsonl"
    path.write_bytes(content)
    told = ketenwacht("backtest", path, exit_code=1)
    assert "none.jsonl" in told.stderr


def test_a_damaged_recording_is_said_with_its_line(tmp_path, recording, norms):
    import gzip

    whole = gzip.decompress(recording.read_bytes())
    for number, line in enumerate(
        [
            b'{"topic":1}',
            b"[]",
            b"half",
            b'{"topic":"a","key":null,"timestamp":"x","headers":{},"value":null}',
        ]
    ):
        path = tmp_path / f"{number}.jsonl"
        path.write_bytes(whole + line + b"\n")
        assert "line 7" in ketenwacht("backtest", path, "--norms", norms, exit_code=1).stderr
    path = tmp_path / "flipped.jsonl.gz"
    packed = bytearray(recording.read_bytes())
    packed[len(packed) // 2] ^= 0xFF
    path.write_bytes(packed)
    ketenwacht("backtest", path, exit_code=1)


def test_wrong_files_and_words_have_their_exit_codes(tmp_path, recording):
    ketenwacht("backtest", tmp_path / "none.jsonl", exit_code=2)
    ketenwacht("backtest", exit_code=2)
    wrong = tmp_path / "norms.toml"
    wrong.write_text("version = 1\n", "utf-8")
    ketenwacht("backtest", recording, "--norms", wrong, exit_code=1)
    ketenwacht("backtest", recording, "--norms", tmp_path, exit_code=2)
    ketenwacht("no-such-command", exit_code=2)
