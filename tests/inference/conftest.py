"""A model server on loopback that fails as ordered, and a clock that stands still."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import pytest
from aiohttp import web

from core.ports import Prompt
from inference.breaker import Breaker
from inference.budget import DailyTokenBudget
from inference.openai_chat import Endpoint, OpenAIChatModel

NOON = 1_790_000_000.0
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "reply": {"type": "string", "minLength": 1},
        "buttons": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["reply", "buttons"],
    "additionalProperties": False,
}

Responder = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ManualClock:
    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> float:
        return self.time


class ModelServer:
    """Speaks `POST /v1/chat/completions`. `respond` is called for each request; `requests` keeps their bodies."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.closing = asyncio.Event()
        self.url = ""
        self.respond: Responder = self.answering({"reply": "Yes, it does.", "buttons": []})

    def completion(self, content: str | None, **choice: Any) -> dict[str, Any]:
        message = {"role": "assistant", "content": content, "refusal": choice.pop("refusal", None)}
        first = {"index": 0, "message": message, "finish_reason": "stop", **choice}
        usage = {"prompt_tokens": 90, "completion_tokens": 30, "total_tokens": 120}
        return {"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": [first], "usage": usage}

    def answering(self, answer: Any, **choice: Any) -> Responder:
        content = answer if isinstance(answer, str) or answer is None else json.dumps(answer)
        return self.sending(json.dumps(self.completion(content, **choice)).encode())

    def sending(self, body: bytes, *, status: int = 200, content_type: str = "application/json") -> Responder:
        async def respond(_: web.Request) -> web.StreamResponse:
            return web.Response(body=body, status=status, headers={"Content-Type": content_type})

        return respond

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(await request.json())
        self.headers.append(request.headers)
        return await self.respond(request)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    server = ModelServer()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", server.handle)

    async def close(_: web.Application) -> None:
        server.closing.set()

    app.on_shutdown.append(close)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    yield server
    await runner.cleanup()


@pytest.fixture
def breaker(clock: ManualClock) -> Breaker:
    return Breaker(clock)


@pytest.fixture
def budget(clock: ManualClock) -> DailyTokenBudget:
    return DailyTokenBudget(clock, limit=100_000)


@pytest.fixture
async def make_model(
    server: ModelServer, breaker: Breaker, budget: DailyTokenBudget
) -> AsyncIterator[Callable[..., OpenAIChatModel]]:
    made: list[OpenAIChatModel] = []

    def make(**changes: Any) -> OpenAIChatModel:
        settings = {"base_url": server.url, "model": "m-small", "api_key": "sk-very-secret-key-0001", **changes}
        made.append(OpenAIChatModel(Endpoint(**settings), breaker=breaker, budget=budget))
        return made[-1]

    yield make
    for model in made:
        await model.close()


@pytest.fixture
def prompt() -> Prompt:
    return Prompt(system="Answer from the passages.", messages=(("user", "Does it do refunds?"),), schema=SCHEMA)
