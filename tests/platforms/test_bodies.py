from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request
from multidict import CIMultiDict

from core.errors import Refused
from platforms.bodies import read_body


@pytest.fixture
async def client() -> AsyncIterator[TestClient[web.Request, web.Application]]:
    async def echo(request: web.Request) -> web.Response:
        try:
            body = await read_body(request, limit=100, seconds=0.05)
        except Refused as refused:
            return web.Response(status=refused.status, text=refused.code)
        return web.Response(body=body)

    app = web.Application()
    app.router.add_post("/", echo)
    async with TestClient(TestServer(app)) as running:
        yield running


async def pieces(*chunks: bytes, wait: float = 0.0) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    await asyncio.sleep(wait)


async def test_that_a_body_comes_whole(client: TestClient[web.Request, web.Application]) -> None:
    async with client.post("/", data=pieces(b"a", b"b")) as response:
        assert await response.read() == b"ab"


async def test_that_a_body_without_a_length_is_still_limited(
    client: TestClient[web.Request, web.Application],
) -> None:
    async with client.post("/", data=pieces(*[b"x" * 60] * 2)) as response:
        assert (response.status, await response.text()) == (413, "too_large")


@pytest.mark.parametrize("codings", [["gzip"], ["br"], ["identity", "gzip"], ["identity, gzip"]])
async def test_that_a_packed_body_is_refused(codings: list[str]) -> None:
    request = make_mocked_request("POST", "/", CIMultiDict([("Content-Encoding", coding) for coding in codings]))
    with pytest.raises(Refused, match="bad_type"):
        await read_body(request, limit=100)


async def test_that_a_slow_body_is_not_waited_for(client: TestClient[web.Request, web.Application]) -> None:
    async with client.post("/", data=pieces(b"x", wait=0.2)) as response:
        assert (response.status, await response.text()) == (408, "too_slow")
