import json
import re
import shutil
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from alerts.addresses import load_addresses, local_addresses
from alerts.norms import load_norms
from alerts.rules import BREACH_ALERT, build_rules
from alerts.texts import load_texts
from deploy.alertmanager.server import AlertmanagerServer
from deploy.cli.alerts import app
from deploy.mailbox import Mailbox
from deploy.webhook import WebhookLog
from streams.regions import ROAZ_IDS

NORMS = load_norms()
TEXTS = load_texts(NORMS)
RULES = build_rules(NORMS, TEXTS, load_addresses().links)
FIGURES = {
    "region_name": "Zuidwest-Nederland",
    "value": "93,4 %",
    "limit": "90 %",
    "since": "15-11-2021, 13:00 uur",
    "observed": "15-11-2021, 17:30 uur",
    "next": "Trap 2 van 3: het LCPS, op 17-11-2021, 19:00 uur, als de overschrijding dan nog duurt.",
    "caution": "",
    "ended": "",
    **dict.fromkeys(("rests_on", "where", "counts"), ""),
}


def breach(region, norm="ic-occupancy-high", step=1, **changed):
    """An alert as Prometheus sends it: labels and texts of the rule, with these figures filled in."""
    rule = next(
        rule
        for group in RULES["groups"]
        for rule in group["rules"]
        if rule.get("alert") == BREACH_ALERT
        and (rule["labels"]["norm"], rule["labels"]["step"]) == (norm, str(step))
    )
    labels = {"alertname": BREACH_ALERT, **rule["labels"], "region": region, "source": "occupancy"}
    links = {
        name: rule["annotations"][name].replace("{{ $labels.region }}", region)
        for name in ("page_url", "dashboard_url")
    }
    said = {**rule["annotations"], **FIGURES, **links}
    return {"labels": {**labels, "severity": NORMS.by_id[norm].severity}, "annotations": {**said, **changed}}


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    """A real Alertmanager with the real routes and templates, a mailbox and a webhook log."""
    if shutil.which("prometheus-alertmanager") is None and shutil.which("alertmanager") is None:
        pytest.skip("alertmanager is not installed (apt-get install prometheus-alertmanager)")
    folder = tmp_path_factory.mktemp("delivery")
    box, log = Mailbox(folder / "mail"), WebhookLog(folder / "webhooks.jsonl")
    with box, log, AlertmanagerServer(folder / "am", local_addresses(box.address, log.url)) as server:
        yield box, log, server


def push(server, *alerts, ended=False):
    # An alert that began longer ago than its group waits is sent at once, alone: say now, as Prometheus does.
    now = datetime.now(UTC)
    body = [
        {
            **alert,
            "startsAt": (now - timedelta(seconds=1) if ended else now).isoformat(),
            "endsAt": (now if ended else now + timedelta(minutes=5)).isoformat(),
        }
        for alert in alerts
    ]
    request = urllib.request.Request(
        f"{server.url}/api/v2/alerts", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request, timeout=10).close()


def test_one_mail_a_breach_reaches_its_own_chair_and_its_end_follows(chain, until):
    box, log, server = chain
    alerts = [breach(region) for region in ROAZ_IDS]
    alerts += [breach("R07", "ic-occupancy-critical"), breach("R07", step=2), breach("NL"), breach("R99")]
    wanted = sorted(
        [f"chair-{region.lower()}" for region in ROAZ_IDS] + ["chair-r07", "lcps", "lcps", "operations"]
    )

    push(server, *alerts)
    until(lambda: len(box.mails) >= len(alerts), "a mail for every breach")
    push(server, *alerts)  # Prometheus repeats itself; people must not notice
    push(server, *alerts, ended=True)
    until(lambda: len(box.mails) >= 2 * len(alerts), "a mail for every end", 60)

    for state in ("firing", "resolved"):
        assert sorted(mail.to[0].split("@")[0] for mail in box.mails if mail.state == state) == wanted
    first = [mail for mail in box.mails if mail.region == "R07" and mail.state == "firing"]
    assert sorted(mail.subject for mail in first) == [
        "[Ketenwacht] R07 Zuidwest-Nederland: bezetting IC 93,4 % (grens 90 %)",
        "[Ketenwacht] R07 Zuidwest-Nederland: bezetting IC 93,4 % (grens 90 %), trap 2",
        "[Ketenwacht] R07 Zuidwest-Nederland: bezetting IC kritiek 93,4 % (grens 90 %)",
    ]
    last = [mail.subject for mail in box.mails if mail.to == ("chair-r07@ketenwacht.local",)][-1]
    assert last.startswith("[Ketenwacht] Opgelost: R07 Zuidwest-Nederland: bezetting IC")
    until(lambda: log.count >= 2 * len(alerts), "the webhook log hears everything")
    receivers = {json.loads(line)["receiver"] for line in log.path.read_text().splitlines()}
    assert {f"chair-{region}" for region in ROAZ_IDS} <= receivers


