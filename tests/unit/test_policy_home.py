"""How long something counts is said in `alerts/norms.toml` alone: no day constant in the domain, the judge or on a page."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONSTANT = re.compile(
    r"^ *(?P<name>\w*(?:DAY|WEEK|MONTH|YEAR|HOUR|FRESH|KEPT|HELD|STAND|AGE|MAX_AGE)\w*) *(?::[^=\n]*)?= *(?P<value>[\d_.]+)(?P<rest>[^\n]*)$",
    re.MULTILINE,
)
UNITS = {"1", "7", "24", "3600", "86400"}
"""A week has seven days, an hour 3600 seconds: no policy."""

ALLOWED = {
    "alerts/closing.py": {
        "WEEKS_KEPT"
    },  # how much the topic of closings keeps for readers; nothing is judged by it
    "alerts/overview.py": {"_CHANGES_KEPT"},  # a size of memory
    "agents/domain/parties/notices.py": {"_MONTH"},  # `notices_30d`: what the indicator is
    "agents/domain/weekly/stock.py": {"BEHIND_DAYS"},  # `workstock_change_4w_ratio`: what the indicator is
    "agents/domain/country/joins/access.py": {"_SHORTEST_DAYS"},  # a wait of less than a day is one of a day
    "dashboards/board/state.py": {"TRANSITIONS_KEPT"},  # how many lines a page shows
    "dashboards/reports/live.py": {"_WEEKS", "_KEPT_SECONDS"},  # how far back a report looks
    "dashboards/reports/recorded.py": {"HISTORY_DAYS"},  # the same
    "dashboards/reports/weeks.py": {"WEEKS"},  # the same
    "dashboards/reports/charts/axis.py": {"_MONDAY", "_DAYS_SHOWN"},  # ticks on an axis
}


def constants() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for folder in ("agents/domain", "alerts", "dashboards"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for match in CONSTANT.finditer(path.read_text("utf-8")):
                if match["value"].replace("_", "") not in UNITS or "*" in match["rest"]:
                    name = match["name"]
                    found.setdefault(str(path.relative_to(ROOT)), set()).add(name)
    return found


def test_no_duration_that_decides_whether_something_counts_is_said_outside_the_norms():
    found = constants()
    # Seven days in seconds, and the like, are units.
    found = {path: names - {"WEEK", "DAY", "_DAY", "HOUR"} for path, names in found.items()}
    assert {path: names for path, names in found.items() if names} == ALLOWED


def test_a_constant_that_decides_would_be_found():
    text = "KEPT_DAYS = 34\n_FRESH_HOURS: int = 12  # why\nWEEK = 7\n    HELD_DAYS = 371\n"
    assert [match["name"] for match in CONSTANT.finditer(text) if match["value"] not in UNITS] == [
        "KEPT_DAYS",
        "_FRESH_HOURS",
        "HELD_DAYS",
    ]
