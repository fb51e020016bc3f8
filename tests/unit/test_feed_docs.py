"""docs/feeds.md and docs/scenarios.md say what the code does."""

import csv
import re
from pathlib import Path

from deploy.scenarios import SCENARIOS
from streams.feeds import FEEDS
from streams.feeds.coronadashboard_nl import read as read_dashboard
from streams.feeds.lcps_datafeed import LAYOUTS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "feeds.md").read_text("utf-8")


def test_every_kind_has_a_chapter():
    assert set(re.findall(r"^## ([a-z-]+)$", TEXT, re.MULTILINE)) == set(FEEDS)


def test_every_layout_of_the_datafeed_is_described():
    assert all(f"| {name} (" in TEXT for name in LAYOUTS)


def test_the_assumed_networks_are_those_of_the_file():
    with (ROOT / "streams" / "places.csv").open(encoding="utf-8") as file:
        rows = [
            row for row in csv.DictReader(file) if row["kind"] == "municipality" and row["assumed_network"]
        ]
    told = {
        network: set(names.split(", "))
        for network, names in re.findall(r"^\| (R[0-9]{2}) [^|]+ \| ([^|]+) \|$", TEXT, re.MULTILINE)
    }
    held: dict[str, set[str]] = {}
    for row in rows:
        held.setdefault(row["assumed_network"], set()).add(row["place"])
    assert told == held
    assert f"the {len(rows)} municipalities in VR06 and VR13" in TEXT


def test_the_sources_of_the_dashboard_are_named():
    value = b'{"date_unix": 1622073600, "beds_occupied_covid": 1, "admissions_on_date_of_admission": 1}'
    for block in ("hospital_lcps", "intensive_care_lcps", "hospital_nice", "intensive_care_nice"):
        data = b'{"code": "NL", "%s": {"values": [%s]}}' % (block.encode(), value)
        (record,) = read_dashboard(data).records
        source = dict(record.headers)["ce_source"].decode().removeprefix("urn:ketenwacht:")
        assert f"`{source}`" in TEXT


def test_every_scenario_has_a_chapter():
    chapters = re.findall(
        r"^## ([a-z0-9-]+)$", (ROOT / "docs" / "scenarios.md").read_text("utf-8"), re.MULTILINE
    )
    assert set(chapters) == set(SCENARIOS)
