"""The integral monitor: the state at the end of a month, with null and a reason for what is not known."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from typer.testing import CliRunner

from agents.fold_reports import FoldReports
from agents.judge_status import JudgeStatus
from agents.sum_nation import SumNation
from alerts.norms import load_norms
from dashboards.reports.live import live_of
from dashboards.reports.monitor import monitor_document
from dashboards.reports.months import month_end, month_of, months_before
from dashboards.reports.recorded import play_months
from dashboards.reports.registry import load_registry
from deploy.cli.main import app
from streams.log_end import LogRecord
from streams.recording import RecordingHeader, write_recording
from streams.regions import REGIONS
from streams.replay import with_ticks
from streams.topics import REPORT_TOPICS
from tests.support.reports import ic, operations, production, record, referrals, waits
from tests.support.stages import consumed, on_status_log, through
from tests.unit.test_monitor_registry import OWN

NORMS = load_norms()
NOVEMBER = datetime(2021, 11, 29, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TICK = 6 * 3600


def told():
    """Beds and waits of R07 around the end of November 2021, production of R05, nothing of the others."""
    return [
        ic(60, at=NOVEMBER - 31 * DAY),
        ic(80, at=NOVEMBER),
        ic(91, at=NOVEMBER + 3 * DAY),
        waits([20, 40, 60], at=NOVEMBER - DAY, location="B"),
        referrals(90, 100, at=NOVEMBER, location="C"),
        production(operations(40, reference=50), at=NOVEMBER, region="R05", location="D"),
    ]


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "november.jsonl.gz"
    write_recording(path, RecordingHeader(name="proef", tick_seconds=TICK), [record(each) for each in told()])
    return path


def monitor(*words, exit_code=0):
    result = CliRunner().invoke(app, ["monitor", *map(str, words)])
    assert result.exit_code == exit_code, (result.output, result.exception)
    return result


def figure(document, number, region, name, **labels):
    """The one figure of an indicator in a region."""
    indicator = next(each for each in document["indicators"] if each["number"] == number)
    found = [
        each
        for each in indicator["regions"][region]
        if each["name"] == name and each["labels"].items() >= labels.items()
    ]
    assert len(found) == 1, found
    return found[0]


def test_a_month_is_told_as_it_was_known_at_its_end_in_dutch_time(recording):
    document = orjson.loads(monitor("--recording", recording, "--month", "2021-11", "--json").stdout)
    assert (document["month"], document["at"]) == ("2021-11", "2021-11-30T22:59:59Z")
    beds = figure(document, "9a", "R07", "occupancy_ratio", unit="ic")
    assert (beds["value"], beds["unit"], beds["observed_at"]) == (0.8, "ratio", "2021-11-29T12:00:00Z")
    assert (beds["completeness"], beds["source"], beds["reason"]) == (1.0, "sim-beds", None)


def test_without_a_month_the_one_in_which_the_recording_ends_is_told(recording):
    document = orjson.loads(monitor("--recording", recording, "--json").stdout)
    assert document["month"] == "2021-12"
    assert figure(document, "9a", "R07", "occupancy_ratio", unit="ic")["value"] == 0.91


def test_months_before_are_a_series_and_a_month_without_data_is_null(recording):
    words = ("--recording", recording, "--month", "2021-11", "--before", 2, "--json")
    document = orjson.loads(monitor(*words).stdout)
    series = figure(document, "9a", "R07", "occupancy_ratio", unit="ic")["series"]
    assert [(each["month"], each["value"]) for each in series] == [("2021-09", None), ("2021-10", 0.6)]
    assert series[1]["observed_at"] == "2021-10-29T12:00:00Z"


def test_what_is_not_known_is_null_with_the_reason_and_never_zero(recording):
    document = orjson.loads(monitor("--recording", recording, "--month", "2021-11", "--json").stdout)
    silent = figure(document, "9a", "R01", "occupancy_ratio", unit="ic")
    assert (silent["value"], silent["reason"]) == (None, "geen bron heeft hier iets over gemeld")
    assert (silent["observed_at"], silent["completeness"], silent["source"]) == (None, None, None)
    unsaid = figure(document, "9a", "R07", "occupancy_ratio", unit="ward")
    assert (unsaid["value"], unsaid["reason"]) == (None, "de bronnen melden dit niet")
    median = figure(document, "4", "NL", "wait_days_median", access="polikliniek")
    assert (median["value"], median["reason"]) == (
        None,
        "een landelijk cijfer volgt niet uit die van de regio's",
    )
    for indicator in document["indicators"]:
        for figures in indicator["regions"].values():
            for each in figures:
                assert (each["value"] is None) == (each["reason"] is not None), each


def test_every_indicator_is_told_of_every_region_and_the_country(recording):
    document = orjson.loads(monitor("--recording", recording, "--month", "2021-11", "--json").stdout)
    assert {each["number"] for each in document["indicators"]} >= {
        str(number) for number in (1, 2, 3, 4, 5, 6, 7, 8)
    }
    for indicator in document["indicators"]:
        assert list(indicator["regions"]) == list(REGIONS)
        assert len({len(figures) for figures in indicator["regions"].values()}) == 1


def test_a_pattern_shows_the_values_that_are_known_anywhere(recording):
    document = orjson.loads(monitor("--recording", recording, "--month", "2021-11", "--json").stdout)
    over = figure(document, "3", "R07", "waits_over_treeknorm", access="polikliniek")
    assert over["value"] == 2
    assert figure(document, "3", "R05", "waits_over_treeknorm", access="polikliniek")["value"] is None


def test_production_says_that_it_is_regular_and_catch_up_care_together(recording):
    document = orjson.loads(monitor("--recording", recording, "--month", "2021-11", "--json").stdout)
    done = figure(document, "7", "R05", "production_ratio", kind="operatie", provider="all")
    assert done["value"] == 0.8
    assert "regulier en inhaalzorg samen" in done["text"]
    assert "Reguliere zorg en inhaalzorg samen" in next(
        each["note"] for each in document["indicators"] if each["number"] == "7"
    )


def test_an_indicator_that_is_added_to_the_registry_shows_up_without_code(recording, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(OWN, "utf-8")
    words = ("--recording", recording, "--month", "2021-11", "--registry", own)
    document = orjson.loads(monitor(*words, "--json").stdout)
    assert [each["title"] for each in document["indicators"]] == ["Een eigen indicator"]
    assert figure(document, "11", "R07", "occupancy_ratio", unit="ic")["value"] == 0.8
    assert "Een eigen indicator" in monitor(*words).stdout


def test_a_registry_with_an_unknown_indicator_is_refused_in_clear_words(recording, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(OWN.replace("occupancy_ratio", "bezetting"), "utf-8")
    result = monitor("--recording", recording, "--registry", own, exit_code=1)
    assert "`bezetting` is unknown" in result.stderr


@pytest.mark.parametrize("month", ["2021-13", "2021-1", "november", "2021-11-01"])
def test_what_is_no_month_is_a_usage_error(recording, month):
    assert "is no month" in monitor("--recording", recording, "--month", month, exit_code=2).stderr


def test_people_read_the_country_and_where_it_has_no_figure_the_regions(recording):
    lines = monitor("--recording", recording, "--month", "2021-11").stdout.splitlines()
    assert any(line.startswith("     NL ") and "80 %" in line.replace("\u00a0", " ") for line in lines)
    median = next(
        place for place, line in enumerate(lines) if "mediaan van de wachttijden (polikliniek)" in line
    )
    assert lines[median].endswith("100 % volledig")
    assert lines[median + 1].replace("\u00a0", " ").strip() == "R07  40 dagen"


def test_a_month_of_which_nothing_is_known_says_why_and_shows_no_patterns(recording):
    lines = monitor("--recording", recording, "--month", "2021-06").stdout
    assert "mediaan van de wachttijden van een behandeling (heup of knie of staar" in lines
    assert "mediaan van de wachttijden - geen bron heeft hier iets over gemeld" in lines
    assert "*" not in lines
    assert "|" not in lines


def test_the_live_system_tells_the_same_months_as_the_recording(recording):
    """What the stages write, read back from the topics, is the same monitor as that of the same log played at once."""
    log = list(with_ticks((record(each) for each in sorted(told(), key=lambda each: each.received_at)), TICK))
    written = [
        each
        for topic in REPORT_TOPICS
        for each in through(FoldReports(topic, 1, NORMS).make(0, {}), consumed(log, topic, 0, 1), ())
    ]
    written += through(SumNation(NORMS).make(0, {}), on_status_log(written), ())
    judged = through(JudgeStatus(NORMS).make(0, {}), on_status_log(written), ())
    live = live_of(LogRecord(each.topic, 0, 0, each.timestamp, each.key, each.value, ()) for each in judged)
    registry = load_registry()
    for month in ("2021-11", None):  # one that has ended, and the one that goes on
        here = monitor_document(registry, live.months(month, 1), 1)
        there = monitor_document(registry, play_months(recording, NORMS, month, 1), 1)
        for mine, its in zip(here["indicators"], there["indicators"], strict=True):
            for region, figures in its["regions"].items():
                assert mine["regions"][region] == figures, (month, mine["title"], region)


def test_months_follow_the_dutch_clock_and_the_calendar():
    assert month_end("2021-12") == int(datetime(2021, 12, 31, 22, 59, 59, tzinfo=UTC).timestamp())
    assert month_of(month_end("2021-12")) == "2021-12"
    assert month_of(month_end("2021-12") + 1) == "2022-01"
    assert months_before("2022-02", 3) == ["2021-11", "2021-12", "2022-01"]
