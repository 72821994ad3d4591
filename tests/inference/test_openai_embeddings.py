"""The embedding client against a server over HTTP: vectors of unit length, or `ModelError` in time."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from core.errors import ModelError
from core.ports import Embedder
from inference.breaker import Breaker
from inference.budget import DailyTokenBudget
from inference.openai_embeddings import TEXTS_AT_ONCE, EmbeddingEndpoint, OpenAIEmbedder

KEY = "sk-very-secret-key-0002"


def listing(*vectors: Any, tokens: int = 7) -> bytes:
    data = [{"object": "embedding", "index": place, "embedding": vector} for place, vector in enumerate(vectors)]
    return json.dumps({"object": "list", "data": data, "usage": {"total_tokens": tokens}}).encode()


class EmbeddingServer:
    """Speaks `POST /v1/embeddings`; answers [length, 1, 0] a text unless `body` says otherwise."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.authorization = ""
        self.body: bytes | None = None
        self.status = 200
        self.wait: Callable[[], Awaitable[Any]] | None = None
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.requests.append(await request.json())
        self.authorization = request.headers["Authorization"]
        if self.wait:
            await self.wait()
        texts = self.requests[-1]["input"]
        body = listing(*([len(text), 1, 0] for text in texts)) if self.body is None else self.body
        return web.Response(body=body, status=self.status, content_type="application/json")


@pytest.fixture
async def embedding_server() -> AsyncIterator[EmbeddingServer]:
    server = EmbeddingServer()
    app = web.Application()
    app.router.add_post("/v1/embeddings", server.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    yield server
    await runner.cleanup()


@pytest.fixture
async def embedder(
    embedding_server: EmbeddingServer, breaker: Breaker, budget: DailyTokenBudget
) -> AsyncIterator[OpenAIEmbedder]:
    endpoint = EmbeddingEndpoint(base_url=embedding_server.url, model="m-small", dimension=3, api_key=KEY, timeout=0.4)
    made = OpenAIEmbedder(endpoint, breaker=breaker, budget=budget)
    yield made
    await made.close()


async def test_that_vectors_come_back_in_order_at_unit_length(
    embedder: OpenAIEmbedder, embedding_server: EmbeddingServer, budget: DailyTokenBudget
) -> None:
    port: Embedder = embedder
    one, two = await port.embed(["abc", ""])
    assert list(one) == pytest.approx([3 / math.sqrt(10), 1 / math.sqrt(10), 0])
    assert math.hypot(*two) == pytest.approx(1)
    [asked] = embedding_server.requests
    assert asked == {"model": "m-small", "input": ["abc", " "], "encoding_format": "float"}
    assert embedding_server.authorization == f"Bearer {KEY}"
    assert port.model == "m-small/3"
    assert budget.left == 100_000 - 7


async def test_that_many_texts_are_several_requests(
    embedder: OpenAIEmbedder, embedding_server: EmbeddingServer
) -> None:
    found = await embedder.embed(["x" * (number + 1) for number in range(TEXTS_AT_ONCE + 5)])
    assert len(found) == TEXTS_AT_ONCE + 5
    assert [len(request["input"]) for request in embedding_server.requests] == [TEXTS_AT_ONCE, 5]
    assert found[-1][0] == pytest.approx(1, abs=0.001)


async def test_that_the_order_is_the_servers_numbering(
    embedder: OpenAIEmbedder, embedding_server: EmbeddingServer
) -> None:
    items = [{"index": 1, "embedding": [0, 1, 0]}, {"index": 0, "embedding": [1, 0, 0]}]
    embedding_server.body = json.dumps({"data": items}).encode()
    assert [list(vector) for vector in await embedder.embed(["a", "b"])] == [[1, 0, 0], [0, 1, 0]]


BROKEN: dict[str, tuple[bytes, int, str]] = {
    "500": (b"{}", 500, "status 500"),
    "401": (b'{"error": "sk-very-secret-key-0002"}', 401, "status 401"),
    "no json": (b"<html>", 200, "no list of embeddings"),
    "nothing": (b"", 200, "no list of embeddings"),
    "deep": (b"[" * 100_000, 200, "no list of embeddings"),
    "text for numbers": (listing("abc", "abc"), 200, "no list of embeddings"),
    "too few": (listing([1, 2, 3]), 200, "1 vectors to 2 texts"),
    "too many": (listing([1, 2, 3], [1, 2, 3], [1, 2, 3]), 200, "3 vectors to 2 texts"),
    "dimension": (listing([1, 2], [1, 2]), 200, "have 2 numbers, not 3"),
    "zeros": (listing([0, 0, 0], [1, 2, 3]), 200, "without a direction"),
    "nan": (listing([math.nan, 0, 0], [1, 2, 3]), 200, "without a direction"),
    "infinite": (listing([math.inf, 0, 0], [1, 2, 3]), 200, "without a direction"),
    "huge": (b'{"data": "' + b"x" * 17_000_000 + b'"}', 200, "over 16000000 bytes"),
}


@pytest.mark.parametrize("fault", BROKEN)
async def test_that_anything_else_is_a_model_error(
    embedder: OpenAIEmbedder, embedding_server: EmbeddingServer, fault: str
) -> None:
    embedding_server.body, embedding_server.status, message = BROKEN[fault]
    with pytest.raises(ModelError, match=message) as caught:
        await embedder.embed(["secret words", "more"])
    assert "secret" not in str(caught.value)


async def test_that_a_silent_server_is_given_up(embedder: OpenAIEmbedder, embedding_server: EmbeddingServer) -> None:
    gate = asyncio.Event()
    embedding_server.wait = gate.wait
    before = time.monotonic()
    with pytest.raises(ModelError, match=r"no answer in 0\.4 seconds"):
        await embedder.embed(["a"])
    assert time.monotonic() - before < 2
    gate.set()


async def test_that_a_failing_server_is_left_alone(
    embedder: OpenAIEmbedder, embedding_server: EmbeddingServer, budget: DailyTokenBudget
) -> None:
    embedding_server.status = 503
    for _ in range(5):
        with pytest.raises(ModelError, match="status 503"):
            await embedder.embed(["a"])
    with pytest.raises(ModelError, match="left alone"):
        await embedder.embed(["a"])
    assert len(embedding_server.requests) == 5
    assert budget.left == 100_000
