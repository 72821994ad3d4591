"""Reading what a platform answers, within a limit."""

from __future__ import annotations

import aiohttp


async def read_answer(response: aiohttp.ClientResponse, *, limit: int) -> bytes:
    """The whole body. Raises `ValueError` when it is longer than `limit` bytes."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise ValueError("too long an answer")
    return bytes(body)
