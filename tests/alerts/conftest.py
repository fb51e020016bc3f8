import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

RULES = Path(__file__).parents[2] / "alerts" / "generated" / "rules.yml"


class Timeline:
    """Series in, firing alerts out, through promtool: a second a sample, times in seconds."""

    def __init__(self, folder):
        self._folder = folder
        self._series = []
        self._expressions = []
        self._alerts = []
        self._rules = RULES

    def only(self, norm, *annotations, memory=True, chain=True):
        """Use the rules of this norm only, and of its texts only these: quicker, and easier to expect.

        promtool evaluates the memory every second too, so each half of the latch is tested without the other:
        no `memory` written every minute, or no `chain` from second to second.
        """
        rules = yaml.load(RULES.read_text("utf-8"), Loader=yaml.CSafeLoader)
        breaches = rules["groups"][0]
        if not memory:
            del rules["groups"][1]
        for rule in breaches["rules"] if not chain else []:
            rule["expr"] = re.sub(r" or on \([a-z, ]+\) region:\w+:held(?= or)", "", rule["expr"])
        breaches["rules"] = [
            rule for rule in breaches["rules"] if "record" in rule or rule["labels"]["norm"] == norm
        ]
        for rule in breaches["rules"]:
            if "alert" in rule:
                rule["annotations"] = {name: rule["annotations"][name] for name in annotations}
        self._rules = self._folder / "rules.yml"
        self._rules.write_text(yaml.safe_dump(rules, allow_unicode=True), "utf-8")

    def alerts(self):
        """Return the labels that the rules in use give to breaches."""
        rules = yaml.load(self._rules.read_text("utf-8"), Loader=yaml.CSafeLoader)
        return [rule["labels"] for rule in rules["groups"][0]["rules"] if "alert" in rule]

    def series(self, name, values):
        self._series.append({"series": name, "values": values})

    def breach(
        self, values, *, step=None, region="R07", norm="ic-occupancy-high", severity="warning", scope=""
    ):
        labels = f'region="{region}",norm="{norm}",scope="{scope}",severity="{severity}",source="occupancy"'
        self.series(f"ketenwacht_breach_active{{{labels}}}", values)
        self.series(f"ketenwacht_breach_step{{{labels}}}", step or values)

    def figures(self, region="R07", norm="ic-occupancy-high", seconds=60, **values):
        for name, value in values.items():
            labels = f'region="{region}",norm="{norm}"'
            self.series(f"ketenwacht_{name}{{{labels}}}", f"{value}x{seconds}")

    def firing(self, at, alertname, count, **labels):
        """Expect this many firing alerts at second `at`."""
        chosen = "".join(f',{name}="{value}"' for name, value in labels.items())
        self._expressions.append(
            {
                "expr": f'count(ALERTS{{alertname="{alertname}",alertstate="firing"{chosen}}}) or vector(0)',
                "eval_time": f"{at}s",
                "exp_samples": [{"labels": "{}", "value": count}],
            }
        )

    def exactly(self, at, alertname, *alerts):
        """Expect exactly these alerts, labels and annotations, at second `at`."""
        self._alerts.append(
            {
                "eval_time": f"{at}s",
                "alertname": alertname,
                "exp_alerts": [{"exp_labels": labels, "exp_annotations": said} for labels, said in alerts],
            }
        )

    def check(self):
        test = {
            "rule_files": [str(self._rules)],
            "evaluation_interval": "1s",
            "tests": [
                {
                    "interval": "1s",
                    "input_series": self._series,
                    "promql_expr_test": self._expressions,
                    "alert_rule_test": self._alerts,
                }
            ],
        }
        path = self._folder / "timeline.yml"
        path.write_text(yaml.safe_dump(test, allow_unicode=True), "utf-8")
        done = subprocess.run(
            ["promtool", "test", "rules", str(path)],
            capture_output=True,
            text=True,
            check=False,
            env={"TZ": "Europe/Amsterdam", "PATH": "/usr/bin:/bin:/usr/local/bin"},
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def timeline(tmp_path):
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed (apt-get install prometheus)")
    return Timeline(tmp_path)
