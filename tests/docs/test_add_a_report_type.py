"""docs/report-type.md is carried out as it stands, in a copy of the tree; then each place is forgotten, one by one."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("streams", "alerts", "agents", "dashboards", "deploy")
PAGE = (ROOT / "docs/report-type.md").read_text("utf-8")
PLACES = {
    "".join(re.findall("`(.+?)`", heading)): re.findall(
        r"^```diff\n(.*?)^```$", section, re.MULTILINE | re.DOTALL
    )
    for heading, section in re.findall(r"^## \d\. ([^\n]+)\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL)
}
"""The blocks of each place, by its file."""

REPORT, REGISTERED, INDICATORS, FOLD, FOLDINGS, NORMS, TEXTS = PLACES

REPORTED = """
import json
from alerts.norms import load_norms
from alerts.texts import load_texts
from agents.partition_image import PartitionImage
from agents.pipeline import Pipeline
from dashboards.board.catalogue import page_catalogue
from dashboards.board.state import BoardState
from deploy.reference.topics import topics_markdown
from streams.recording import Record

norms = load_norms()
texts = load_texts(norms)
pipeline = Pipeline(norms)
AT = 1_637_000_000  # Monday 15 November 2021
sent = 0


def send(late=60, region="R07", week="2021-11-08", **own):
    global sent
    sent += 1
    row = {"ride": "A1", "rides": 1000, "late": late} | own
    rows = [row] * row.pop("times", 1)
    report = {
        "id": str(sent), "source": "meldkamer", "region": region, "location": f"dienst {sent}",
        "observed_at": "2021-11-15T10:00:00Z", "received_at": "2021-11-15T10:00:00Z",
        "week_start": week, "rows": rows,
    }
    pipeline.receive(Record("care.ambulance", region.encode(), AT * 1000, (), json.dumps(report).encode()))


send()
send()
for wrong in (
    {"week": "2099-11-02"},
    {"week": "2021-11-09"},
    {"late": 1001},
    {"rides": 10_001},
    {"ride": "A9"},
    {"patient": "x"},
    {"times": 2},
):
    send(**wrong)
send(region="NL", rides=10_001)
transitions = pipeline.tick(AT)
board = BoardState(load_norms(), behind_seconds=150)
for overview in pipeline.overviews.values():
    board.overview(overview, now=AT)
for transition in transitions:
    board.transition(transition, now=AT)
