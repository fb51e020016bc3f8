"""Norms files for tests: our own with a field changed, or one with a single norm."""

import re
from importlib import resources

from alerts.norms import Norms, parse_norms

OWN = resources.files("alerts").joinpath("norms.toml").read_text("utf-8")

PARAMETERS = "\n".join(re.findall(r"^\[\[parameter\]\]\n(?:\w.*\n)+", OWN, re.MULTILINE))
"""The parameters of our own file; every file must have them."""

_HEAD = """
version = "test"
[defaults]
hold = "0h"
clear_hold = "0h"
min_observations = 1
min_completeness = 0.0
[[feed]]
source = "default"
max_age = "3d"
calendar = "daily"
"""

_NORM = {
    "id": '"ic-test"',
    "family": '"occupancy"',
    "title": '"IC in een proef"',
    "indicator": '"occupancy_ratio"',
    "labels": '{ unit = "ic" }',
    "applies_to": '"both"',
    "comparison": '">="',
    "limit": "0.9",
    "clear_limit": "0.85",
    "severity": '"warning"',
    "audience": '"chair"',
    "source": '"een proef"',
    "article": '"art. 1"',
    "valid_from": "2020-01-01",
    "steps": '[{ after = "0h", role = "lcps" }]',
}


def norm_text(**changed: str | None) -> str:
    """The text of one norm; fields as TOML, None leaves a field out."""
    fields = {name: value for name, value in (_NORM | changed).items() if value is not None}
    return "[[norm]]\n" + "\n".join(f"{name} = {value}" for name, value in fields.items()) + "\n"


def file_text(*norms: str) -> str:
    """The text of a whole file with these norms."""
    return _HEAD + PARAMETERS + "\n" + "\n".join(norms)


def only(**changed: str | None) -> Norms:
    """A file with one norm."""
    return parse_norms(file_text(norm_text(**changed)))
