"""Pushing dashboards to a fake Grafana that keeps the rules of the real API."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from dashboards.grafana.gateway import GrafanaError, GrafanaGateway, GrafanaSettings
from dashboards.grafana.push import push
from deploy.cli.main import app

TOKEN = "glsa_secret-token"  # noqa: S105 - of the fake


class FakeGrafana:
    """Folders and dashboards by uid; 401, 404, 409 and 412 as the HTTP API documents them."""

    def __init__(self):
        self.folders = {}
        self.dashboards = {}
        self.writes = []
        self.reads = 0
        self.broken = []  # statuses to answer first
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                fake.reads += 1
                self.answer(*fake.get(self.path, self.headers))

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.answer(*fake.post(self.path, self.headers, body))

            def answer(self, status, body):
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def refused(self, headers):
        if self.broken:
            return self.broken.pop(0), {"message": "try later"}
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"message": "Invalid API key"}
        return None

    def get(self, path, headers):
        refusal = self.refused(headers)
        if refusal:
            return refusal
        kind, _, uid = path.removeprefix("/api/").rpartition("/")
        if kind == "folders" and uid in self.folders:
            return 200, self.folders[uid]
        if kind == "dashboards/uid" and uid in self.dashboards:
            return 200, self.dashboards[uid]
        return 404, {"message": "not found"}

    def post(self, path, headers, body):  # noqa: PLR0911 - one return for each answer of the API
        refusal = self.refused(headers)
        if refusal:
            return refusal
        if path == "/api/folders":
            if body["uid"] in self.folders:
                return 409, {"message": "the folder has been changed by someone else"}
            self.folders[body["uid"]] = {"id": 1, "uid": body["uid"], "title": body["title"], "version": 1}
            self.writes.append(("folder", body["uid"]))
            return 200, self.folders[body["uid"]]
        assert path == "/api/dashboards/db"
        document = body["dashboard"]
        if body["folderUid"] not in self.folders:
            return 400, {"message": "folder not found"}
        stored = self.dashboards.get(document["uid"])
        if stored and stored["meta"].get("provisioned"):
            return 400, {"message": "Cannot save provisioned dashboard"}
        version = stored["dashboard"]["version"] if stored else 0
        if stored and not body["overwrite"] and document.get("version") != version:
            return 412, {"message": "changed by someone else", "status": "version-mismatch"}
        self.dashboards[document["uid"]] = {
            "dashboard": {**document, "id": 7, "version": version + 1},
            "meta": {"folderUid": body["folderUid"], "provisioned": False, "version": version + 1},
        }
        self.writes.append(("dashboard", document["uid"], body["message"]))
        return 200, {"id": 7, "uid": document["uid"], "status": "success", "version": version + 1}


@pytest.fixture
def grafana():
    fake = FakeGrafana()
    yield fake
    fake.stop()


def settings(grafana, **changes):
    return GrafanaSettings(url=grafana.url, token=SecretStr(TOKEN), attempts=3, timeout_s=5, **changes)


@pytest.fixture
def gateway(grafana):
    with GrafanaGateway(settings(grafana)) as opened:
        yield opened


def built(title="Nederland"):
    return {"one": {"uid": "one", "title": title, "panels": []}, "two": {"uid": "two", "title": "Regio"}}


def test_pushing_twice_writes_once(grafana, gateway):
    first = push(gateway, built(), "commit abc")
    written = list(grafana.writes)
    second = push(gateway, built(), "commit abc")

    assert [each.outcome for each in first] == ["created", "created"]
    assert written == [
        ("folder", "ketenwacht"),
        ("dashboard", "one", "commit abc"),
        ("dashboard", "two", "commit abc"),
    ]
    assert [each.outcome for each in second] == ["same", "same"]
    assert grafana.writes == written


def test_only_what_differs_is_written_and_an_edit_by_hand_is_undone(grafana, gateway):
    push(gateway, built(), "")
    grafana.dashboards["one"]["dashboard"]["title"] = "Edited by hand"
    grafana.writes.clear()

    plan = push(gateway, built(), "")

    assert [(each.uid, each.outcome) for each in plan] == [("one", "changed"), ("two", "same")]
    assert [write[1] for write in grafana.writes] == ["one"]
    assert grafana.dashboards["one"]["dashboard"]["title"] == "Nederland"
    assert '-  "title": "Edited by hand",' in plan[0].diff


def test_a_dashboard_that_was_moved_comes_back_to_its_folder(grafana, gateway):
    push(gateway, built(), "")
    grafana.dashboards["two"]["meta"]["folderUid"] = "elsewhere"

    plan = push(gateway, built(), "")

    assert plan[1].outcome == "changed"
    assert grafana.dashboards["two"]["meta"]["folderUid"] == "ketenwacht"


def test_a_dry_run_shows_the_difference_and_writes_nothing(grafana, gateway):
    plan = push(gateway, built(), "", dry_run=True)

    assert [each.outcome for each in plan] == ["created", "created"]
    assert any('"title": "Regio"' in line for line in plan[1].diff)
    assert grafana.writes == []


def test_a_folder_that_somebody_else_made_meanwhile_is_fine(grafana, gateway):
    grafana.folders["ketenwacht"] = {"uid": "ketenwacht", "title": "x"}
    grafana.broken = []
    original = grafana.get
    grafana.get = lambda path, headers: (
        (404, {"message": "not found"}) if path.startswith("/api/folders") else original(path, headers)
    )

    assert gateway.ensure_folder("ketenwacht", "Ketenwacht") is False


@pytest.mark.parametrize("status", [500, 502, 429])
def test_what_passes_by_itself_is_tried_again(grafana, gateway, status):
    grafana.broken = [status, status]

    push(gateway, built(), "")

    assert len(grafana.writes) == 3


def test_attempts_are_bounded(grafana, gateway):
    grafana.broken = [503] * 10

    with pytest.raises(GrafanaError, match="Grafana answers 503"):
        gateway.dashboard("one")

    assert len(grafana.broken) == 7


def test_a_dashboard_refused_right_after_its_new_folder_is_tried_again(grafana, gateway):
    folders, grafana.folders = grafana.folders, {}
    original = grafana.post

    def late(path, headers, body):
        answer = original(path, headers, body)
        if answer[0] == 400:
            grafana.folders["ketenwacht"] = {"uid": "ketenwacht"}
        return answer

    grafana.post = late
    gateway.save(built()["one"], "ketenwacht", "")

    assert "one" in grafana.dashboards
    assert folders == {}


def test_a_provisioned_dashboard_is_left_to_its_file(grafana, gateway):
    push(gateway, built(), "")
    grafana.dashboards["one"]["meta"]["provisioned"] = True
    grafana.dashboards["one"]["dashboard"]["title"] = "From a file"
    grafana.writes.clear()

    with pytest.raises(GrafanaError, match="one: provisioned from files"):
        push(gateway, built(), "")

    assert grafana.writes == []


def test_a_wrong_token_is_told_without_showing_it(grafana):
    wrong = GrafanaSettings(url=grafana.url, token=SecretStr("glsa_wrong"), attempts=2)
    with (
        GrafanaGateway(wrong) as gateway,
        pytest.raises(GrafanaError, match=r"401.*KETENWACHT_GRAFANA_TOKEN") as told,
    ):
        gateway.dashboard("one")

    assert "glsa_wrong" not in str(told.value)
    assert "glsa_wrong" not in repr(wrong)


def test_no_answer_at_all_is_a_clear_error(grafana):
    grafana.stop()
    with GrafanaGateway(settings(grafana)) as gateway, pytest.raises(GrafanaError, match="no proper answer"):
        gateway.dashboard("one")


def test_the_command_pushes_the_real_dashboards_once(grafana, monkeypatch):
    monkeypatch.setenv("KETENWACHT_GRAFANA_URL", grafana.url + "/")
    monkeypatch.setenv("KETENWACHT_GRAFANA_TOKEN", TOKEN)

    first = CliRunner().invoke(app, ["dashboards", "push", "--json"])
    second = CliRunner().invoke(app, ["dashboards", "push", "--json"])

    assert json.loads(first.output) == {"ketenwacht-national": "created", "ketenwacht-region": "created"}
    assert json.loads(second.output) == {"ketenwacht-national": "same", "ketenwacht-region": "same"}
    assert len(grafana.writes) == 3
    assert TOKEN not in first.output + second.output


def test_the_command_asks_for_a_token(monkeypatch):
    monkeypatch.delenv("KETENWACHT_GRAFANA_TOKEN", raising=False)

    result = CliRunner().invoke(app, ["dashboards", "push"])

    assert result.exit_code == 2
    assert "KETENWACHT_GRAFANA_TOKEN" in result.output


def test_the_check_command_agrees_with_the_committed_files():
    result = CliRunner().invoke(app, ["dashboards", "check", "--json"])

    assert (result.exit_code, json.loads(result.output)) == (0, {"different": []})
