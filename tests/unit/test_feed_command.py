"""`ketenwacht import`: what it writes, what it says, how it ends."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from streams.recording import read_recording

HEADER = "Datum,IC_Bedden_COVID,IC_Bedden_Non_COVID,Kliniek_Bedden,IC_Nieuwe_Opnames_COVID,Kliniek_Nieuwe_Opnames_COVID\n"


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "covid-19-datafeed.csv"
    path.write_text(HEADER + "2-1-2021,3,3,3,3,3\n1-1-2021,1,1,1,1,1\n" + "3-1-2021,x,1,1,1,1\n" * 12)
    return path


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["import", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_a_file_becomes_a_recording_in_order_of_time_with_the_same_bytes_each_time(
    feed: Path, tmp_path: Path
):
    first, second = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.gz"
    assert run("lcps-datafeed", feed, "-o", first)[0] == 0
    assert run("lcps-datafeed", feed, "-o", second)[0] == 0
    assert first.read_bytes() == second.read_bytes()
    header, records = read_recording(first)
    assert header.tick_seconds == 21_600
    assert header.origin == "import lcps-datafeed covid-19-datafeed.csv"
    stamps = [record.timestamp for record in records]
    assert len(stamps) == 2
    assert stamps == sorted(stamps)


def test_the_recording_is_named_after_the_file_in_the_current_folder(
    feed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert run("lcps-datafeed", feed)[0] == 0
    assert [path.name for path in folder.iterdir()] == ["covid-19-datafeed.jsonl.gz"]


def test_the_json_summary_adds_up(feed: Path, tmp_path: Path):
    recording = tmp_path / "r.jsonl.gz"
    code, out, _ = run("lcps-datafeed", feed, "-o", recording, "--json")
    summary = json.loads(out)
    assert code == 0
    assert summary["rows"] == summary["imported"] + len(summary["refused"]) == 14
    assert summary["refused"][0]["line"] == 4
    assert summary["records"] == 2
    assert summary["recording"] == str(recording)


def test_the_first_refused_rows_are_shown_and_a_file_takes_them_all(feed: Path, tmp_path: Path):
    refused = tmp_path / "refused.jsonl"
    code, out, err = run("lcps-datafeed", feed, "-o", tmp_path / "r.jsonl", "--refused", refused)
    assert code == 0
    assert "14 rows = 2 imported + 12 refused" in out
    assert "line 4 refused: IC_Bedden_COVID is `x`" in err
    assert "and 2 more" in err
    assert [json.loads(line)["line"] for line in refused.read_text().splitlines()] == list(range(4, 16))


def test_a_file_of_which_nothing_can_be_imported_ends_with_1_and_leaves_no_recording(tmp_path: Path):
    feed = tmp_path / "feed.csv"
    feed.write_text(HEADER + "1-1-2021,,,,,\n")
    recording = tmp_path / "r.jsonl.gz"
    code, out, _ = run("lcps-datafeed", feed, "-o", recording, "--json")
    assert code == 1
    assert json.loads(out)["recording"] is None
    assert not recording.exists()


def test_another_feed_ends_with_1_and_says_what_was_expected(feed: Path, tmp_path: Path):
    code, _, err = run("nice-vr", feed, "-o", tmp_path / "r.jsonl.gz")
    assert code == 1
    assert "not a nice-vr file" in err
    assert "Date_of_statistics" in err


def test_an_unknown_kind_ends_with_2_and_lists_the_kinds(feed: Path):
    code, _, err = run("rivm", feed)
    assert code == 2
    for kind in ("lcps-datafeed", "nice-vr", "coronadashboard-nl", "nza-wachttijden-ggz"):
        assert kind in err


def test_a_missing_file_ends_with_2(tmp_path: Path):
    code, _, err = run("nice-vr", tmp_path / "nothing.csv")
    assert code == 2
    assert "nothing.csv: cannot be read" in err


def test_a_recording_that_cannot_be_written_ends_with_2(feed: Path, tmp_path: Path):
    code, _, err = run("lcps-datafeed", feed, "-o", tmp_path / "no" / "such" / "folder.jsonl")
    assert code == 2
    assert "cannot be written" in err


def test_the_file_itself_is_never_overwritten(feed: Path):
    before = feed.read_bytes()
    code, _, err = run("lcps-datafeed", feed, "-o", feed)
    assert code == 2
    assert "is the file itself" in err
    assert feed.read_bytes() == before
