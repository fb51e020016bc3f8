import re
from dataclasses import replace

import promql_parser
import pytest

from alerts.addresses import load_addresses
from alerts.annotations import breach_annotations
from alerts.metrics import CATALOGUE
from alerts.norms import load_norms
from alerts.rules import BREACH_ALERT, build_rules, rules_yaml
from alerts.texts import load_texts

NORMS = load_norms()
TEXTS = load_texts(NORMS)
RULES = build_rules(NORMS, TEXTS, load_addresses().links)
EVERY = [rule for group in RULES["groups"] for rule in group["rules"]]
BREACHES = [rule for rule in EVERY if rule.get("alert") == BREACH_ALERT]
OTHERS_METRICS = {
    "up",
    "prometheus_rule_evaluation_failures_total",
    "prometheus_notifications_errors_total",
    "alertmanager_notifications_failed_total",
}


def without_selectors(expression):
    return re.sub(r'"[^"]*"', '""', re.sub(r"\{[^}]*\}", "", expression))


def test_every_step_of_every_norm_has_exactly_one_alert():
    wanted = [(norm.id, str(step)) for norm in NORMS.norms for step in range(1, len(norm.steps) + 1)]

    assert [(rule["labels"]["norm"], rule["labels"]["step"]) for rule in BREACHES] == wanted


def test_no_rule_holds_a_threshold():
    for rule in EVERY:
        allowed = {("==", "1"), (">", "0"), (">=", rule.get("labels", {}).get("step"))}
        compared = re.findall(
            r"(==|!=|>=|<=|>|<)\s*(?:bool\s*)?(\S+?)(?=[\s)]|$)", without_selectors(rule["expr"])
        )
        assert set(compared) <= allowed, rule["expr"]


def test_no_rule_reads_a_clock_so_that_a_replay_of_the_past_alerts_as_it_would_have():
    assert not [rule for rule in EVERY if re.search(r"\b(time|timestamp|hour|minute)\(", rule["expr"])]


def test_breach_alerts_do_not_wait_because_holds_belong_to_the_judge():
    assert not [rule for rule in BREACHES if "for" in rule or "keep_firing_for" in rule]


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.get("alert") or rule["record"])
def test_every_expression_parses_and_names_only_known_series(rule):
    promql_parser.parse(rule["expr"])
    recorded = {rule["record"] for rule in EVERY if "record" in rule}

    named = set(
        re.findall(
            r"\b(?:ketenwacht|prometheus|alertmanager)_\w+|\bregion:[\w:]+|\bup\b",
            without_selectors(rule["expr"]),
        )
    )

    assert named <= set(CATALOGUE) | recorded | OTHERS_METRICS


def test_labels_of_alerts_never_hold_a_template():
    assert not [rule for rule in EVERY for value in rule.get("labels", {}).values() if "{{" in value]


def test_the_same_norms_give_the_same_bytes():
    links = load_addresses().links

    assert rules_yaml(NORMS, TEXTS, links) == rules_yaml(load_norms(), load_texts(NORMS), links)


def test_every_breach_alert_says_source_meaning_action_ladder_and_links():
    for rule in BREACHES:
        norm = NORMS.by_id[rule["labels"]["norm"]]
        said = rule["annotations"]
        assert norm.source in said["basis"]
        assert norm.article in said["basis"]
        assert said["meaning"]
        assert said["action"]
        assert said["runbook_url"].startswith("http")
        assert "{{ $labels.region }}" in said["page_url"] + said["dashboard_url"]
        assert ("assumption" in said) == (norm.assumption is not None)
        if norm.assumption:
            assert norm.assumption.owner in said["assumption"]
            assert norm.assumption.text in said["assumption"]


def test_an_alert_says_where_it_ends_where_that_is_not_its_limit():
    said = {rule["labels"]["norm"]: rule["annotations"].get("ends") for rule in BREACHES}
    assert said["ic-occupancy-high"] == "85 % of lager"
    assert said["ic-ladder-1150"] == "1.100 bedden of lager"
    assert said["absence-high-ziekenhuis"] == "6,6 % of lager"
    assert said["referral-shortfall"] == "90 % of hoger"
    assert said["treeknorm-max-klinisch"] is None


def test_an_alert_says_where_it_ends_in_a_region_with_limits_of_its_own():
    norm = replace(
        NORMS.by_id["ic-occupancy-high"], overrides={"R05": {"limit": 0.95}, "R07": {"clear_limit": 0.875}}
    )
    ends = breach_annotations(norm, 1, TEXTS, load_addresses().links)["ends"]
    assert ends == '{{ if eq $labels.region "R07" }}87,5 % of lager{{ else }}85 % of lager{{ end }}'


def test_the_next_role_is_named_until_the_last_step():
    for rule in BREACHES:
        norm, step = NORMS.by_id[rule["labels"]["norm"]], int(rule["labels"]["step"])
        last = step == len(norm.steps)
        assert rule["annotations"]["next"].startswith(
            "Dit is de laatste trap" if last else f"Trap {step + 1} van"
        )
        if not last:
            assert TEXTS.roles[norm.steps[step].role] in rule["annotations"]["next"]


def test_what_reaches_every_chair_names_no_region():
    said = {
        rule["labels"]["role"]: rule["annotations"]
        for rule in BREACHES
        if rule["labels"]["norm"] == "ic-ladder-1700"
    }
    assert "where" in said["lnaz"]
    assert "where" not in said["roaz-voorzitters"]
