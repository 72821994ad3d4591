"""Where Telegram's updates come in: the secret first, then the size, then the content."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from core.errors import Refused, StoreUnavailable
from platforms.bodies import read_body
from platforms.bounded_json import parse_object

_log = logging.getLogger(__name__)

BODY_LIMIT = 256 * 1024
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name
_RETRY_SECONDS = "2"

Take = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Takes one update; once it returns, what somebody said in it is on disk. Raises `StoreUnavailable`."""


class Door:
    """Serves `POST /channels/telegram/<name>`. A 2xx has no body: Telegram would carry one out as a command."""

    def __init__(self, secret: str, take: Take) -> None:
        self._secret = secret.encode()
        self._take = take

    async def serve(self, request: web.Request) -> web.Response:
        named = request.headers.getall(_SECRET, [])
        if len(named) != 1 or not hmac.compare_digest(named[0].encode("utf-8", "surrogateescape"), self._secret):
            return _refusal("unauthorised", 401)
        try:
            update = parse_object(await read_body(request, limit=BODY_LIMIT), limit=BODY_LIMIT)
        except Refused as refused:
            if refused.status in {408, 413, 415}:
                return _refusal(refused.code, refused.status)
            # Telegram's own: refusing it would hold up its chat for a day
            _log.warning("an update of Telegram's was not readable (%s) and is left aside", refused.code)
            return web.Response()
        try:
            await self._take(update)
        except StoreUnavailable:
            return web.json_response({"error": "unavailable"}, status=503, headers={"Retry-After": _RETRY_SECONDS})
        return web.Response()


def _refusal(code: str, status: int) -> web.Response:
    return web.json_response({"error": code}, status=status, headers={"X-Content-Type-Options": "nosniff"})
