"""The addresses of the page for zorgbemiddeling, and the command that asks them or reads a recording."""

import asyncio
import json
import threading
from datetime import UTC, date, datetime

import pytest
from aiohttp import ClientSession, web
from typer.testing import CliRunner

from alerts.norms import load_norms
from alerts.texts import load_texts
from dashboards.board.server import Board
from deploy.cli.main import app
from streams.recording import Record, RecordingHeader, write_recording
from streams.reports import WaitingTimesReport, WaitRow
from streams.ticks import TICK_KEY, encode_tick
from streams.topics import WAITING_TIMES
from tests.support.reports import record

NOON = datetime(2021, 11, 16, 12, tzinfo=UTC)


def told(region, location, days, peildatum=date(2021, 11, 16), at=NOON):
    row = WaitRow(specialism="oogheelkunde", treatment="Staaroperatie", access="behandeling", days=days)
    return record(
        WaitingTimesReport(
            id=f"{region}/{location}/{peildatum}", source="nza-msz", region=region, location=location, observed_at=at,
            received_at=at, peildatum=peildatum, rows=[row],
        )
    )  # fmt: skip


REPORTS = [told("R07", "Goes", 60.0), told("R08", "Leiden", 20.0)]
TICK = Record(
    WAITING_TIMES,
    TICK_KEY,
    int(NOON.timestamp()) * 1000 + 60_000,
    (),
    encode_tick(int(NOON.timestamp()) + 60),
)


class Told:
    def __init__(self, records):
        self.records = records

    async def read(self, sink):
        if self.records:
            sink.waits(0, self.records)
        await asyncio.Event().wait()


class Served:
    """A page in a thread of its own, for a command that waits for its answer."""

    def __init__(self, records):
        norms = load_norms()
        self._board = Board(Told(records), norms, load_texts(norms))
        self._up = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self.url = ""

    async def _run(self):
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        runner = web.AppRunner(self._board.application(), shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._up.set()
        await self._stop.wait()
        await runner.cleanup()

    def __enter__(self):
        self._thread.start()
        assert self._up.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def get(self, path):
        async def ask():
            async with ClientSession() as session, session.get(self.url + path) as answer:
                return answer.status, await answer.json()

        return asyncio.run(ask())


@pytest.fixture(scope="module")
def page():
    with Served([*REPORTS, TICK]) as served:
        yield served


def run(*arguments):
    return CliRunner().invoke(app, ["bemiddeling", *arguments])


def test_the_page_answers_where_a_wait_is_shorter(page):
    status, found = page.get("/api/bemiddeling?behandeling=staar-operatie&regio=zwn")
    assert status == 200
    assert (found["name"], found["region"], found["at"]) == ("Staaroperatie", "R07", "2021-11-16T12:01:00Z")
    assert [offer["location"] for offer in found["comparisons"][0]["shorter"]] == ["Leiden"]


def test_the_page_names_the_treatments_that_can_be_asked_for(page):
    assert page.get("/api/behandelingen") == (200, {"at": "2021-11-16T12:01:00Z", "names": ["Staaroperatie"]})


@pytest.mark.parametrize(
    ("asked", "status", "suggestions"),
    [
        ("behandeling=staar&regio=R07", 404, ["Staaroperatie"]),
        ("behandeling=oogheelkunde&regio=R07", 404, ["Staaroperatie"]),
        ("behandeling=knie&regio=R07", 404, []),
        ("behandeling=" + 1000 * "x" + "&regio=R07", 404, []),
        ("behandeling=staaroperatie&regio=R12", 404, [f"R{number:02}" for number in range(1, 12)]),
        ("behandeling=staaroperatie&regio=NL", 404, [f"R{number:02}" for number in range(1, 12)]),
        ("behandeling=&regio=R07", 400, []),
        ("behandeling=staaroperatie", 400, []),
    ],
)
def test_what_cannot_be_answered_is_refused_with_what_comes_near(page, asked, status, suggestions):
    answered, document = page.get(f"/api/bemiddeling?{asked}")
    assert (answered, document["suggestions"]) == (status, suggestions)
    assert document["error"]


def test_a_page_that_heard_nothing_yet_says_so_instead_of_denying():
    with Served([]) as served:
        assert served.get("/api/bemiddeling?behandeling=x&regio=R07")[0] == 503
        assert served.get("/api/behandelingen") == (200, {"at": None, "names": []})


def test_the_command_asks_the_live_page(page):
    ran = run("--behandeling", "staaroperatie", "--regio", "R07", "--board", page.url, "--json")
    assert ran.exit_code == 0
    assert json.loads(ran.stdout)["comparisons"][0]["shorter"][0]["days"] == 20
    near = run("--behandeling", "staar", "--regio", "R07", "--board", page.url)
    assert near.exit_code == 2
    assert "Staaroperatie" in near.stderr
    assert run("--behandeling", "x", "--regio", "R99", "--board", page.url).exit_code == 2


def test_the_command_says_when_there_is_no_live_page():
    ran = run("--behandeling", "x", "--regio", "R07", "--board", "http://127.0.0.1:9/")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "--board" in ran.stderr
    assert run("--behandeling", "x", "--regio", "R07", "--board", "file:///etc/passwd").exit_code == 2


@pytest.fixture
def recording(tmp_path):
    earlier = datetime(2021, 11, 2, 12, tzinfo=UTC)
    records = [told("R07", "Goes", 10.0, date(2021, 11, 2), earlier), *REPORTS]
    path = tmp_path / "waits.jsonl.gz"
    write_recording(path, RecordingHeader(name="waits", tick_seconds=3600), records)
    return str(path)


def test_the_command_looks_in_a_recording_as_known_then(recording):
    now = run("--behandeling", "staaroperatie", "--regio", "R07", "--recording", recording, "--json")
    assert json.loads(now.stdout)["comparisons"][0]["shortest_here"] == 60
    then = run(
        "--behandeling", "staaroperatie", "--regio", "R07", "--recording", recording, "--at", "2021-11-10T12:00", "--json",
    )  # fmt: skip
    found = json.loads(then.stdout)
    assert (found["at"], found["comparisons"][0]["shortest_here"]) == ("2021-11-10T11:00:00Z", 10)
    assert found["comparisons"][0]["shorter"] == []


def test_the_command_speaks_dutch_and_names_date_and_source(recording):
    ran = run("--behandeling", "staaroperatie", "--regio", "R07", "--recording", recording)
    assert "elders korter" in ran.stdout
    assert "Treeknorm 42 of 49 dagen" in ran.stdout
    assert "R08 29 km   20 dagen" in ran.stdout
    assert "(peildatum 2021-11-16, nza-msz)" in ran.stdout


def test_wrong_use_of_the_command_ends_with_exit_code_2_and_names_what_comes_near(recording):
    near = run("--behandeling", "staar", "--regio", "R07", "--recording", recording)
    assert near.exit_code == 2
    assert "Staaroperatie" in near.stderr
    assert run("--behandeling", "x", "--regio", "R12", "--recording", recording).exit_code == 2
    assert run("--behandeling", "x", "--regio", "R07", "--at", "2021-11-10").exit_code == 2
