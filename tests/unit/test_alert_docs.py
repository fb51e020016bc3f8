import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alerts.metrics import CATALOGUE
from deploy.cli.alerts import app

ROOT = Path(__file__).parents[2]
METRICS = (ROOT / "docs" / "metrics.md").read_text("utf-8")
ALERTING = (ROOT / "docs" / "alerting.md").read_text("utf-8")


def test_every_metric_stands_in_the_documentation_with_its_labels_and_none_is_left_over():
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \| (.*) \|$", METRICS, re.MULTILINE)
    documented = {name: (kind, labels, text) for name, kind, labels, text in rows}

    assert documented == {
        metric.name: (metric.type, ", ".join(metric.labels) or "none", metric.help)
        for metric in CATALOGUE.values()
    }


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"^ketenwacht alerts (.+)$", ALERTING, re.MULTILINE)))
)
def test_every_documented_command_exists_with_its_options(command):
    name, *rest = shlex.split(command.replace("\\", ""))
    known = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})

    assert known.exit_code == 0
    plain = re.sub(r"\x1b\[[0-9;]*m", "", known.output)
    for option in (word for word in rest if word.startswith("--")):
        assert option in plain


def test_every_file_that_the_documentation_names_exists():
    for name in re.findall(r"`((?:alerts|deploy|docs)/[\w./-]+)`", ALERTING):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"\]\(([\w./-]+)\)|\((adr/[\w-]+\.md)\)", ALERTING):
        assert (ROOT / "docs" / (name[0] or name[1])).exists(), name


def test_the_generated_files_are_those_that_the_norms_ask_for():
    done = CliRunner().invoke(app, ["check"])

    assert done.exit_code == 0, done.output
