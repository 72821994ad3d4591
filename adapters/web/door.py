"""The door every request of the web channel comes through: origins, CORS, and refusals with a fixed shape."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection
from math import ceil

from aiohttp import web

from adapters.rates import SlowDown
from adapters.web.inbound import FRAME_LIMIT
from core.errors import Refused, StoreUnavailable
from platforms.bodies import read_body
from platforms.bounded_json import parse_object

STORE_RETRY = 2.0
"""Seconds after which a client may try again while the store is away."""
_PREFLIGHT_LIFE = 600
_AWAY = 503
_REQUEST_ID_LENGTH = 16
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type, last-event-id",
    "Access-Control-Max-Age": str(_PREFLIGHT_LIFE),
}

Handler = Callable[[web.Request, str], Awaitable[web.StreamResponse]]
"""Takes the request and its origin, which is one of the allowed ones."""


class Door:
    """Lets in requests of the allowed origins, letter for letter. No cookies, so no credentials either."""

    def __init__(self, allowed_origins: Collection[str], new_id: Callable[[], str]) -> None:
        self._allowed = frozenset(allowed_origins)
        self._new_id = new_id

    def guard(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """A route's handler that answers every refusal with `{"error", "requestId"}`, and a lost store with 503."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            origin = ""
            try:
                origin = self.origin_of(request)
                response = await handler(request, origin)
            except Refused as refused:
                response = self._refusal(refused, retry_after=STORE_RETRY if refused.status == _AWAY else 0.0)
            except StoreUnavailable:
                response = self._refusal(Refused("unavailable", status=_AWAY), retry_after=STORE_RETRY)
            if not response.prepared:
                for name, value in self.headers(origin).items():
                    response.headers.setdefault(name, value)
            return response

        return guarded

    async def preflight(self, _request: web.Request, _origin: str) -> web.StreamResponse:
        """Answer a browser that asks whether it may call."""
        return web.Response(status=204, headers=_PREFLIGHT)

    def origin_of(self, request: web.Request) -> str:
        """The origin of a request. Raises `Refused` (`origin_refused`, 403) unless it is on the list.

        Browsers leave the header out of a GET to the page's own host and say so in `Sec-Fetch-Site`.
        """
        named = request.headers.getall("Origin", [])
        if len(named) == 1 and named[0] in self._allowed:
            return named[0]
        if not named and request.method == "GET" and request.headers.get("Sec-Fetch-Site") == "same-origin":
            for scheme in ("https", "http"):
                if (own := f"{scheme}://{request.host}") in self._allowed:
                    return own
        raise Refused("origin_refused", status=403)

    def headers(self, origin: str) -> dict[str, str]:
        """What every answer carries; an origin that was refused is not told that it may read it."""
        shared = {"Vary": "Origin", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        allowed = {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": "Retry-After"}
        return {**shared, **allowed} if origin else shared

    def _refusal(self, refused: Refused, *, retry_after: float = 0.0) -> web.Response:
        wait = refused.retry_after if isinstance(refused, SlowDown) else retry_after
        body = {"error": refused.code, "requestId": self._new_id()[:_REQUEST_ID_LENGTH]}
        headers = {"Retry-After": str(max(1, ceil(wait)))} if wait else {}
        return web.json_response(body, status=refused.status, headers=headers)


async def read_json(request: web.Request) -> dict[str, object]:
    """The JSON object in a body. Raises `Refused`, `bad_type` (415) when it does not say that it is JSON."""
    if request.content_type != "application/json":
        raise Refused("bad_type", status=415)
    return parse_object(await read_body(request, limit=FRAME_LIMIT), limit=FRAME_LIMIT)


def bearer(request: web.Request) -> str | None:
    """The token of the `Authorization` header; None when there is not exactly one."""
    named = request.headers.getall("Authorization", [])
    scheme, _, token = named[0].partition(" ") if len(named) == 1 else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" else None


def json_response(body: object) -> web.Response:
    return web.Response(text=json.dumps(body, ensure_ascii=False), content_type="application/json")
