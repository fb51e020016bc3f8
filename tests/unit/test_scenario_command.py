"""`ketenwacht simulate`: what it writes, what it says, how it ends."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.scenarios import SCENARIOS
from streams.recording import read_recording


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["simulate", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_a_scenario_becomes_a_recording_with_its_truth_in_the_header(tmp_path: Path):
    recording = tmp_path / "golf.jsonl.gz"
    code, out, _ = run("najaarsgolf", "--seed", 3, "-o", recording, "--json")
    summary = json.loads(out)
    header, records = read_recording(recording)
    assert code == 0
    assert summary["seed"] == 3
    assert summary["records"] == sum(1 for _ in records)
    assert summary["truth"] == len(header.truth) > 40
    assert header.origin == "simulate najaarsgolf --seed 3"
    assert header.tick_seconds == 10_800
    assert set(header.truth[0]) == {"region", "norm", "state", "at_earliest", "at_latest", "scope"}


def test_the_recording_is_named_after_the_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("rustig")
    assert code == 0
    assert (tmp_path / "rustig.jsonl.gz").exists()
    assert "0 transitions must come" in out


def test_the_list_names_every_scenario():
    lines = run("--list")[1].splitlines()
    assert [line.split()[0] for line in lines] == list(SCENARIOS)
    assert all(len(line.split()) > 5 for line in lines)
    rows = json.loads(run("--list", "--json")[1])
    assert [row["scenario"] for row in rows] == list(SCENARIOS)
    assert rows[0]["begin"] == "2021-10-01"
    assert rows[0]["end"] == "2021-12-15"


@pytest.mark.parametrize("arguments", [(), ("zomergolf",)])
def test_without_a_known_scenario_it_ends_with_2_and_names_them(arguments: tuple[str, ...]):
    code, _, err = run(*arguments)
    assert code == 2
    assert "najaarsgolf, rustig" in err


def test_a_recording_that_cannot_be_written_ends_with_2(tmp_path: Path):
    assert run("rustig", "-o", tmp_path / "no" / "folder.jsonl")[0] == 2