def test_the_mail_says_everything_in_plain_text_and_in_html(chain, until):
    box, _, server = chain
    alert = breach(
        "R05",
        "ward-occupancy-high",
        caution="Let op, een bron zwijgt: source=lcps,topic=care.occupancy.",
        rests_on="3 van 4 locaties, 1 doorgetrokken, oudste 15-11 12:00",
        counts="934 van 1.000 bedden",
        where="Ziekenhuis A&B 38 van 38 bedden en 4 andere",
    )

    push(server, alert)
    mail = until(lambda: [m for m in box.mails if m.norm == "ward-occupancy-high"], "the mail")[0]
    plain = " ".join(mail.body("plain").split())
    html = " ".join(re.sub(r"<[^>]+>", " ", mail.body("html").split("</style>")[1]).split())

    norm = NORMS.by_id["ward-occupancy-high"]
    for text in (
        "93,4 %",
        "minder dan 90 %",
        "15 november 2021, 13:00 uur",
        "het LCPS, op 17 november 2021, 19:00 uur",
        "een bron zwijgt: bron lcps (occupancy)",
        "3 van 4 locaties, 1 doorgetrokken, oudste 15-11 12:00",
        "= 934 van 1.000 bedden",
        TEXTS.by_norm[norm.id].meaning,
        TEXTS.by_norm[norm.id].action,
        norm.source,
        norm.article,
        norm.assumption.text,
        norm.assumption.owner,
    ):
        assert text in plain, text
        assert text in html, text
    assert "http://ketenwacht.local:8300/#R05" in mail.body("html")
    assert "http://ketenwacht.local:8300/#R05" in plain
    assert "Waar: Ziekenhuis A&B 38 van 38 bedden en 4 andere" in plain
    assert "Waar: Ziekenhuis A&amp;B 38 van 38 bedden en 4 andere" in html
    # Nothing is fetched when the mail is opened: nobody learns who read it, and it looks the same offline.
    assert not re.search(r"<(img|link|script|iframe)|url\(|@import", mail.body("html"))
    for body in (plain, html):
        assert "{{" not in body
        assert "<no value>" not in body


@pytest.mark.parametrize(
    ("region", "value"),
    [
        ("R01", "93,4 %"),
        ("R02", "35 dagen"),
        ("R03", "80 % van verwacht"),
        ("R04", "onbekend"),
        ("R06", "1.352 bedden"),
    ],
)
def test_the_big_figure_is_shown_once_and_whole(chain, until, region, value):
    box, _, server = chain

    push(server, breach(region, "ward-occupancy-critical", value=value))
    mail = until(
        lambda: [m for m in box.mails if (m.norm, m.region) == ("ward-occupancy-critical", region)],
        "the mail",
    )[0]
    shown = re.sub(r"<[^>]+>", "", mail.body("html").split("</style>")[1])

    assert f"Norm {value} minder dan 90 % Sinds" in " ".join(shown.split())


def test_operations_get_one_mail_for_the_same_trouble_in_many_regions(chain, until):
    box, _, server = chain
    silent = [
        breach(region, "feed-silent", value="1,4 keer de gewone stilte", limit="1 keer")
        for region in ("R01", "R02", "R03")
    ]

    push(server, *silent)
    mail = until(lambda: [m for m in box.mails if m.norm == "feed-silent"], "the mail")[0]

    assert mail.to == ("operations@ketenwacht.local",)
    assert mail.subject == "[Ketenwacht] Een bron levert niet meer (3 open)"
    assert "R02" in mail.body("plain")
    assert "R02" in mail.body("html")


def test_a_drill_reaches_the_chair_and_says_so_everywhere(chain, until):
    box, _, server = chain

    done = CliRunner().invoke(app, ["drill", "R11", "--alertmanager", server.url])
    mail = until(lambda: [m for m in box.mails if m.norm == "oefening"], "the drill")[0]

    assert done.exit_code == 0, done.output
    assert mail.to == ("chair-r11@ketenwacht.local",)
    assert "OEFENING" in mail.subject
    assert "OEFENING" in mail.body("plain")
    assert "OEFENING" in mail.body("html")


def test_a_drill_for_no_region_is_refused():
    done = CliRunner().invoke(app, ["drill", "R99"])

    assert done.exit_code == 2


def test_a_payload_that_is_none_is_refused_and_not_logged(tmp_path):
    with WebhookLog(tmp_path / "w.jsonl") as log:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(log.url, b'{"alerts": 3}'), timeout=5)
        refused.value.close()

        assert refused.value.code == 400
        assert log.count == 0


def test_the_heartbeat_is_timed_and_not_logged(tmp_path):
    log = WebhookLog(tmp_path / "w.jsonl")

    assert log.heartbeat_age() is None
    log.take(b'{"receiver": "heartbeat", "alerts": []}')

    assert 0 <= log.heartbeat_age() < 5
    assert not log.path.exists()
