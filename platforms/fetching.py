"""Bringing a file from the platform it was sent by."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import aiohttp

from core.attachment import FetchedFile
from core.errors import DeliveryDelayed
from platforms.files import checked

FETCH_SECONDS = 60.0
_CHUNK = 65_536


async def download(
    http: aiohttp.ClientSession,
    url: str,
    *,
    most: int,
    media_type: str,
    bearer: str = "",
    seconds: float = FETCH_SECONDS,
) -> FetchedFile:
    """At most `most` bytes from an address of the platform's own, without following it elsewhere.

    Raises `DeliveryDelayed`, which names no address: it may hold the token.
    """
    headers = {"Accept-Encoding": "identity", **({"Authorization": f"Bearer {bearer}"} if bearer else {})}
    try:
        async with (
            asyncio.timeout(seconds),
            http.get(url, headers=headers, allow_redirects=False, auto_decompress=False) as response,
        ):
            if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status == HTTPStatus.TOO_MANY_REQUESTS:
                raise DeliveryDelayed(f"a file cannot be had now (status {response.status})", retry_after=30.0)
            if response.status != HTTPStatus.OK:
                return FetchedFile(trouble="gone")
            content = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                content += chunk
                if len(content) > most:
                    return FetchedFile(trouble="too_large")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise DeliveryDelayed(f"a file could not be fetched ({type(error).__name__})", retry_after=30.0) from None
    return checked(bytes(content), media_type)
