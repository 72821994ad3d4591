"""Reading a request's body within a limit of size and time, before anybody looks into it."""

from __future__ import annotations

import asyncio

from aiohttp import web

from core.errors import Refused

BODY_SECONDS = 15.0
"""How long a body may take to arrive; aiohttp itself waits for ever."""


async def read_body(request: web.Request, *, limit: int, seconds: float = BODY_SECONDS) -> bytes:
    """The raw bytes. Raises `Refused`: `too_large` (413), `too_slow` (408), `bad_type` (415) for a compressed body."""
    codings = request.headers.getall("Content-Encoding", [])
    if any(coding.strip().lower() != "identity" for coding in codings):
        raise Refused("bad_type", status=415)
    if (request.content_length or 0) > limit:
        raise Refused("too_large", status=413)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit:
                    raise Refused("too_large", status=413)
    except TimeoutError:
        raise Refused("too_slow", status=408) from None
    return bytes(body)
