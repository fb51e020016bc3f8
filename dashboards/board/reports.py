"""Reports on the page's server: the regional report as a page, and the integral monitor as JSON."""

import asyncio
import base64
import hashlib
import time
from collections.abc import Callable

import orjson
from aiohttp import web
from kafka.errors import KafkaError

from alerts.norms import Norms
from alerts.texts import Texts
from dashboards.reports.chapters import load_chapters
from dashboards.reports.live import Live, NothingKnownError
from dashboards.reports.monitor import monitor_document
from dashboards.reports.months import month_end
from dashboards.reports.page import report_page, style
from dashboards.reports.registry import load_registry
from streams.regions import REGIONS

BEFORE_MAX = 60
_KEPT_SECONDS = 15.0


class ReportPages:
    """Answers `/rapport/REGION` and `/api/monitor`.

    Args:
        read: reads what the live system knows; takes seconds, so it runs in a thread and its answer is kept a while.
        norms: for limits and sources.
        texts: the words of the alerts.
    """

    def __init__(self, read: Callable[[], Live], norms: Norms, texts: Texts) -> None:
        self._read = read
        self._norms = norms
        self._texts = texts
        self._chapters = load_chapters()
        self._registry = load_registry()
        self._reading = asyncio.Lock()
        self._known: tuple[float, Live] | None = None
        digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
        self._policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        )

    def routes(self) -> list[web.RouteDef]:
        """Return what the application serves."""
        return [web.get("/rapport/{region}", self._report), web.get("/api/monitor", self._monitor)]

    async def _report(self, request: web.Request) -> web.StreamResponse:
        region = request.match_info["region"]
        if region not in REGIONS:
            raise web.HTTPNotFound(text=f"Er zijn rapportages van: {', '.join(REGIONS)}")
        told = (await self._live()).told()
        page = await asyncio.to_thread(report_page, region, told, self._norms, self._texts, self._chapters)
        return web.Response(
            text=page, content_type="text/html", headers={"Content-Security-Policy": self._policy}
        )

    async def _monitor(self, request: web.Request) -> web.StreamResponse:
        month, before = request.query.get("month"), request.query.get("before", "0")
        try:
            if month is not None:
                month_end(month)
            if not (before.isdecimal() and int(before) <= BEFORE_MAX):
                raise ValueError(f"`before` is a number of months, 0 to {BEFORE_MAX}")  # noqa: TRY301 - both are the reader's
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        try:
            months = (await self._live()).months(month, int(before))
        except NothingKnownError as error:
            raise web.HTTPServiceUnavailable(text=str(error)) from error
        document = await asyncio.to_thread(monitor_document, self._registry, months, int(before))
        return web.Response(body=orjson.dumps(document), content_type="application/json")

    async def _live(self) -> Live:
        async with self._reading:
            now = time.monotonic()
            if self._known is None or now - self._known[0] > _KEPT_SECONDS:
                try:
                    self._known = (now, await asyncio.to_thread(self._read))
                except (KafkaError, TimeoutError, OSError) as error:
                    raise web.HTTPServiceUnavailable(text=f"Kafka geeft geen antwoord: {error}") from error
            return self._known[1]
