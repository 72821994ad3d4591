"""The HTTP server: fixed errors, silent connections closed, the visitor's address behind proxies."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, web

from core.errors import DependencyError
from frontdesk import httpd, wire
from frontdesk.httpd import HttpServer, behind_proxies, health_routes


async def who(request: web.Request) -> web.Response:
    return web.Response(text=request.remote or "")


async def breaks(request: web.Request) -> web.Response:
    raise RuntimeError(f"a defect that saw {request.query_string}")


async def takes(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


ROUTES = [web.get("/who", who), web.get("/breaks", breaks), web.post("/takes", takes)]


def answering(is_ready: bool) -> Callable[[], Awaitable[bool]]:  # noqa: FBT001
    async def ready() -> bool:
        return is_ready

    return ready


@asynccontextmanager
async def served(*proxies: str) -> AsyncIterator[str]:
    healthy = health_routes(answering(True), lambda: {"shards": 1})
    server = HttpServer([*ROUTES, *healthy], middlewares=[behind_proxies(proxies)])
    address = await server.start("127.0.0.1", 0)
    try:
        yield address
    finally:
        await server.stop()


async def raw(address: str, data: bytes) -> bytes:
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(data)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


async def test_health_pages() -> None:
    async with served() as address, ClientSession() as client:
        async with client.get(f"{address}/livez") as answer:
            assert await answer.json() == {"status": "alive"}
        async with client.get(f"{address}/readyz") as answer:
            assert await answer.json() == {"status": "ready", "shards": 1}


async def test_not_ready_is_503() -> None:
    server = HttpServer(health_routes(answering(False), dict))
    address = await server.start("127.0.0.1", 0)
    async with ClientSession() as client, client.get(f"{address}/readyz") as answer:
        assert answer.status == 503
    await server.stop()


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/nowhere", 404, "not_found"), ("POST", "/who", 405, "method_not_allowed"), ("TRACE", "/who", 405, "")],
)
async def test_refusals_have_a_fixed_body(method: str, path: str, status: int, code: str) -> None:
    async with (
        served() as address,
        ClientSession() as client,
        client.request(method, f"{address}{path}?secret=1") as answer,
    ):
        body = await answer.text()
        assert answer.status == status
        assert code in body
        assert "secret" not in body


async def test_a_defect_is_logged_by_id_and_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async with served() as address, ClientSession() as client, client.get(f"{address}/breaks?x=private") as answer:
        body = await answer.json()
    assert (answer.status, body["error"]) == (500, "internal")
    assert body["requestId"] in caplog.text
    assert "private" not in str(body)


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /who\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"GET /who HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /who HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /who HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        b"GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /who HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
async def test_junk_gets_a_4xx_or_a_closed_door_and_no_log(data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with served() as address:
        answer = await raw(address, data)
    assert not answer or answer.split(b" ")[1].startswith((b"4", b"3"))
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"MARKER / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /MARKER\x00 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET http://[MARKER/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /who HTTP/1.1\r\nHost: x\r\nMARKER\r\n\r\n", 400),
        (b"GET /who HTTP/1.1\r\nHost: x\r\nX: " + b"MARKER" * 4_000 + b"\r\n\r\n", 400),
        (b"POST /takes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nMARKER\r\n", 400),
        (b"GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: MARKER\r\n\r\n", 417),
        (b"DELETE /who?MARKER HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
    ],
)
async def test_no_answer_repeats_what_was_sent(
    data: bytes, status: int, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async with served() as address:
        head, _, body = (await raw(address, data)).partition(b"\r\n\r\n")
    assert int(head.split(b" ")[1]) == status
    assert set(json.loads(body)) == {"error", "requestId"}
    assert "MARKER" not in f"{head!r}{body!r}{caplog.text}{''.join(capfd.readouterr())}"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity, gzip"])
async def test_a_body_is_never_unpacked(coding: str) -> None:
    head = f"POST /takes HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Encoding: {coding}\r\nContent-Length: 4"
    async with served() as address:
        answer = await raw(address, f"{head}\r\n\r\njunk".encode())
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"junk")


async def test_a_connection_that_never_asks_again_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "KEEP_ALIVE_SECONDS", 0.2)
    async with served() as address:
        answer = await raw(address, b"GET /who HTTP/1.1\r\nHost: x\r\n\r\nGET /who HTTP/1.1\r\nHost:")
    assert answer.count(b"HTTP/1.1") == 1


async def test_a_connection_that_never_asks_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpd, "HEADER_SECONDS", 0.2)
    monkeypatch.setattr(httpd, "SCAN_SECONDS", 0.05)
    async with served() as address:
        assert await raw(address, b"GET /who HTTP/1.1\r\nHost:") == b""


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        ((), "203.0.113.7", "127.0.0.1"),
        (("127.0.0.0/8",), "203.0.113.7", "203.0.113.7"),
        (("127.0.0.0/8",), "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (("127.0.0.0/8", "203.0.113.7"), "198.51.100.1, 203.0.113.7", "198.51.100.1"),
        (("127.0.0.0/8",), "junk", "127.0.0.1"),
        (("127.0.0.0/8",), "", "127.0.0.1"),
    ],
)
async def test_only_our_proxies_are_believed(proxies: tuple[str, ...], forwarded: str, seen: str) -> None:
    headers = {"X-Forwarded-For": forwarded}
    async with (
        served(*proxies) as address,
        ClientSession() as client,
        client.get(f"{address}/who", headers=headers) as answer,
    ):
        assert await answer.text() == seen


async def test_a_port_in_use_is_said_with_the_next_step() -> None:
    async with served() as address:
        port = int(address.rpartition(":")[2])
        second = HttpServer(ROUTES)
        with pytest.raises(DependencyError, match="--port"):
            await second.start("127.0.0.1", port)
        await second.stop()
