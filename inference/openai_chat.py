"""A chat model behind any OpenAI-compatible address."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.errors import ModelError
from core.ports import Prompt
from inference.breaker import Breaker
from inference.budget import Spending, TokenBudget
from inference.completion import read_answer, read_completion

TIMEOUT = 8.0
"""Seconds for a whole call; a visitor is waiting, and the local writer answers when it fails."""
MAX_BODY = 1_000_000
"""Bytes of an answer that are read; the longest honest one is some ten thousand."""
BYTES_PER_TOKEN = 3  # fewer than models need on average, so a reservation is rather too large


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the model is. `limit_parameter`: older servers know only `max_tokens`."""

    base_url: str
    model: str
    api_key: str = ""
    timeout: float = TIMEOUT
    max_body: int = MAX_BODY
    limit_parameter: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"


class _Unbilled(ModelError):
    """The call failed before a model worked on it."""


class OpenAIChatModel:
    """`ChatModel` over the `openai` client. Needs about a second at construction, for its import.

    One attempt a call, bounded in time and size. Raises only `ModelError`, whose text holds neither the prompt, the
    answer nor the key. Personal data is not its concern: put a `MaskingChatModel` in front.
    """

    def __init__(self, endpoint: Endpoint, *, breaker: Breaker, budget: TokenBudget) -> None:
        import openai

        self._endpoint = endpoint
        self._breaker = breaker
        self._budget = budget
        self._timeout_error = openai.APITimeoutError
        self._connection_error = openai.APIConnectionError
        self._client = openai.AsyncOpenAI(
            base_url=endpoint.base_url,
            api_key=endpoint.api_key or "none",  # local servers want none, the client insists on one
            timeout=endpoint.timeout,
            max_retries=0,
            default_headers={"Accept-Encoding": "identity"},  # nothing to unpack, so nothing to unpack without end
            http_client=openai.DefaultAsyncHttpxClient(event_hooks={"response": [_refuse_failure]}),
        )

    async def complete(self, prompt: Prompt) -> Mapping[str, Any]:
        """See `ChatModel`. Tokens are reserved first; an answer the model declines does not count for the breaker."""
        async with self._budget.reserved(_estimate(prompt), prompt.payers) as spending:
            answer = await self._guarded(prompt, spending)
        if answer is None:
            raise ModelError("the model declined to answer")
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _guarded(self, prompt: Prompt, spending: Spending) -> Mapping[str, Any] | None:
        """The answer, None when the model declined: whoever provokes that must not take the model from the others."""
        reserved, spending.tokens = spending.tokens, 0  # nothing is spent while nothing has left
        async with self._breaker.guard():
            spending.tokens = reserved
            try:
                completion = read_completion(await self._ask(prompt))
            except _Unbilled:
                spending.tokens = 0
                raise
            spending.tokens = completion.tokens or reserved
            return None if completion.declined else read_answer(completion, prompt.schema)

    async def _ask(self, prompt: Prompt) -> bytes:
        try:
            async with asyncio.timeout(self._endpoint.timeout):
                return await self._body(prompt)
        except (TimeoutError, self._timeout_error):
            raise ModelError(f"the model gave no answer within {self._endpoint.timeout:g} seconds") from None
        except self._connection_error:
            raise _Unbilled("the model server could not be reached") from None
        except ModelError:
            raise
        except Exception as error:
            # broad, because the client lets the errors of whichever HTTP library it uses through
            raise ModelError(f"the model server could not be heard out ({type(error).__name__})") from None

    async def _body(self, prompt: Prompt) -> bytes:
        asked = self._client.chat.completions.with_streaming_response.create(**self._request(prompt))
        async with asked as response:
            body = bytearray()
            async for chunk in response.iter_bytes():
                body += chunk
                if len(body) > self._endpoint.max_body:
                    raise ModelError(f"the model server's answer is over {self._endpoint.max_body} bytes")
            return bytes(body)

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        messages = [{"role": "system", "content": prompt.system}]
        messages += [{"role": role, "content": text} for role, text in prompt.messages]
        schema = {"name": "answer", "strict": True, "schema": dict(prompt.schema)}
        return {
            "model": self._endpoint.model,
            "messages": messages,
            "response_format": {"type": "json_schema", "json_schema": schema},
            self._endpoint.limit_parameter: prompt.max_tokens,
        }


async def _refuse_failure(response: Any) -> None:
    """Runs before a body is read: what comes with a failure is of no use, and may be without end."""
    if not response.is_success:
        await response.aclose()
        raise _Unbilled(f"the model server answered with status {response.status_code}")


def _estimate(prompt: Prompt) -> int:
    """Tokens a call may cost at most: its words, its schema and the longest answer."""
    words = prompt.system + "".join(text for _, text in prompt.messages) + json.dumps(dict(prompt.schema))
    return len(words.encode("utf-8", "replace")) // BYTES_PER_TOKEN + 1 + prompt.max_tokens
