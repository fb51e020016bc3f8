"""Every query of every panel, asked of a live Prometheus that scrapes the state of the autumn wave.

The wave is played in this process up to 27 November 2021, when regions, country and feeds all have something
to show; two hospitals fall silent before. The state is served by the worker's own metrics page, and Prometheus evaluates our own rules on it.
"""

import json
import re
import time
from datetime import timedelta
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from faust.types import TP

from agents.engine.progress import Position
from agents.exporter import MetricsServer
from agents.fold_reports import FoldPartition, FoldReports
from agents.judge_status import JudgeImage, JudgePartition, JudgeStatus
from agents.partition_image import PartitionImage
from agents.photograph import Photographer
from agents.pipeline import Pipeline
from agents.sum_nation import SumNation
from alerts.addresses import load_addresses
from alerts.metrics import BREACH_ENDED, CARE, CATALOGUE, ENTRIES_LOST_AT, LOST
from alerts.norms import load_norms
from alerts.rules import write_rules
from alerts.texts import load_texts
from dashboards.grafana.documents import documents
from deploy.prometheus.server import PrometheusServer
from deploy.scenarios import SCENARIOS
from streams.indicators import LOCATION_DOUBTS, SUSPECTS, UNHEARD
from streams.recording import Record
from streams.registry.file import parse_lines
from streams.registry.registry import registry_of
from streams.replay import with_ticks
from streams.reports import OccupancyReport
from streams.topics import OCCUPANCY
from tests.norms.case import USUAL
from tests.norms.cases_waits import knees
from tests.support.reports import MONDAY, ic, record

AT = 1638010800  # 27 November 2021, 12:00 local time
NORMS = load_norms()
TEXTS = load_texts(NORMS)
LINKS = load_addresses().links
SILENT_SINCE = {"Ziekenhuis Apeldoorn": 1635980400, "Ziekenhuis Deventer": 1637622000}
"""Hospitals that tell no beds any more: from 4 November, so that it counts no more, and from 23 November."""
POSITIONS = {("judge", TP("care.region-status", 0)): Position(5, 7)}
REGION = {"ketenwacht-national": "R[0-9]+", "ketenwacht-region": "R02"}
QUERIES = [
    pytest.param(uid, target, id=f"{uid}-{panel['id']}-{target['refId']}")
    for uid, document in documents(NORMS, TEXTS, LINKS).items()
    for panel in document["panels"]
    for target in panel.get("targets", [])
]


def told(record: Record) -> bool:
    """Return whether a record of the wave is told all the same."""
    value = record.value or b""
    return record.topic != OCCUPANCY or all(
        record.timestamp < since * 1000 or name.encode() not in value for name, since in SILENT_SINCE.items()
    )


@pytest.fixture(scope="module")
def photographs():
    """Photographs of the pipeline's state, as a worker that holds every partition takes them."""
    scenario = SCENARIOS["najaarsgolf"]
    header, records = scenario.recording(1)
    pipeline = Pipeline(NORMS)
    transitions = {}
    for transition in pipeline.play(with_ticks(filter(told, records), header.tick_seconds, AT)):
        transitions[transition.state] = transitions.get(transition.state, 0) + 1
    folds = []
    for topic, state in pipeline.partitions.items():
        fold = FoldReports(topic, 1, NORMS)
        fold.held = {0: FoldPartition(state, PartitionImage(), NORMS, fold.door)}
        folds.append(fold)
    judge = JudgeStatus(NORMS)
    judge.held = JudgePartition(JudgeImage(pipeline.judged, transitions), NORMS, judge.entries)
    judge.held.image.ticks = dict.fromkeys(pipeline.partitions, 1)
    nation = SumNation(NORMS)
    nation.make(0, {})
    return Photographer(folds, judge, NORMS, "test", lambda: AT, nation)


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory, photographs):
    """Base URL of a Prometheus that has scraped the state and evaluated the rules a few times."""
    folder = tmp_path_factory.mktemp("prometheus")
    rules = write_rules(folder / "rules.yml", NORMS, TEXTS, LINKS)
    page = MetricsServer("127.0.0.1", 0)
    page.publish(photographs.take(ready=True, positions=POSITIONS))
    page.start()
    with PrometheusServer(folder, [rules], targets=[f"127.0.0.1:{page.port}"]) as server:
        deadline = time.monotonic() + 60
        while not (
            ask(server.url, "min(count_over_time(region:breach_step:held[1m])) >= 3")
            and ask(server.url, "region:breach_limit:held")
            and ask(server.url, "min(count_over_time(ketenwacht_reports_total[1m])) >= 3")
        ):
            assert time.monotonic() < deadline, server.log.read_text()
            time.sleep(0.2)
        yield server.url
    page.stop()


