import re
from pathlib import Path

import pytest

from alerts import texts as texts_module
from alerts.chain_rules import WATCHDOG, chain_rules
from alerts.norms import load_norms
from alerts.texts import TextsError, load_texts

RUNBOOKS = Path(texts_module.__file__).parent / "runbooks"
NORMS = load_norms()
TEXTS = load_texts(NORMS)


def headings(runbook):
    return set(re.findall(r"^## (\S+)$", (RUNBOOKS / f"{runbook}.md").read_text("utf-8"), re.MULTILINE))


def test_every_norm_has_words_and_no_words_are_left_over():
    assert set(TEXTS.by_norm) == set(NORMS.by_id)


def test_every_text_has_its_heading_in_its_runbook_and_no_heading_is_left_over():
    wanted = {(text.runbook, text.id) for text in TEXTS.text} | {
        ("keten", text.alert) for text in TEXTS.chain
    }

    found = {(path.stem, heading) for path in RUNBOOKS.glob("*.md") for heading in headings(path.stem)}

    assert found == wanted


def test_every_alert_on_the_chain_has_words_and_no_words_are_left_over():
    rules = {rule["alert"] for rule in chain_rules(TEXTS, _links(), "a|b")}

    assert rules == set(TEXTS.by_alert) | {WATCHDOG}


def _links():
    from alerts.addresses import load_addresses

    return load_addresses().links


def test_summaries_hold_no_figures_so_that_groups_can_share_them():
    for text in [*TEXTS.text, *TEXTS.chain]:
        assert not re.search(r"\d|%|\{\{", text.summary), text.summary
        assert not text.summary.endswith(".")


def test_a_norm_without_words_is_named():
    from alerts.norms import parse_norms

    extra = (
        (Path(texts_module.__file__).parent / "norms.toml")
        .read_text("utf-8")
        .replace('id = "referral-surge"', 'id = "referral-flood"')
    )

    with pytest.raises(TextsError, match="referral-flood"):
        load_texts(parse_norms(extra))
