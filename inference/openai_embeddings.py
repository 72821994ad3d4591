"""Embeddings from any OpenAI-compatible address."""

from __future__ import annotations

import asyncio
import json
import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import ModelError
from inference.breaker import Breaker
from inference.budget import Spending, TokenBudget
from inference.openai_chat import BYTES_PER_TOKEN

TIMEOUT = 6.0
"""Seconds for a whole call."""
TEXTS_AT_ONCE = 64
"""Texts in one request; the smallest limit of well-known servers is about a hundred."""
MAX_BODY = 16_000_000
"""Bytes of an answer that are read: 64 vectors of 4,096 numbers written out in full are some 6 MB."""
_TEXT_LIMIT = 8_000
"""Characters sent of one text; models take some 8,000 tokens, most of them fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingEndpoint:
    """Where the model is, and how long its vectors are."""

    base_url: str
    model: str
    dimension: int
    api_key: str = ""
    timeout: float = TIMEOUT


class _Foreign(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Item(_Foreign):
    index: int = Field(ge=0)
    embedding: tuple[float, ...]


class _Usage(_Foreign):
    total_tokens: int = Field(default=0, ge=0)


class _Answer(_Foreign):
    """The parts of an OpenAI-compatible embedding list that are used."""

    data: tuple[_Item, ...]
    usage: _Usage | None = None


class _Unbilled(ModelError):
    """The call failed before a model worked on it."""


class OpenAIEmbedder:
    """`core.ports.Embedder` over the `openai` client. Needs about a second at construction, for its import.

    One attempt a call, bounded in time and size. Texts leave this machine as they are. Raises only `ModelError`, whose
    text holds neither texts nor the key.
    """

    def __init__(self, endpoint: EmbeddingEndpoint, *, breaker: Breaker, budget: TokenBudget) -> None:
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

    @property
    def model(self) -> str:
        """See `core.ports.Embedder`."""
        return f"{self._endpoint.model}/{self._endpoint.dimension}"

    async def embed(self, texts: Sequence[str]) -> Sequence[array[float]]:
        """See `core.ports.Embedder`."""
        vectors: list[array[float]] = []
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            vectors += await self._some([_sendable(text) for text in texts[start : start + TEXTS_AT_ONCE]])
        return vectors

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _some(self, texts: Sequence[str]) -> list[array[float]]:
        async with self._budget.reserved(_estimate(texts)) as spending:
            return await self._guarded(texts, spending)

    async def _guarded(self, texts: Sequence[str], spending: Spending) -> list[array[float]]:
        reserved, spending.tokens = spending.tokens, 0  # nothing is spent while nothing has left
        async with self._breaker.guard():
            spending.tokens = reserved
            try:
                answer = _read(await self._ask(texts))
            except _Unbilled:
                spending.tokens = 0
                raise
            spending.tokens = (answer.usage.total_tokens if answer.usage else 0) or reserved
            return self._vectors(answer, len(texts))

    async def _ask(self, texts: Sequence[str]) -> bytes:
        try:
            async with asyncio.timeout(self._endpoint.timeout):
                return await self._body(texts)
        except (TimeoutError, self._timeout_error):
            raise ModelError(f"the embedding model gave no answer in {self._endpoint.timeout:g} seconds") from None
        except self._connection_error:
            raise _Unbilled("the embedding server could not be reached") from None
        except ModelError:
            raise
        except Exception as error:
            # broad, because the client lets the errors of whichever HTTP library it uses through
            raise ModelError(f"the embedding server could not be heard out ({type(error).__name__})") from None

    async def _body(self, texts: Sequence[str]) -> bytes:
        # float, since not every server knows the client's own choice of base64
        asked = self._client.embeddings.with_streaming_response.create(
            model=self._endpoint.model, input=list(texts), encoding_format="float"
        )
        async with asked as response:
            body = bytearray()
            async for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_BODY:
                    raise ModelError(f"the embedding server's answer is over {MAX_BODY} bytes")
            return bytes(body)

    def _vectors(self, answer: _Answer, count: int) -> list[array[float]]:
        by_place = {item.index: item.embedding for item in answer.data}
        if sorted(by_place) != list(range(count)) or len(answer.data) != count:
            raise ModelError(f"the embedding server answered {len(answer.data)} vectors to {count} texts")
        return [_unit(by_place[place], self._endpoint.dimension) for place in range(count)]


def _unit(vector: Sequence[float], dimension: int) -> array[float]:
    if len(vector) != dimension:
        raise ModelError(f"the embedding server's vectors have {len(vector)} numbers, not {dimension}")
    length = math.hypot(*vector)
    if not math.isfinite(length) or length == 0.0:
        raise ModelError("the embedding server answered a vector without a direction")
    return array("f", (number / length for number in vector))


def _read(body: bytes) -> _Answer:
    try:
        return _Answer.model_validate(json.loads(body.decode("utf-8")))
    except (ValueError, RecursionError, ValidationError):
        raise ModelError("the embedding server's answer is no list of embeddings in JSON") from None


async def _refuse_failure(response: Any) -> None:
    """Runs before a body is read: what comes with a failure is of no use, and may be without end."""
    if not response.is_success:
        await response.aclose()
        raise _Unbilled(f"the embedding server answered with status {response.status_code}")


def _sendable(text: str) -> str:
    """Without lone surrogates, and never empty: servers refuse both."""
    return text[:_TEXT_LIMIT].encode("utf-8", "replace").decode() or " "


def _estimate(texts: Sequence[str]) -> int:
    return sum(len(text.encode()) for text in texts) // BYTES_PER_TOKEN + len(texts)