def ask(url, expression):
    with urlopen(f"{url}/api/v1/query?{urlencode({'query': expression})}", timeout=10) as answer:
        return json.load(answer)["data"]["result"]


def filled(expression, region):
    variables = {"$__rate_interval": "30s", "$__range": "1m", "$region": region}
    for name, value in variables.items():
        expression = expression.replace(name, value)
    return expression


@pytest.mark.parametrize(("uid", "target"), QUERIES)
def test_a_query_returns_figures(prometheus, uid, target):
    expression = filled(target["expr"], REGION[uid])

    result = ask(prometheus, expression)

    assert result, expression
    figures = [float(series["value"][1]) for series in result]
    assert all(figure == figure for figure in figures), "not a number"  # noqa: PLR0124 - that is what NaN is
    assert len(result) <= 200, "too many series to read"


@pytest.mark.parametrize(("uid", "target"), QUERIES)
def test_series_of_a_panel_have_names_of_their_own(prometheus, uid, target):
    if target.get("format") == "table":
        names = [
            json.dumps(series["metric"], sort_keys=True)
            for series in ask(prometheus, filled(target["expr"], REGION[uid]))
        ]
    else:
        names = []
        for series in ask(prometheus, filled(target["expr"], REGION[uid])):
            name = target.get("legendFormat", "")
            for label, value in series["metric"].items():
                name = name.replace(f"{{{{{label}}}}}", value)
            assert "{{" not in name, name
            names.append(name)

    assert len(names) == len(set(names)), names


def test_what_the_table_shows_is_what_the_judge_holds(prometheus, photographs):
    (document,) = [
        each for each in documents(NORMS, TEXTS, LINKS).values() if each["uid"] == "ketenwacht-national"
    ]
    (table,) = [panel for panel in document["panels"] if panel["type"] == "table"]
    regions = photographs.judge.held.image.judged.regions
    open_breaches = {
        (region, norm, scope)
        for region, judged in regions.items()
        for (norm, scope), episode in judged.episodes.items()
        if episode.active_since and region != "NL"
    }

    for target in table["targets"]:
        rows = ask(prometheus, filled(target["expr"], "R[0-9]+"))
        shown = {
            (row["metric"]["region"], row["metric"]["norm"], row["metric"].get("scope", "")) for row in rows
        }
        if re.search("breach_(locations|oldest)", target["expr"]):  # not every figure rests on locations
            assert shown, target["expr"]
            assert shown < open_breaches, target["expr"]
        else:
            assert shown == open_breaches, target["expr"]


ELSEWHERE = {
    "escalatie": {CARE[name].name for name in ("notices_30d", "notices_in_use", "escalation_overdue_hours")},
    "evenredige-spreiding": {CARE["transfer_suggested"].name},
    "treeknormen": {CARE["waits_undecidable"].name},
    "voorrang": {BREACH_ENDED.name},
}
"""Figures that the wave does not cause, by a scenario that does."""

OF_PART = CARE["unequal_access_part_ratio"].name
"""A figure that no scenario causes: three locations of one part of a region must tell of a treatment."""

DOUBTFUL = {CARE[name].name for name in (*LOCATION_DOUBTS, SUSPECTS, UNHEARD)}
"""Figures that no honest stream causes."""


def test_every_metric_of_the_catalogue_is_exported(photographs):
    missing = set(CATALOGUE) - set(photographs.take(ready=True, positions=POSITIONS))

    assert missing == {LOST.name, ENTRIES_LOST_AT.name, OF_PART}.union(
        DOUBTFUL, *ELSEWHERE.values()
    )  # lost: test_log_with_holes.py


