"""The page's server without a browser: its addresses, its events, and a source that fails."""

import asyncio
import json
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from alerts.norms import load_norms
from alerts.texts import load_texts
from dashboards.board.server import Board
from streams.calendar import iso
from streams.status import RegionOverview
from streams.views import IndicatorView

AT = 1637582400


class Still:
    async def read(self, _sink):
        await asyncio.Event().wait()


class Failing:
    async def read(self, _sink):
        raise RuntimeError("no such log")


def board(source):
    norms = load_norms()
    return Board(source, norms, load_texts(norms), clock=lambda: AT + 1, beat_seconds=0.1, gather_seconds=0)


def overview(region, at=AT):
    figure = IndicatorView("beds_occupied", {"unit": "ic", "label": "all"}, 140, "beds", iso(at), 1.0)
    return RegionOverview(region, iso(at), [figure], [])


def served(page, ask):
    """Run `ask(session, url)` against the page."""

    async def run():
        runner = web.AppRunner(page.application(), shutdown_timeout=0.5)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            async with ClientSession() as session:
                return await asyncio.wait_for(ask(session, f"http://127.0.0.1:{runner.addresses[0][1]}"), 20)
        finally:
            await runner.cleanup()

    return asyncio.run(run())


async def next_event(answer):
    event = {}
    while True:
        line = (await answer.content.readline()).decode().rstrip("\n")
        if not line and "data" in event:
            return event
        name, _, value = line.partition(": ")
        event[name] = value


def test_events_begin_with_a_snapshot_and_then_tell_only_what_changed():
    page = board(Still())

    async def ask(session, url):
        page.overview(overview("R01"))
        async with session.get(f"{url}/events") as answer:
            first = await next_event(answer)
            page.overview(overview("R02"))
            second = await next_event(answer)
            third = await next_event(answer)
            return answer.headers["Content-Type"], first, second, third

    kind, first, second, third = served(page, ask)

    assert kind == "text/event-stream"
    assert first["event"] == "snapshot"
    assert first["retry"] == "1000"
    assert list(json.loads(first["data"])["regions"]) == ["R01"]
    assert second["event"] == "change"
    assert list(json.loads(second["data"])["regions"]) == ["R02"]
    assert json.loads(third["data"])["regions"] == {}, "a beat without news"
    assert first["id"] != second["id"]
    assert first["id"].split("-")[0] == second["id"].split("-")[0]


def test_a_source_that_fails_makes_the_page_unhealthy_and_leaves_it_up():
    async def ask(session, url):
        async with session.get(f"{url}/healthz") as health, session.get(f"{url}/api/state") as state:
            return health.status, state.status

    assert served(board(Failing()), ask) == (503, 200)


@pytest.mark.parametrize("path", ["/nothing", "/static/../server.py", "/static/", "/runbooks/nothing"])
def test_what_is_not_there_is_refused_with_the_same_strict_headers(path):
    async def ask(session, url):
        async with session.get(url + path) as answer:
            return answer.status, answer.headers["Content-Security-Policy"]

    status, policy = served(board(Still()), ask)

    assert status in {403, 404}
    assert policy.startswith("default-src 'none'")


def test_every_address_is_described():
    described = (Path(__file__).parents[2] / "docs" / "board.md").read_text("utf-8")
    for resource in board(Still()).application().router.resources():
        address = resource.canonical.replace("{name}", "NAME").replace("{region}", "REGION")
        if address not in {"/favicon.ico", "/static"}:
            assert f"`{address}`" in described, address


def test_reports_are_told_of_what_the_source_brought_and_nothing_is_made_up():
    class Brought(Still):
        async def read(self, sink):
            sink.overview(overview("R07"))
            await super().read(sink)

    async def ask(session, url):
        found = []
        for path in (
            "/rapport/R07",
            "/rapport/R99",
            "/api/monitor",
            "/api/monitor?month=2021-13",
            "/api/monitor?before=many",
        ):
            async with session.get(url + path) as answer:
                found.append((answer.status, await answer.text()))
        return found

    report, unknown, monitor, *wrong = served(board(Brought()), ask)
    assert report[0] == 200
    assert "Stand van <strong>22 november 2021, 13:00" in report[1]
    assert unknown[0] == 404
    assert json.loads(monitor[1])["month"] == "2021-11"
    assert [status for status, _ in wrong] == [400, 400]


def test_before_anything_is_known_reports_say_so():
    async def ask(session, url):
        async with session.get(url + "/rapport/R07") as answer:
            return answer.status, await answer.text()

    assert served(board(Still()), ask) == (503, "Nog geen gegevens ontvangen.")


def test_an_address_that_nobody_serves_is_answered_in_dutch_with_the_way_back():
    async def ask(session: ClientSession, url: str):
        async with session.get(url + "/nergens") as answer:
            return answer.status, await answer.text(), answer.headers["Content-Security-Policy"]

    status, said, policy = served(board(Still()), ask)
    assert (status, said) == (
        404,
        "Deze pagina bestaat niet. De kaart staat op /, zorgbemiddeling op /bemiddeling.",
    )
    assert "default-src" in policy
