"""A channel that another package brings: found by its entry point, with no change in any room."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from frontdesk.app import running
from frontdesk.clock import SystemClock
from frontdesk.desk import channel_kinds, desk_to_serve
from tests.adapters.web.harness import serving
from tests.frontdesk.test_commands import DESK

ROOT = Path(__file__).parents[2]
CLOCK = SystemClock()
SECRET = "a-secret-of-the-tests-that-is-long-enough"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example package, built and installed into a folder of its own."""
    source, target = tmp_path_factory.mktemp("source") / "plugin", tmp_path_factory.mktemp("installed")
    shutil.copytree(ROOT / "examples" / "channel_plugin", source, ignore=shutil.ignore_patterns("__pycache__"))
    quiet = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *quiet, "--target", str(target), str(source)], check=True, timeout=100
    )
    return target


@pytest.fixture
def signer(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The plugin's own signer, once the plugin is importable."""
    monkeypatch.syspath_prepend(str(installed))
    invalidate_caches()
    return import_module("frontdesk_webhook.signing").Signer(SECRET)


@dataclass
class OtherSide:
    """A chat of one's own: takes replies, and fails as it is told to, after it has taken them."""

    signer: Any
    failures: list[int] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        assert self.signer.verifies(request.headers, body, now=CLOCK.now())
        self.calls.append((request.headers["webhook-id"], json.loads(body)))
        self.news.set()
        return web.Response(status=self.failures.pop(0) if self.failures else 200)

    async def called(self, times: int) -> None:
        async with asyncio.timeout(20):
            while len(self.calls) < times:
                self.news.clear()
                await self.news.wait()


@dataclass
class Chat:
    url: str
    other: OtherSide
    http: aiohttp.ClientSession

    async def post(self, body: bytes | dict[str, Any], **headers: str) -> int:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = {**self.other.signer.headers("event", raw, now=CLOCK.now()), **headers}
        async with self.http.post(self.url, data=raw, headers=signed) as answer:
            await answer.read()
            return answer.status


@pytest.fixture
async def chat(signer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Chat]:
    async with chatting(signer, tmp_path, monkeypatch) as found:
        yield found


@asynccontextmanager
async def chatting(signer: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Chat]:
    monkeypatch.setenv("APP_WEBHOOK_SECRET", SECRET)
    desk = Path(shutil.copytree(DESK, folder / "desk", ignore=shutil.ignore_patterns(".*")))
    other = OtherSide(signer)
    async with serving([web.post("/replies", other.take)]) as there:
        (desk / "channels" / "app.yaml").write_text(
            f"kind: webhook\nsecret: ${{env:APP_WEBHOOK_SECRET}}\ndeliver_to: {there}/replies\n"
        )
        loaded, left_out = desk_to_serve(desk)
        assert left_out == ()
        async with running(loaded, port=0) as hub, aiohttp.ClientSession() as http:
            yield Chat(f"{hub.address}/channels/webhook/app", other, http)


def test_that_it_is_listed_beside_the_others(signer: Any) -> None:
    assert signer
    assert channel_kinds()["webhook"].capabilities.threads


async def test_a_whole_talk_where_nothing_happens_twice(chat: Chat) -> None:
    hello = {"id": "m1", "conversation": "c7", "text": "What does it cost for 12 agents?"}
    assert [await chat.post(hello) for _ in range(3)] == [200, 200, 200]
    await chat.other.called(1)
    assert await chat.post({**hello, "text": "something else"}) == 409
    assert await chat.post({"id": "m2", "conversation": "c7", "text": "And is there a trial?"}) == 200
    await chat.other.called(2)
    assert [call["conversation"] for _, call in chat.other.calls] == ["c7", "c7"]
    assert len({identity for identity, _ in chat.other.calls}) == 2
    assert all(call["reply"]["mainText"] for _, call in chat.other.calls)


async def test_that_a_reply_that_may_have_arrived_comes_again_under_the_same_id(chat: Chat) -> None:
    chat.other.failures = [500]
    assert await chat.post({"id": "m1", "conversation": "c8", "text": "Hello"}) == 200
    await chat.other.called(2)
    first, second = chat.other.calls
    assert first == second


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,é"},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "١٢٣"},
        {"webhook-timestamp": "9" * 5_000},
        {"webhook-id": "another"},
    ],
)
async def test_that_nothing_unsigned_is_looked_at(signer: Any, headers: dict[str, str]) -> None:
    raw = b"{"
    signed = {**signer.headers("event", raw, now=1e9), **headers}
    assert not signer.verifies(signed, raw, now=1e9)
    assert signer.verifies(signer.headers("event", raw, now=1e9), raw, now=1e9 + 299)
    assert not signer.verifies(signer.headers("event", raw, now=1e9), raw + b" ", now=1e9)
    assert not signer.verifies(signer.headers("event", raw, now=1e9), raw, now=1e9 + 302)


async def test_that_junk_is_refused_in_fixed_words(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    assert await chat.post(b"{", **{"webhook-signature": "v1,wrong"}) == 401
    good = {"id": "m1", "conversation": "c1", "text": "x"}
    for junk in (b"", b"{", b"[]", b"null", b"\xff", b'{"a":' * 5_000, json.dumps({**good, "id": 7}).encode()):
        assert await chat.post(junk) == 400
    for spoiled in ({**good, "id": ""}, {**good, "id": "x" * 129}, {**good, "conversation": "\n"}, {**good, "text": 1}):
        assert await chat.post(spoiled) == 400
    assert await chat.post({**good, "text": "\u200b"}) == 200
    assert await chat.post(b" " * 70_000) == 413
    assert chat.other.calls == []
    assert "mainText" not in caplog.text
