"""The words of a mail, as Alertmanager's own template engine writes them."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.alerts.test_breach_timelines import LABELS, SAID

TEMPLATE = Path(__file__).parents[2] / "alerts" / "generated" / "alertmanager" / "mail.tmpl"


@pytest.fixture
def mail(tmp_path):
    if shutil.which("amtool") is None:
        pytest.skip("amtool is not installed (apt-get install prometheus-alertmanager)")

    def render(part, severity="warning", without=(), status="firing", **said):
        alert = {
            "status": status,
            "labels": {**LABELS, "step": "1", "role": "roaz-voorzitter", "severity": severity},
            "annotations": {name: words for name, words in SAID.items() if name not in without} | said,
        }
        data = {
            "status": status,
            "alerts": [alert],
            "groupLabels": {},
            "commonLabels": alert["labels"],
            "commonAnnotations": alert["annotations"],
        }
        (tmp_path / "data.json").write_text(json.dumps(data), "utf-8")
        words = [
            "template",
            "render",
            f"--template.glob={TEMPLATE}",
            f"--template.data={tmp_path / 'data.json'}",
        ]
        words += ["--template.type=text" if part.endswith("text") else "--template.type=html"]
        done = subprocess.run(
            ["amtool", *words, f'--template.text={{{{ template "{part}" . }}}}'],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return render


@pytest.mark.parametrize(
    ("severity", "word"), [("critical", "KRITIEK"), ("warning", "OVERSCHRIJDING"), ("info", "LET OP")]
)
def test_a_mail_calls_a_severity_what_the_live_page_calls_it(mail, severity, word):
    assert re.search(rf">{word} &middot; trap 1 van 3", mail("ketenwacht.html", severity))


def test_a_mail_says_where_its_breach_ends_where_that_is_not_at_the_limit(mail):
    assert "Norm:     minder dan 90 %\nEindigt:  bij 85 % of lager\nSinds:    15 november 2021" in mail(
        "ketenwacht.text"
    )
    assert "Eindigt bij 85 % of lager." in mail("ketenwacht.html")
    assert "Norm:     minder dan 90 %\nSinds:" in mail("ketenwacht.text", without=("ends",))
    assert "Eindigt" not in mail("ketenwacht.html", without=("ends",))


def test_a_mail_says_what_its_figure_rests_on(mail):
    said = "3 van 4 locaties, 1 doorgetrokken, oudste 19-11 06:00"
    assert f"Rust op:  {said}\nRegio:" in mail("ketenwacht.text", rests_on=said)
    assert f"Rust op:  {said}\nNorm:" in mail("ketenwacht.text", status="resolved", rests_on=said)
    for status in ("firing", "resolved"):
        assert f"Rust op {said}." in mail("ketenwacht.html", status=status, rests_on=said)
        for part in ("ketenwacht.html", "ketenwacht.text"):
            assert "Rust op" not in mail(part, status=status)


def test_a_mail_says_who_is_behind_its_figure_and_its_counts(mail):
    said = {
        "counts": "95 van 104 bedden",
        "where": "Erasmus MC 38 van 38 bedden, Maasstad 19 van 20 en 4 andere",
    }
    text = mail("ketenwacht.text", **said)
    assert "Nu:       93,4 % = 95 van 104 bedden\nNorm:     minder dan 90 %\n" in text
    assert f"Waar:     {said['where']}\n" in text
    assert "= 95 van 104 bedden</strong><br>Waar: Erasmus MC" in mail("ketenwacht.html", **said)
    assert "95 van" not in mail("ketenwacht.subject", **said)
    for part in ("ketenwacht.html", "ketenwacht.text"):
        assert "Waar:" not in mail(part, without=("where", "counts"))


@pytest.mark.parametrize("part", ["ketenwacht.subject", "ketenwacht.text", "ketenwacht.html"])
def test_only_an_end_that_somebody_told_is_called_solved(mail, part):
    told, untold = (mail(part, status="resolved", ended=ended) for ended in ("", "Te lang geen opgave."))
    assert re.search("opgelost|voorbij", told, re.IGNORECASE)
    assert not re.search("opgelost|voorbij", untold, re.IGNORECASE)
    assert re.search("afgesloten|niet meer gevolgd", untold, re.IGNORECASE)
    assert ("Te lang geen opgave." in untold) == (part != "ketenwacht.subject")
