"""The courier's door: Alertmanager's posts come in, and whoever watches asks how it is."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from aiohttp import web

from deploy.courier.journal import BrokerAwayError

_BODY_BYTES_MAX = 8_000_000


def application(
    take: Callable[[Mapping[str, Any]], Awaitable[None]], health: Callable[[], Mapping[str, Any]]
) -> web.Application:
    """Return the application.

    Args:
        take: takes a payload of Alertmanager, and returns once it is in Kafka; raises `ValueError` where it is none, and
            `BrokerAwayError` where Kafka did not take it in time.
        health: what `/healthz` says; answered 200 if its `ready` is true, else 503.
    """

    async def alerts(request: web.Request) -> web.Response:
        try:
            payload = orjson.loads(await request.read())
            if not isinstance(payload, dict):
                raise web.HTTPBadRequest(text="an object expected")
            await take(payload)
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        except BrokerAwayError as error:
            raise web.HTTPServiceUnavailable(text="not in Kafka yet; post it again") from error
        return web.Response()

    async def healthz(_request: web.Request) -> web.Response:
        said = health()
        return web.Response(
            body=orjson.dumps(said), status=200 if said["ready"] else 503, content_type="application/json"
        )

    app = web.Application(client_max_size=_BODY_BYTES_MAX)
    app.router.add_post("/alerts", alerts)
    app.router.add_get("/healthz", healthz)
    return app
