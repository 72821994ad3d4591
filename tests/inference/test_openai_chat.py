"""The model client against a server over HTTP: an answer that fits, or `ModelError` in time."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from core.errors import ModelError
from core.ports import ChatModel, Prompt
from inference.breaker import Breaker
from inference.budget import DailyTokenBudget
from inference.openai_chat import OpenAIChatModel

MakeModel = Callable[..., OpenAIChatModel]
GOOD = {"reply": "Yes, it does.", "buttons": []}


async def test_that_an_answer_in_the_schema_is_returned(make_model: MakeModel, server: Any, prompt: Prompt) -> None:
    model: ChatModel = make_model()
    assert await model.complete(prompt) == GOOD
    [asked] = server.requests
    assert asked["model"] == "m-small"
    assert asked["messages"] == [
        {"role": "system", "content": "Answer from the passages."},
        {"role": "user", "content": "Does it do refunds?"},
    ]
    assert asked["max_completion_tokens"] == 400
    assert asked["response_format"]["json_schema"] == {"name": "answer", "strict": True, "schema": prompt.schema}
    assert server.headers[0]["Authorization"] == "Bearer sk-very-secret-key-0001"


async def test_that_older_servers_get_the_older_limit(make_model: MakeModel, server: Any, prompt: Prompt) -> None:
    await make_model(limit_parameter="max_tokens", api_key="").complete(prompt)
    assert server.requests[0]["max_tokens"] == 400
    assert "max_completion_tokens" not in server.requests[0]


def completion(content: str | None, **choice: Any) -> bytes:
    message = {"role": "assistant", "content": content, "refusal": choice.pop("refusal", None)}
    return json.dumps({"choices": [{"message": message, "finish_reason": "stop", **choice}]}).encode()


BROKEN: dict[str, tuple[bytes, int, str]] = {
    "429": (b'{"error": {"message": "slow down"}}', 429, "status 429"),
    "500": (b'{"error": {"message": "oops"}}', 500, "status 500"),
    "503 page": (b"<html>maintenance</html>", 503, "status 503"),
    "401": (b'{"error": {"message": "Incorrect API key sk-very-secret-key-0001"}}', 401, "status 401"),
    "redirect": (b"", 302, "status 302"),
    "no json": (b"<html>hello</html>", 200, "not JSON"),
    "nothing": (b"", 200, "not JSON"),
    "half": (completion("{}")[:40], 200, "not JSON"),
    "latin-1": ('{"choices": "Gr\u00fc\u00dfe"}'.encode("latin-1"), 200, "not JSON"),
    "utf-16": (completion(json.dumps(GOOD)).decode().encode("utf-16"), 200, "not JSON"),
    "deep": (b"[" * 200_000, 200, "not JSON"),
    "list": (b"[]", 200, "no chat completion"),
    "null": (b"null", 200, "no chat completion"),
    "no choices": (b'{"choices": []}', 200, "no chat completion"),
    "error in 200": (b'{"error": {"message": "overloaded"}}', 200, "no chat completion"),
    "10 MB": (b'{"choices": "' + b"x" * 10_000_000 + b'"}', 200, "over 1000000 bytes"),
    "empty": (completion(""), 200, "is empty"),
    "null content": (completion(None), 200, "is empty"),
    "spaces": (completion("  \n"), 200, "is empty"),
    "words": (completion("Sure! Here you go."), 200, "not JSON"),
    "cut off": (completion('{"reply": "Ye', finish_reason="length"), 200, "cut off"),
    "truncated": (completion('{"reply": "Ye'), 200, "not JSON"),
    "array": (completion("[1]"), 200, "no JSON object"),
    "number": (completion('{"reply": NaN, "buttons": []}'), 200, "not JSON"),
    "wrong type": (completion('{"reply": 5, "buttons": []}'), 200, "answer.reply: is not string"),
    "missing": (completion('{"reply": "x"}'), 200, "lacks buttons"),
    "extra": (completion('{"reply": "x", "buttons": [], "discount": "90%"}'), 200, "1 unknown properties"),
    "surrogate": (completion('{"reply": "\\ud800", "buttons": []}'), 200, "not JSON"),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_that_every_broken_answer_is_a_model_error(
    name: str, make_model: MakeModel, server: Any, prompt: Prompt, breaker: Breaker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body, status, reason = BROKEN[name]
    server.respond = server.sending(body, status=status)
    model = make_model()
    for _ in range(5):
        with pytest.raises(ModelError, match=reason) as caught:
            await model.complete(prompt)
        assert "secret" not in str(caught.value)
    assert len(server.requests) == 5
    assert breaker.open
    with pytest.raises(ModelError, match="left alone"):
        await model.complete(prompt)
    assert len(server.requests) == 5
    assert "sk-very-secret" not in caplog.text
    assert "refunds" not in caplog.text


@pytest.mark.parametrize(
    "body",
    [completion("", finish_reason="content_filter"), completion(None, refusal="I cannot help with that.")],
)
async def test_that_provoked_refusals_do_not_take_the_model_from_others(
    body: bytes, make_model: MakeModel, server: Any, prompt: Prompt, breaker: Breaker
) -> None:
    server.respond = server.sending(body)
    model = make_model()
    for _ in range(6):
        with pytest.raises(ModelError, match="declined"):
            await model.complete(prompt)
    assert not breaker.open


async def test_that_an_unreachable_server_costs_no_tokens(
    make_model: MakeModel, budget: DailyTokenBudget, prompt: Prompt, unused_tcp_port: int
) -> None:
    with pytest.raises(ModelError, match="could not be reached"):
        await make_model(base_url=f"http://127.0.0.1:{unused_tcp_port}/v1").complete(prompt)
    assert budget.left == 100_000


async def test_that_silence_ends_with_the_timeout(make_model: MakeModel, server: Any, prompt: Prompt) -> None:
    async def never(_: web.Request) -> web.StreamResponse:
        await server.closing.wait()
        return web.Response()

    server.respond = never
    began = time.monotonic()
    with pytest.raises(ModelError, match=r"within 0\.2 seconds"):
        await make_model(timeout=0.2).complete(prompt)
    assert time.monotonic() - began < 2


async def test_that_an_endless_drip_ends_with_the_timeout(make_model: MakeModel, server: Any, prompt: Prompt) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while not server.closing.is_set():
            try:
                await response.write(b" ")
            except ConnectionError:
                break
            await asyncio.sleep(0.02)
        return response

    server.respond = drip
    with pytest.raises(ModelError, match=r"within 0\.3 seconds"):
        await make_model(timeout=0.3).complete(prompt)


@pytest.mark.parametrize("after", [0, 30])
async def test_that_a_connection_that_breaks_is_a_model_error(
    after: int, make_model: MakeModel, server: Any, prompt: Prompt
) -> None:
    async def breaking(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "500"})
        if after:
            await response.prepare(request)
            await response.write(b" " * after)
        assert request.transport is not None
        request.transport.close()
        return response

    server.respond = breaking
    with pytest.raises(ModelError, match="the model server could not be"):
        await make_model().complete(prompt)


async def test_that_packed_answers_are_bounded_once_unpacked(
    make_model: MakeModel, server: Any, prompt: Prompt
) -> None:
    async def bomb(_: web.Request) -> web.StreamResponse:
        return web.Response(body=gzip.compress(b" " * 50_000_000), headers={"Content-Encoding": "gzip"})

    server.respond = bomb
    with pytest.raises(ModelError, match="over 1000000 bytes"):
        await make_model().complete(prompt)
    assert server.headers[0]["Accept-Encoding"] == "identity"


async def test_that_tokens_are_booked_as_the_server_counts_them(
    make_model: MakeModel, server: Any, prompt: Prompt, budget: DailyTokenBudget
) -> None:
    await make_model().complete(prompt)
    assert budget.left == 100_000 - 120
    server.respond = server.sending(b"", status=500)
    with pytest.raises(ModelError):
        await make_model().complete(prompt)
    assert budget.left == 100_000 - 120
    server.respond = server.sending(b"broken after the work was done")
    with pytest.raises(ModelError):
        await make_model().complete(prompt)
    assert budget.left < 100_000 - 120 - 400


async def test_that_fifty_parallel_calls_do_not_overspend(
    make_model: MakeModel, server: Any, prompt: Prompt, clock: Any, breaker: Breaker
) -> None:
    tight = DailyTokenBudget(clock, limit=3_000)
    model = make_model()
    model._budget = tight
    answers = await asyncio.gather(*(model.complete(prompt) for _ in range(50)), return_exceptions=True)
    served = [answer for answer in answers if answer == GOOD]
    refused = [answer for answer in answers if isinstance(answer, ModelError)]
    assert len(served) == len(server.requests) > 0
    assert len(served) + len(refused) == 50
    assert tight.left >= 0
    assert not breaker.open


async def test_that_a_larger_prompt_is_booked_larger(
    make_model: MakeModel, server: Any, prompt: Prompt, clock: Any
) -> None:
    model = make_model()
    model._budget = DailyTokenBudget(clock, limit=1_000)
    with pytest.raises(ModelError, match="budget"):
        await model.complete(replace(prompt, system="word " * 1_000))
    assert server.requests == []
