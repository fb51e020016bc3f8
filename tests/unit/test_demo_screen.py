"""The screen of the demo, as text."""

import time
from io import StringIO

from rich.console import Console

from alerts.norms import load_norms
from alerts.texts import load_texts
from deploy.cli.demo import first_mail
from deploy.cli.demo_screen import screen
from deploy.demo import Progress
from deploy.mailbox import Mail


def shown(**active):
    out = StringIO()
    progress = Progress(
        produced=13584, judged=1637582400, active=active, subjects=["[Ketenwacht] R05: te vol"]
    )
    Console(file=out, width=120).print(screen(progress, (1637000000, 1638000000), load_texts(load_norms())))
    return {line[:3].strip(): line for line in out.getvalue().splitlines()}, out.getvalue()


def test_the_worst_breach_of_a_region_is_said_first_and_in_dutch():
    lines, _ = shown(
        R05=[
            ("flood-notified", "info"),
            ("ward-occupancy-high", "warning"),
            ("ic-occupancy-high", "warning"),
            ("ic-occupancy-critical", "critical"),
        ]
    )
    assert "▲ kritiek" in lines["R05"]
    assert "bezetting IC kritiek, bezetting IC, bezetting kliniek" in lines["R05"]


def test_each_severity_has_the_word_of_the_live_page():
    lines, _ = shown(R01=[("flood-notified", "info")], R02=[("ic-occupancy-high", "warning")], R03=[])
    assert "let op" in lines["R01"]
    assert "overschrijding " in lines["R02"]
    assert "binnen de norm" in lines["R03"]
    assert "onbekend" in lines["R04"]


def test_time_and_numbers_are_written_as_in_the_netherlands():
    _, text = shown()
    assert "22-11-2021 13:00" in text
    assert "13.584 berichten" in text
    assert "[Ketenwacht] R05: te vol" in text


def test_the_first_mail_is_counted_from_the_clone_or_else_from_the_start(tmp_path):
    progress = Progress()
    mail = Mail(1, tmp_path, ("a@b",), "te vol", "R05", "", "firing")
    before = time.time()
    progress.on_mail(mail)
    first = progress.first_mail_at
    progress.on_mail(mail)
    assert before <= first == progress.first_mail_at <= time.time()
    assert first_mail(1000.4, began=940.0, cloned=900.0) == "from clone to first mail: 100 s"
    assert first_mail(1000.4, began=940.0, cloned=None) == "from start to first mail: 60 s"
