"""Vintages of public files, imported and looked at as they were known: each counts from its own publication on."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from agents.as_known import AsKnown
from agents.pipeline import Pipeline
from alerts.norms import load_norms
from deploy.cli.main import app
from streams.calendar import AMSTERDAM, day_number
from streams.feeds.nice_vr import read

DAY = date(2021, 5, 27)
HEADER = "Date_of_report;Date_of_statistics;Security_region_code;Hospital_admission_notification;Hospital_admission"


def ketenwacht(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.stdout


def known(recording: Path, as_of: str) -> tuple[list[int], list[list]]:
    """Admissions of a week in the Flevoland network and what was said of the day, as known at a moment."""
    words = ("status", "--recording", recording, "--as-of", as_of, "--day", DAY, "--json")
    region = orjson.loads(ketenwacht(*words))["regions"]["R09"]
    admitted = [one["value"] for one in region["indicators"] if one["name"] == "admissions_7d"]
    said = [
        [each["revision"], each["value"]]
        for one in region["revisions"]
        if one["figure"] == "admissions"
        for each in one["said"]
    ]
    return admitted, said


def test_rivm_vintages_are_known_from_their_own_file_on(tmp_path):
    rows = [
        f"{made} 10:00:00;{DAY - timedelta(days=back)};VR25;0;{number}"
        for made, number in (("2021-05-28", 2), ("2021-05-29", 5), ("2021-06-02", 9))
        for back in range(7)
    ]
    file, recording = tmp_path / "rivm.csv", tmp_path / "rivm.jsonl.gz"
    file.write_text("\n".join([HEADER, *rows]), "utf-8")
    ketenwacht("import", "nice-vr", file, "-o", recording)
    assert known(recording, "2021-05-28T10:00") == ([14], [[0, 2]])
    assert known(recording, "2021-05-29T09:59") == ([14], [[0, 2]])
    assert known(recording, "2021-05-29T10:00") == ([35], [[0, 2], [1, 5]])
    assert known(recording, "2021-06-01") == ([35], [[0, 2], [1, 5]])
    assert known(recording, "2021-06-02T10:00") == ([63], [[0, 2], [1, 5], [2, 9]])


def test_vintages_of_the_dashboard_are_known_from_their_insertion_on(tmp_path):
    at = int(datetime(2021, 5, 27, tzinfo=AMSTERDAM).timestamp()) + 7200
    values = [
        {"date_unix": at, "beds_occupied_covid": beds, "date_of_insertion_unix": at + days * 86_400}
        for beds, days in ((12, 4), (10, 1))
    ]
    file, recording = tmp_path / "VR25.json", tmp_path / "dashboard.jsonl.gz"
    file.write_text(json.dumps({"code": "VR25", "hospital_lcps": {"values": values}}), "utf-8")
    ketenwacht("import", "coronadashboard-nl", file, "-o", recording)
    for as_of, expected in (("2021-05-29", [10]), ("2021-05-31T01:59", [10]), ("2021-05-31T02:00", [12])):
        words = ("status", "--recording", recording, "--as-of", as_of, "--day", DAY, "--json")
        region = orjson.loads(ketenwacht(*words))["regions"]["R09"]
        beds = [
            one["value"]
            for one in region["indicators"]
            if one["name"] == "beds_occupied" and one["labels"]["label"] == "all"
        ]
        assert beds == expected, as_of


VINTAGES = st.dictionaries(
    st.integers(1, 12), st.lists(st.integers(0, 50), min_size=7, max_size=7), min_size=2, max_size=5
)
"""By how many days after the day a file was made: admissions of the day and the six before it."""


@settings(max_examples=30, deadline=None)
@given(VINTAGES, st.integers(0, 14), st.randoms(use_true_random=False))
def test_a_day_is_what_the_newest_file_made_by_then_said_of_it(vintages, days, chance):
    rows = [
        f"{DAY + timedelta(days=later)} 10:00;{DAY - timedelta(days=back)};VR25;0;{number}"
        for later, numbers in vintages.items()
        for back, number in enumerate(numbers)
    ]
    chance.shuffle(rows)
    result = read("\n".join([HEADER, *rows]).encode())
    assert result.imported == len(rows)
    records = sorted(result.records, key=lambda record: record.timestamp)
    as_of = int(datetime(2021, 5, 27, 12, tzinfo=AMSTERDAM).timestamp()) + days * 86_400
    document = AsKnown(Pipeline(load_norms()), as_of, day_number(DAY)).play(records, 21_600)
    found = [one for one in document["regions"]["R09"]["indicators"] if _name(one) == "admissions_7d"]
    oldest = min(
        vintages
    )  # what it says was known before: as of any file of one vintage, at 15:00 on the day after
    made = [later for later in vintages if later <= days or (later == oldest and days >= 2)]
    if not made:
        assert document["regions"]["R09"]["revisions"] == []
        return
    (sum_of_week,) = found
    value = sum_of_week["value"] if isinstance(sum_of_week, dict) else sum_of_week.value
    assert value == sum(vintages[max(made)])


def _name(one) -> str:
    return one["name"] if isinstance(one, dict) else one.name
