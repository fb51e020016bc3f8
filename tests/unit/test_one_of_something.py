"""One of something is told in the singular: in mails, on the live page and in reports."""

import json

import pytest

from alerts.norms import load_norms
from alerts.texts import load_texts
from dashboards.board.server import STATIC
from dashboards.reports.attention import figure
from dashboards.reports.words import amount

TEXTS = load_texts(load_norms())
PAGE = json.loads((STATIC / "nl.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("norm", "value", "shown"),
    [
        ("treeknorm-prolonged", 1, "1 wachttijd"),
        ("treeknorm-prolonged", 2, "2 wachttijden"),
        ("treeknorm-max-apotheek", 1.04, "1 werkdag"),
        ("treeknorm-max-klinisch", 1.5, "1,5 dagen"),
        ("treeknorm-80-klinisch", 0.01, "1 %"),
    ],
)
def test_a_report_tells_a_value_of_one_in_the_singular(norm, value, shown):
    assert figure(value, TEXTS.by_norm[norm], TEXTS) == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [(1, "d", "1 dag"), (2, "d", "2 dagen"), (1.2, "d", "1,2 dagen"), (1, "h", "1 uur")],
)
def test_a_figure_of_one_is_told_in_the_singular(value, unit, shown):
    assert amount(value, unit).replace("\u00a0", " ") == shown


def test_the_live_page_has_a_word_for_one_of_every_unit():
    same = {"percent", "h", "phase"}
    assert set(PAGE["unit_of_one"]) == set(PAGE["units"]) - same
    assert all(one != PAGE["units"][unit] for unit, one in PAGE["unit_of_one"].items())
