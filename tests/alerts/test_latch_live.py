import http.server
import json
import shutil
import threading
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from alerts.addresses import local_addresses
from deploy.alertmanager.server import AlertmanagerServer
from deploy.mailbox import Mailbox
from deploy.prometheus.server import PrometheusServer
from deploy.webhook import WebhookLog

RULES = Path(__file__).parents[2] / "alerts" / "generated" / "rules.yml"
LABELS = 'region="R07",norm="ic-occupancy-high",scope="",severity="warning",source="occupancy"'


class Worker:
    """Serves metrics as a worker does, and can die."""

    def __init__(self):
        self.active = 1
        self.ended = ""
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                lines = [
                    f"{name}{{{LABELS}}} {outer.active}"
                    for name in ("ketenwacht_breach_active", "ketenwacht_breach_step")
                ]
                lines += [
                    "ketenwacht_ready 1",
                    'ketenwacht_breach_since_timestamp_seconds{region="R07",norm="ic-occupancy-high"} 1636977600',
                ]
                if outer.ended:
                    labels = f'region="R07",norm="ic-occupancy-high",scope="",reason="{outer.ended}"'
                    lines.append(f"ketenwacht_breach_ended{{{labels}}} 1")
                body = ("\n".join(lines) + "\n").encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.target = f"127.0.0.1:{self._server.server_port}"

    def die(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def stack(tmp_path):
    if shutil.which("prometheus") is None or shutil.which("prometheus-alertmanager") is None:
        pytest.skip("prometheus or alertmanager is not installed (apt-get install)")
    box, log = Mailbox(tmp_path / "mail"), WebhookLog(tmp_path / "webhooks.jsonl")
    with (
        box,
        log,
        AlertmanagerServer(tmp_path / "am", local_addresses(box.address, log.url)) as alertmanager,
        PrometheusServer(tmp_path / "prometheus", [RULES], [alertmanager.address]) as prometheus,
    ):
        yield prometheus, log


def query(prometheus, expression):
    url = f"{prometheus.url}/api/v1/query?query={urllib.parse.quote(expression)}"
    with urllib.request.urlopen(url, timeout=5) as answer:
        found = json.load(answer)["data"]["result"]
    return float(found[0]["value"][1]) if found else None


def told(log):
    lines = log.path.read_text().splitlines() if log.path.exists() else []
    alerts = [alert for line in lines for alert in json.loads(line)["alerts"]]
    return [alert for alert in alerts if alert["labels"]["alertname"] == "NormBreach"]


def states(log):
    return [alert["status"] for alert in told(log)]


def evaluations(prometheus):
    return query(prometheus, 'prometheus_rule_group_iterations_total{rule_group=~".*ketenwacht_breach"}') or 0


def test_dying_workers_and_a_dying_prometheus_are_no_recovery_and_a_real_one_is_told(stack, until):
    prometheus, log = stack
    prometheus.wait_until_heard()
    for _ in range(2):
        worker = Worker()
        prometheus.set_targets([worker.target])
        until(lambda: states(log) == ["firing"], "one firing notification")
        until(lambda: query(prometheus, "sum(up{job='ketenwacht-worker'})") == 1, "the worker is scraped")
        worker.die()
        until(lambda: query(prometheus, "region:breach:now") is None, "its series are gone")
        before = evaluations(prometheus)
        until(lambda before=before: evaluations(prometheus) >= before + 5, "five more evaluations")
        assert states(log) == ["firing"]

    prometheus.kill()
    prometheus.start()
    until(lambda: query(prometheus, "region:breach:held") == 1, "the breach is held again, from disk")
    assert states(log) == ["firing"]

    worker = Worker()
    worker.active = 0
    prometheus.set_targets([worker.target])
    until(lambda: states(log) == ["firing", "resolved"], "the end is told, once")
    worker.die()


@pytest.mark.parametrize("reason", ["supply-ended", ""])
def test_the_end_says_why_where_nobody_told_that_it_is_over(stack, until, reason):
    prometheus, log = stack
    prometheus.wait_until_heard()
    worker = Worker()
    prometheus.set_targets([worker.target])
    until(lambda: states(log) == ["firing"], "one firing notification")
    worker.ended = reason
    worker.active = 0
    until(lambda: states(log) == ["firing", "resolved"], "the end is told, once")
    begun, ended = (alert["annotations"] for alert in told(log))
    assert not begun.get("ended")
    assert ended.get("ended", "").startswith("Afgesloten omdat") == bool(reason)
    assert ended["episode_since"] == begun["episode_since"] == "2021-11-15T12:00:00Z"
    worker.die()


def test_the_heartbeat_comes_through_the_whole_chain(stack, until):
    prometheus, log = stack
    prometheus.wait_until_heard()

    age = until(log.heartbeat_age, "a heartbeat", 90)

    assert age < 5
