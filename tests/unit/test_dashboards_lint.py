"""Every dashboard keeps the house rules, and the committed files are what the code builds."""

import itertools
import re

import promql_parser
import pytest

from alerts.addresses import load_addresses
from alerts.metrics import CATALOGUE
from alerts.norms import load_norms
from alerts.rules import build_rules
from alerts.texts import load_texts
from dashboards.grafana.documents import differences, documents, write_files
from dashboards.grafana.frame import DATASOURCE_UID, NATIONAL_UID, REGION_UID

NORMS = load_norms()
TEXTS = load_texts(NORMS)
LINKS = load_addresses().links
BUILT = documents(NORMS, TEXTS, LINKS)
GRAFANA_VARIABLES = {"$__rate_interval": "1m", "$__range": "6h", "$region": "R07"}
PANELS = [
    pytest.param(panel, id=f"{uid}-{panel['id']}")
    for uid, document in BUILT.items()
    for panel in document["panels"]
    if panel["type"] != "row"
]


def recorded():
    groups = build_rules(NORMS, TEXTS, LINKS)["groups"]
    return {rule["record"] for group in groups for rule in group["rules"] if "record" in rule}


def filled(expression):
    for name, value in GRAFANA_VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


def selectors(node):
    """Every vector selector below a node of the parsed expression."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node
    for name in ("expr", "lhs", "rhs", "vector_selector", "vs"):
        below = getattr(node, name, None)
        if below is not None and not isinstance(below, str):
            yield from selectors(below)
    for below in getattr(node, "args", None) or []:
        yield from selectors(below)


def test_the_committed_files_are_what_the_code_builds():
    assert differences(BUILT) == [], "run: ketenwacht dashboards build"


def test_a_changed_missing_or_left_over_file_is_told(tmp_path):
    write_files(BUILT, tmp_path)
    assert differences(BUILT, tmp_path) == []

    (tmp_path / f"{REGION_UID}.json").write_text("{}")
    (tmp_path / f"{NATIONAL_UID}.json").unlink()
    (tmp_path / "old.json").write_text("{}")

    assert differences(BUILT, tmp_path) == [f"{NATIONAL_UID}.json", f"{REGION_UID}.json", "old.json"]


@pytest.mark.parametrize("document", BUILT.values(), ids=BUILT)
def test_a_dashboard_has_a_stable_uid_no_numeric_id_and_cannot_be_edited_by_hand(document):
    assert len(document["uid"]) <= 40
    assert document["id"] is None
    assert "version" not in document
    assert document["editable"] is False
    assert document["title"]
    assert document["description"]
    assert "${DS_" not in str(document)


@pytest.mark.parametrize("document", BUILT.values(), ids=BUILT)
def test_a_dashboard_takes_its_data_source_from_a_variable_with_the_provisioned_default(document):
    variables = {each["name"]: each for each in document["templating"]["list"]}
    assert variables["datasource"]["current"]["value"] == DATASOURCE_UID
    uids = re.findall(r"'datasource': \{[^}]*'uid': '([^']+)'", str(document))
    assert set(uids) == {"${datasource}"}
    assert variables["region"]["refresh"] == 2


@pytest.mark.parametrize("document", BUILT.values(), ids=BUILT)
def test_panels_have_their_own_ids_and_do_not_overlap(document):
    ids = [panel["id"] for panel in document["panels"]]
    assert len(ids) == len(set(ids))
    boxes = [panel["gridPos"] for panel in document["panels"]]
    for one, other in itertools.combinations(boxes, 2):
        apart = (
            one["x"] + one["w"] <= other["x"]
            or other["x"] + other["w"] <= one["x"]
            or one["y"] + one["h"] <= other["y"]
            or other["y"] + other["h"] <= one["y"]
        )
        assert apart, (one, other)
    assert all(box["x"] + box["w"] <= 24 for box in boxes)


@pytest.mark.parametrize("document", BUILT.values(), ids=BUILT)
def test_a_dashboard_reads_from_trouble_now_over_trends_to_the_data_itself(document):
    rows = [panel["title"] for panel in document["panels"] if panel["type"] == "row"]
    assert rows == ["Is het nu mis?", "Hoe verloopt het?", "Kloppen de gegevens?"]


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_has_a_title_a_description_a_unit_and_a_query(panel):
    assert len(panel["title"]) > 3
    assert len(panel["description"]) > 20
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["targets"]
    assert panel["datasource"]["uid"] == "${datasource}"


@pytest.mark.parametrize("panel", PANELS)
def test_a_query_parses_and_names_only_known_metrics(panel):
    known = set(CATALOGUE) | recorded()
    for target in panel["targets"]:
        names = [each.name for each in selectors(promql_parser.parse(filled(target["expr"])))]
        assert names, target["expr"]
        assert set(names) <= known, target["expr"]


@pytest.mark.parametrize("document", BUILT.values(), ids=BUILT)
def test_annotations_and_variables_name_known_metrics(document):
    known = set(CATALOGUE) | recorded()
    for annotation in document["annotations"]["list"]:
        assert {each.name for each in selectors(promql_parser.parse(filled(annotation["expr"])))} <= known
    (query,) = [each["query"] for each in document["templating"]["list"] if each["type"] == "query"]
    assert re.fullmatch(r"label_values\(([^{,]+)(\{.*\})?, region\)", query)[1] in known


@pytest.mark.parametrize("panel", PANELS)
def test_counters_are_read_as_a_rate_over_an_interval_of_grafana(panel):
    counters = [name for name, metric in CATALOGUE.items() if metric.type == "counter"]
    for target in panel["targets"]:
        for counter in counters:
            used = target["expr"].count(counter)
            as_rate = re.findall(
                rf"(?:rate|increase)\({counter}(?:\{{[^}}]*\}})?\[\$__(?:rate_interval|range)\]",
                target["expr"],
            )
            assert used == len(as_rate), target["expr"]


def test_the_parser_finds_every_selector():
    expression = 'sum by (a) (rate(x_total[5m])) * scalar(max(y{b="c"})) - z offset 1m'
    assert sorted(each.name for each in selectors(promql_parser.parse(expression))) == ["x_total", "y", "z"]


@pytest.mark.parametrize(
    "norm",
    [
        "ic-occupancy-high",
        "ward-occupancy-high",
        "referral-shortfall",
        "treeknorm-max-polikliniek",
        "followup-strain-verpleeghuis",
    ],
)
@pytest.mark.parametrize("document", BUILT.values(), ids=BUILT)
def test_norm_lines_are_drawn_dashed_where_the_value_is(document, norm):
    lines = [
        (panel, target)
        for panel in document["panels"]
        if panel["type"] == "timeseries"
        for target in panel["targets"]
        if f'norm="{norm}"' in target["expr"]
    ]
    assert lines
    for panel, target in lines:
        assert target["legendFormat"].startswith("grens")
        (override,) = panel["fieldConfig"]["overrides"]
        assert override["matcher"] == {"id": "byRegexp", "options": "/^grens.*/"}
        assert {"id": "custom.lineStyle", "value": {"fill": "dash", "dash": [10, 8]}} in override[
            "properties"
        ]


def test_dashboards_lead_to_each_other_to_the_page_and_to_the_runbooks():
    national, region = BUILT[NATIONAL_UID], BUILT[REGION_UID]
    assert f"/d/{REGION_UID}" in [each["url"] for each in national["links"]]
    assert f"/d/{NATIONAL_UID}" in [each["url"] for each in region["links"]]
    assert LINKS.page.format(region="$region") in [each["url"] for each in region["links"]]
    assert f"/d/{REGION_UID}?" in LINKS.dashboard, "mails lead to this uid"
    for document in BUILT.values():
        runbooks = [each["url"] for panel in document["panels"] for each in panel.get("links", [])]
        assert len(runbooks) >= 5