def test_access_in_a_part_of_a_region_is_exported_where_enough_locations_of_it_tell():
    pipeline = Pipeline(NORMS)
    pipeline.receive(*map(record, knees(160)(USUAL)))
    pipeline.tick(int(USUAL.timestamp()) + 60)
    judge = JudgeStatus(NORMS)
    judge.held = JudgePartition(JudgeImage(pipeline.judged), NORMS, judge.entries)
    assert OF_PART in Photographer((), judge, NORMS, "test").take(ready=True)


REGISTRY = """
{"line": "location", "id": "x", "name": "X", "network": "R07", "owner": "a", "date": "2021-01-01"}
{"line": "location", "id": "w", "name": "W", "network": "R07", "expects": {"care.occupancy": "daily"}, "owner": "a", "date": "2021-01-01"}
{"line": "source", "id": "live", "publisher": "a", "topics": ["care.occupancy"], "locations": ["any"], "rank": 5, "owner": "a", "date": "2021-01-01"}
{"line": "source", "id": "daily", "publisher": "a", "topics": ["care.occupancy"], "locations": ["any"], "rank": 50, "owner": "a", "date": "2021-01-01"}
{"line": "source", "id": "epd", "publisher": "a", "topics": ["care.occupancy"], "locations": ["x"], "owner": "a", "date": "2021-01-01"}
{"line": "source", "id": "lpz", "publisher": "a", "topics": ["care.occupancy"], "locations": ["*"], "owner": "a", "date": "2021-01-01"}
"""


def told_of_day(day: int) -> list[OccupancyReport]:
    """A location that is renamed, one that nobody registered, one with two opinions, a total beside a part, X by another name, and W not at all."""
    at = MONDAY + timedelta(days=day)
    named = [
        ("live", "Oud" if day < 5 else "Nieuw"),
        ("lpz", "Z"),
        ("live", "C"),
        ("live", "R07 totaal"),
        ("epd", "Y"),
    ]
    reports = [ic(50, at=at, source=source, location=name) for source, name in named]
    total = ic(400, at=at, source="live", location="R07 totaal")
    return [*reports, total, ic(60, at=at, source="daily", location="C")]


def test_a_doubt_is_exported_once_there_is_one():
    registered = Pipeline(NORMS, registry_of(parse_lines(REGISTRY, "test")))
    for day in range(8):
        registered.receive(*map(record, told_of_day(day)))
        registered.tick(int(MONDAY.timestamp()) + day * 86_400 + 3600)
    anybody = Pipeline(NORMS)
    anybody.receive(*(record(ic(50, source=f"typo{number}")) for number in range(12)))
    anybody.tick(int(MONDAY.timestamp()) + 60)
    broken = Pipeline(NORMS)
    for day in range(16):
        broken.receive(record(ic((50 + day % 3) * (day < 15), at=MONDAY + timedelta(days=day))))
        broken.tick(int(MONDAY.timestamp()) + day * 86_400 + 60)
    shown = set()
    for pipeline in (registered, anybody, broken):
        judge = JudgeStatus(NORMS)
        judge.held = JudgePartition(JudgeImage(pipeline.judged), NORMS, judge.entries)
        shown |= Photographer((), judge, NORMS, "test").take(ready=True).keys()
    assert shown >= DOUBTFUL


@pytest.mark.parametrize("scenario", ELSEWHERE)
def test_a_metric_that_the_wave_does_not_cause_is_exported_in_its_scenario(scenario):
    header, records = SCENARIOS[scenario].recording(1)
    pipeline = Pipeline(NORMS)
    judge = JudgeStatus(NORMS)
    judge.held = JudgePartition(JudgeImage(pipeline.judged), NORMS, judge.entries)
    photographer = Photographer((), judge, NORMS, "test")
    left = set(ELSEWHERE[scenario])
    for item in with_ticks(records, header.tick_seconds):
        if isinstance(item, int):
            pipeline.tick(item)
            judge.held.dirty.update(pipeline.judged.regions)
            left -= photographer.take(ready=True).keys()
        else:
            pipeline.receive(item)
    assert left == set()
