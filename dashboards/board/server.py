"""The page's server: static files, the state as JSON, and its changes as server-sent events."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
import structlog
from aiohttp import web

from alerts.norms import Norms
from alerts.texts import Texts
from dashboards.board.catalogue import page_catalogue
from dashboards.board.mediation import MediationDesk
from dashboards.board.reports import ReportPages
from dashboards.board.runbooks import runbook_pages
from dashboards.board.source import BoardSource
from dashboards.board.state import BoardState
from streams.signature import SigningKeys
from streams.status import RegionOverview, Transition
from streams.written import Written

_log = structlog.get_logger()
STATIC = Path(__file__).parent / "static"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
READERS_MAX = 200

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Board:
    """The state, the readers of its changes, and the application that serves both.

    Args:
        source: what fills the state; runs while the application runs.
        norms: for titles, sources and the limits of the national ladder.
        texts: the words of the alerts: roles, and what to do.
        state: where it begins; empty by default.
        clock: seconds since 1970, for telling a stream that stands still.
        beat_seconds: how often a reader hears that the connection lives.
        gather_seconds: how long changes are gathered before they are sent.
        keys: who may write ticks and control records; without any, everybody.
        source_keys: of the sources that sign.
    """

    def __init__(
        self,
        source: BoardSource,
        norms: Norms,
        texts: Texts,
        state: BoardState | None = None,
        *,
        clock: Callable[[], float] = time.time,
        beat_seconds: float = 3.0,
        gather_seconds: float = 0.2,
        keys: SigningKeys | None = None,
        source_keys: SigningKeys | None = None,
    ) -> None:
        self._source = source
        self._fixed = page_catalogue(norms, texts)
        self._runbooks = runbook_pages()
        self._mediation = MediationDesk(norms, keys, source_keys)
        self._state = state or BoardState(norms)
        self._reports = ReportPages(norms, texts)
        self._clock = clock
        self._beat_seconds = beat_seconds
        self._gather_seconds = gather_seconds
        self._changed = asyncio.Event()
        self._readers = 0
        self._epoch = secrets.token_hex(4)
        self._reading: asyncio.Task[None] | None = None

    def overview(self, record: RegionOverview) -> None:
        """Take the latest state of a region."""
        self._state.overview(record, self._clock())
        self._reports.live.overview(record)
        self._wake()

    def transition(self, record: Transition) -> None:
        """Take a transition of a breach."""
        self._state.transition(record, self._clock())
        self._reports.live.transition(record)
        self._wake()

    def tick(self, at: int) -> None:
        """Take the time of the stream."""
        self._state.tick(at, self._clock())
        self._wake()

    def waits(self, partition: int, records: Sequence[Written]) -> None:
        """Take records of `care.waiting-times`; readers of the map hear nothing of it."""
        self._mediation.receive(partition, records)

    def closing(self, key: bytes, value: bytes | None) -> None:
        """Take a record of `care.closings`; only reports look back."""
        self._reports.live.closing(key, value)

    def application(self) -> web.Application:
        """Return the aiohttp application; the source is read while it runs."""
        app = web.Application(middlewares=[_with_headers])
        app.cleanup_ctx.append(self._follow)
        app.router.add_get("/", _file("index.html"))
        app.router.add_get("/favicon.ico", _file("favicon.svg"))
        app.router.add_get("/healthz", self._health)
        app.router.add_get("/api/state", self._document)
        app.router.add_get("/api/catalogue", self._catalogue)
        app.router.add_get("/events", self._events)
        app.router.add_get("/runbooks/{name}", self._runbook)
        app.router.add_get("/bemiddeling", _file("bemiddeling.html"))
        app.router.add_get("/api/bemiddeling", self._mediation.answer)
        app.router.add_get("/api/behandelingen", self._mediation.names)
        app.router.add_static("/static/", STATIC)
        app.router.add_routes(self._reports.routes())
        return app

    async def _follow(self, _app: web.Application) -> AsyncIterator[None]:
        self._reading = asyncio.create_task(self._source.read(self))
        self._reading.add_done_callback(_tell)
        yield
        self._reading.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await self._reading

    def _wake(self) -> None:
        waiting, self._changed = self._changed, asyncio.Event()
        waiting.set()

    async def _health(self, _request: web.Request) -> web.Response:
        reading = self._reading is not None and not self._reading.done()
        clock = self._state.clock(self._clock())
        return _json({"reading": reading, "clock": clock}, status=200 if reading else 503)

    async def _document(self, _request: web.Request) -> web.Response:
        return _json(self._state.document(self._clock()))

    async def _catalogue(self, _request: web.Request) -> web.Response:
        return _json(self._fixed)

    async def _runbook(self, request: web.Request) -> web.Response:
        page = self._runbooks.get(request.match_info["name"])
        if page is None:
            raise web.HTTPNotFound(text=f"Er zijn draaiboeken over: {', '.join(sorted(self._runbooks))}")
        return web.Response(text=page, content_type="text/html")

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if self._readers >= READERS_MAX:
            raise web.HTTPServiceUnavailable(text="te veel lezers")
        response = web.StreamResponse(
            headers={**HEADERS, "Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request)
        self._readers += 1
        try:
            await self._send(response)
        except (ConnectionError, asyncio.CancelledError):
            pass  # the reader left, or the server stops
        finally:
            self._readers -= 1
        return response

    async def _send(self, response: web.StreamResponse) -> None:
        """Send a snapshot, then what changes; a slow reader gets fewer, larger changes."""
        await response.write(b"retry: 1000\n\n")
        name, version = "snapshot", -1
        while True:
            changed = self._changed  # taken before the state is read, so that no change slips between
            document = self._state.document(self._clock(), since=version)
            await response.write(self._event(name, document))
            name, version = "change", document["version"]
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), self._beat_seconds)
                await asyncio.sleep(self._gather_seconds)

    def _event(self, name: str, document: dict[str, Any]) -> bytes:
        identity = f"{self._epoch}-{document['version']}"
        return b": wacht\nid: %s\nevent: %s\ndata: %s\n\n" % (
            identity.encode(),
            name.encode(),
            orjson.dumps(document),
        )


def _tell(reading: asyncio.Task[None]) -> None:
    """Say why a source ended; `/healthz` answers 503 from then on, and the page says that nothing new comes."""
    if not reading.cancelled():
        _log.error("the source of the page ended", error=repr(reading.exception()))


def _json(document: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(document), status=status, content_type="application/json")


def _file(name: str) -> Handler:
    async def send(_request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / name)

    return send


_NOT_FOUND = "404: Not Found"
"""What aiohttp itself says of an address that nobody serves."""


@web.middleware
async def _with_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        response = await handler(request)
    except web.HTTPException as error:
        if error.status == web.HTTPNotFound.status_code and error.text == _NOT_FOUND:
            error.text = "Deze pagina bestaat niet. De kaart staat op /, zorgbemiddeling op /bemiddeling."
        error.headers.update(HEADERS)
        raise
    if not response.prepared:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)  # a report says itself which style it holds
    return response


async def serve(board: Board, port: int, ready: Callable[[str], None], host: str = "127.0.0.1") -> None:
    """Serve the page until cancelled; `ready` is told its address once it answers.

    Raises:
        OSError: the port is taken.
    """
    runner = web.AppRunner(board.application(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = runner.addresses[0][1]
        ready(f"http://{host}:{bound}/")
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