fold = pipeline.partitions["care.ambulance"]
catalogue = page_catalogue(norms, texts)
region = board.document(AT)["regions"]["R07"]
print(json.dumps({
    "refused": [str(refusal) for _, refusal in pipeline.refused],
    "transitions": [[one.region, one.norm, one.state] for one in transitions],
    "breaches": [catalogue["norms"][one["norm"]]["short"] for one in region["breaches"]],
    "fresh": [one["fresh_seconds"] for one in region["indicators"] if one["name"] == "ambulance_late_ratio"],
    "called": catalogue["topics"]["care.ambulance"],
    "topics": topics_markdown(),
    "taken up": PartitionImage().restore(PartitionImage().changed(fold)) == fold,
}))
"""


def carry_out(block: str, text: str) -> str:
    """Return a file with what a block says: its new lines where its old ones stand, or at the end."""
    lines = block.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] in " -")
    after = "".join(line[1:] for line in lines if line[0] in " +")
    if not before:
        return text + "\n" * bool(text) + after
    assert text.count(before) == 1, f"not once in the file:\n{before}"
    return text.replace(before, after)


def played(folder: Path, *, without: str = "", instead: tuple[str, str, str] = ("", "", "")):
    """Carry the page out in a copy, but for one place or with one other line, and send reports."""
    for floor in FLOORS:
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / floor, folder / floor, ignore=leave)
    for name, blocks in PLACES.items():
        file = folder / name
        for block in blocks if name != without else ():
            file.write_text(carry_out(block, file.read_text("utf-8") if file.exists() else ""), "utf-8")
    name, line, other = instead
    if name:
        text = (folder / name).read_text("utf-8")
        assert text.count(line) == 1, line
        (folder / name).write_text(text.replace(line, other), "utf-8")
    return subprocess.run(
        [sys.executable, "-c", REPORTED],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_page_names_no_more_than_seven_places_and_architecture_names_the_same():
    assert len(PLACES) <= 7
    section = (ROOT / "docs/architecture.md").read_text("utf-8").partition("\n## Add a report type\n")[2]
    table = section.partition("\n## ")[0]
    for name in PLACES:
        new = not (ROOT / name).exists()
        assert (f"`{Path(name).parent}/`" if new else f"`{name}`") in table, name


def test_a_new_type_goes_from_bytes_to_a_breach_on_the_page(tmp_path):
    done = played(tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert ["R07", "ambulance-late", "active"] in found["transitions"]
    assert found["breaches"] == ["ambulances te laat"]
    assert found["fresh"] == [20 * 86_400]
    assert found["called"] == "Ambulances"
    assert found["taken up"]
    assert "| `care.ambulance` | 1 |" in found["topics"]
    assert "`AmbulanceReport`: Rides of one ambulance service in one week." in found["topics"]
    wanted = ("`week_start` is 2099-11-02", "must be a Monday", "`late` must not be", "`rows[0].rides` is 10001", "A9", "unknown field", "`rows[1]` is about ride 'A1'")  # fmt: skip
    assert len(found["refused"]) == len(wanted)
    for words, refusal in zip(wanted, found["refused"], strict=True):
        assert words in refusal


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (REPORT, "No module named 'streams.reports.ambulance'"),
        (
            REGISTERED,
            "indicators of ['care.ambulance']: no report type in `REPORT_TYPES` declares that topic",
        ),
        (INDICATORS, "`ambulance_late_ratio` is unknown"),
        (FOLD, "No module named 'agents.domain.weekly.ambulance'"),
        (FOLDINGS, "KeyError: 'care.ambulance'"),
        (NORMS, "parameter ambulance-kept"),
        (TEXTS, "ambulance-late"),
    ],
)
def test_a_place_that_is_forgotten_is_an_error(tmp_path, place, words):
    done = played(tmp_path, without=place)
    assert done.returncode != 0
    assert words in done.stderr.splitlines()[-1]


WEEKLY = "class AmbulanceReport(WeeklyReport,"
PLAIN = (
    "from streams.reports.report import Report\nfrom datetime import date\n\n\nclass AmbulanceReport(Report,"
)


@pytest.mark.parametrize(
    ("place", "line", "other", "words"),
    [
        (REPORT, "        cadence=WEEKLY,\n", "", "missing 1 required keyword-only argument: 'cadence'"),
        (REPORT, '        stands="ambulance-stands",\n', "", "missing 1 required keyword-only argument: 'stands'"),
        (REPORT, '        called="Ambulances",\n', "", "'called'"),
        (REPORT, '        labels={"ride": get_args(Ride)},\n', "", "'labels'"),
        (REPORT, '{"ride": get_args(Ride)}', "{}", "norm ambulance-late, `labels`: no report type of `care.ambulance` declares the values of `ride`"),
        (REPORT, '        day="week_start",\n', "", "'day'"),
        (REPORT, 'day="week_start"', 'day="observed_at"', "could lie in 2099"),
        (REPORT, "    rows: Annotated", "    until: __import__('datetime').date\n    rows: Annotated", "could lie in 2099"),
        (REPORT, "    late: Count\n", "    late: Count\n    until: __import__('datetime').date | None = None\n", "could lie in 2099"),
        (REPORT, "limits={EVERY:", 'limits={"ic":', "declares limits by ['ic']"),
        (REPORT, '        subject=("ride",),\n', "", "declares [] as the subject of its rows, which have ['ride', 'rides', 'late']"),
        (REPORT, 'subject=("ride",)', 'subject=("rit",)', "say which fields tell two rows apart"),
        (REPORT, "        labels=", '        rows="lines",\n        labels=', "has no `lines`"),
        (REPORT, '            "ambulance-held": (185, 742),\n', "", "parameter ambulance-held, `name`: unknown"),
        (REPORT, '"late": RIDES', '"lat": RIDES', "declares limits of ['lat'], which it does not count"),
        (REPORT, 'topic="care.ambulance"', 'topic="care.absence"', "declares care.absence, as AbsenceReport does"),
        (REPORT, "    declared: ClassVar[Declaration] =", "    said: ClassVar[Declaration] =", "declares nothing"),
        (REPORT, WEEKLY, PLAIN, "its dates are []"),
        (NORMS, 'ride = "A1"', 'ride = "A9"', "norm ambulance-late, `labels`: `ride` is `A9`; one of A1, A2"),
        (NORMS, 'name = "ambulance-stands"\nvalue = 20', 'name = "ambulance-stands"\nvalue = 35', "parameter ambulance-stands, `value`: `35.0`; a number from 6 to 34"),
    ],
)  # fmt: skip
def test_what_is_not_said_or_said_wrong_is_an_error(tmp_path, place, line, other, words):
    done = played(tmp_path, instead=(place, line, other))
    assert done.returncode != 0
    assert words in done.stderr.splitlines()[-1]
