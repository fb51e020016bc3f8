import ast
import re

import pytest

from alerts.addresses import load_addresses
from alerts.chain_rules import chain_rules
from alerts.norms import load_norms
from alerts.texts import load_texts
from streams.regions import SPLIT_SAFETY_REGIONS


def test_the_walk_names_only_functions_that_are_there(documents, root):
    named = re.findall(
        r"`([\w/]+\.py)`\s+`([\w.]+)`(?: and\s+`([\w.]+)`)?", documents["docs/architecture.md"]
    )
    assert len(named) >= 12
    for path, *names in named:
        tree = ast.parse((root / path).read_text("utf-8"))
        held = {node.name for node in ast.walk(tree) if hasattr(node, "name")}
        held |= {
            node.target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.AnnAssign) and hasattr(node.target, "id")
        }
        for name in filter(None, names):
            assert set(name.split(".")) <= held, f"{path} has no {name}"


def test_operations_explains_every_reason_for_a_dead_letter(documents, root):
    reasons = set()
    for folder in ("streams", "agents"):
        for path in (root / folder).rglob("*.py"):
            reasons.update(re.findall(r'RefusedError\(\s*"([a-z-]+)"', path.read_text("utf-8")))
    chapter = documents["docs/operations.md"].partition("## Dead letters")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", chapter, re.MULTILINE)) == reasons


def test_operations_explains_every_alert_on_the_chain(documents):
    norms = load_norms()
    rules = chain_rules(load_texts(norms), load_addresses().links, "x")
    chapter = documents["docs/operations.md"].partition("## Alerts on the chain")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", chapter, re.MULTILINE)) == {rule["alert"] for rule in rules}


def test_the_number_of_norms_is_right(documents):
    count = len(load_norms().norms)
    for name in ("README.md", "CHANGELOG.md"):
        assert re.findall(r"(\d+) norms", documents[name]) == [str(count)]


def test_decisions_are_numbered_without_a_gap_and_listed(documents):
    pages = sorted(name for name in documents if re.match(r"docs/adr/\d", name))
    assert [int(name[9:13]) for name in pages] == list(range(1, len(pages) + 1))
    for number, name in enumerate(pages, start=1):
        text = documents[name]
        title = re.match(rf"# {number}\. (.+)\n\n\w+ 20\d\d, (in force|replaced by )", text)
        assert title, name
        assert f"| {number} | [{title[1]}]({name.rpartition('/')[2]}) |" in documents["docs/adr/README.md"]


@pytest.mark.parametrize("part", ["**Context.**", "**Decision.**", "**Consequences.**"])
def test_a_decision_says_context_decision_and_consequences_on_one_page(part, documents):
    for name, text in documents.items():
        if re.match(r"docs/adr/\d", name):
            assert part in text, name
            assert len(text.splitlines()) <= 60, name


def test_the_decision_on_split_safety_regions_names_them_all(documents):
    text = documents["docs/adr/0006-split-safety-regions-count-nationally.md"]
    for code, networks in SPLIT_SAFETY_REGIONS.items():
        assert code in text
        assert all(network in text for network in networks)


def test_the_changelog_tells_the_version_of_the_project(documents, root):
    version = re.search(r'^version = "(.+)"$', (root / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert f"## [{version[1]}] - " in documents["CHANGELOG.md"]


def test_contributing_fits_on_a_page(documents):
    assert len(documents["CONTRIBUTING.md"].splitlines()) <= 60


def test_every_variable_that_the_project_reads_is_in_the_settings(documents, root):
    files = [
        path
        for folder in ("streams", "alerts", "agents", "dashboards", "deploy", "tests")
        for path in (root / folder).rglob("*.py")
    ]
    files += [root / "docker-compose.yml", root / ".env.example"]
    named = {
        name
        for path in files
        for name in re.findall(r"\bKETENWACHT_[A-Z]+_[A-Z_]*[A-Z]\b", path.read_text("utf-8"))
    }
    named |= set(re.findall(r"^([A-Z_]+)=", (root / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert len(named) > 5
    assert [name for name in sorted(named) if f"`{name}`" not in documents["docs/settings.md"]] == []
