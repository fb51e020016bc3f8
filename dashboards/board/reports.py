"""Reports on the page's server: the regional report as a page, and the integral monitor as JSON."""

import asyncio
import base64
import hashlib
from typing import Any

import orjson
from aiohttp import web

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
NOTHING = "Nog geen gegevens ontvangen."


class ReportPages:
    """Answers `/rapport/REGION` and `/api/monitor`, from what the page's source brings.

    Args:
        norms: for limits and sources.
        texts: the words of the alerts.
    """

    def __init__(self, norms: Norms, texts: Texts) -> None:
        self.live = Live()
        self._norms = norms
        self._texts = texts
        self._chapters = load_chapters()
        self._registry = load_registry()
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
        try:
            page = await asyncio.to_thread(self._page, region, self.live.copy())
        except NothingKnownError as error:
            raise web.HTTPServiceUnavailable(text=NOTHING) from error
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
            document = await asyncio.to_thread(self._document, month, int(before), self.live.copy())
        except NothingKnownError as error:
            raise web.HTTPServiceUnavailable(text=NOTHING) from error
        return web.Response(body=orjson.dumps(document), content_type="application/json")

    def _page(self, region: str, live: Live) -> str:
        return report_page(region, live.told(), self._norms, self._texts, self._chapters)

    def _document(self, month: str | None, before: int, live: Live) -> dict[str, Any]:
        return monitor_document(self._registry, live.months(month, before), before)
