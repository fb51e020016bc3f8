"""Asks Alertmanagers what they keep silent."""

import asyncio
from collections.abc import Sequence
from typing import Any

import aiohttp
import structlog

from alerts.courier.silence import Silences

_log = structlog.get_logger()
_SECONDS = 2.0
_BYTES_MAX = 20_000_000


async def ask_silences(urls: Sequence[str]) -> Silences:
    """Return what the Alertmanagers keep silent, all that answer taken together.

    Where none answers nothing is silenced: that nobody knows it must not keep a message back.
    """
    if not urls:
        return Silences()
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        told = await asyncio.gather(*(_ask(session, url) for url in urls))
    return Silences(
        tuple(each for alerts, _ in told for each in alerts),
        tuple(each for _, silences in told for each in silences),
    )


async def _ask(session: aiohttp.ClientSession, url: str) -> tuple[list[Any], list[Any]]:
    suppressed = {"active": "false", "silenced": "true", "inhibited": "false", "unprocessed": "false"}
    try:
        alerts = await _get(session, f"{url}/api/v2/alerts", suppressed)
        return alerts, await _get(session, f"{url}/api/v2/silences", {})
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as error:
        _log.warning("Alertmanager does not say what is silenced", url=url, error=repr(error))
        return [], []


async def _get(session: aiohttp.ClientSession, url: str, params: dict[str, str]) -> list[Any]:
    async with session.get(url, params=params) as answer:
        answer.raise_for_status()
        found = await answer.json()
    if not isinstance(found, list):
        raise ValueError("a list was expected")  # noqa: TRY004 - wrong input
    return [each for each in found if isinstance(each, dict)]
