"""The chat model of a desk: for what visitors write, and for work that no visitor waits for."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from config import FrontdeskSettings, ModelSettings
from config.document import apply_model, parse_document
from config.loader import SETTINGS
from config.problems import FlawError
from config.reading import read_regular
from config.references import References
from core.errors import ConfigError
from core.ports import ChatModel, Clock
from core.spending import CONVERSATION, SITE, VISITOR
from core.store_ports import Allowances
from inference.breaker import Breaker
from inference.budget import DailyTokenBudget, SharedTokenBudget, TokenBudget
from inference.masking import MaskingChatModel
from inference.metering import Meter, MeteredBudget
from inference.openai_chat import Endpoint, OpenAIChatModel

PATIENCE = 5
"""How many times longer than for a visitor the model may take where it writes a page instead of a line."""


def settings_in(folder: Path) -> FrontdeskSettings | None:
    """A folder's `frontdesk.yaml`, whatever else the folder lacks; None without one.

    Raises `ConfigError` for a file with a problem.
    """
    path = folder / SETTINGS
    if not path.exists():
        return None
    try:
        data = read_regular(path)
    except FlawError as error:
        raise ConfigError(f"{path}: {error.flaw.message}") from None
    references = References(environment=os.environ, directory=folder)
    document = apply_model(parse_document(data), FrontdeskSettings, references)
    if document.value is None:
        flaw = document.flaws[0]
        raise ConfigError(f"{path}:{flaw.line}: {flaw.message}")
    return document.value


@asynccontextmanager
async def patient_model(settings: ModelSettings, clock: Clock) -> AsyncIterator[ChatModel]:
    """A client for public text: nothing is masked. The tokens of a day are counted anew for every process."""
    budget = DailyTokenBudget(clock, limit=settings.max_tokens_per_day)
    async with _client(settings, budget, Breaker(clock), seconds=settings.timeout_seconds * PATIENCE) as model:
        yield model


@asynccontextmanager
async def visitors_model(
    settings: ModelSettings, allowances: Allowances, clock: Clock, meter: Meter, breaker: Breaker | None = None
) -> AsyncIterator[ChatModel]:
    """A client for what visitors write: masked before it leaves, within budgets that all processes share.

    `breaker` is one that others look at, too.
    """
    budget = MeteredBudget(SharedTokenBudget(allowances, clock, limits=_limits(settings)), meter)
    async with _client(settings, budget, breaker or Breaker(clock), seconds=settings.timeout_seconds) as model:
        yield MaskingChatModel(model)


@asynccontextmanager
async def _client(
    settings: ModelSettings, budget: TokenBudget, breaker: Breaker, *, seconds: float
) -> AsyncIterator[OpenAIChatModel]:
    endpoint = Endpoint(
        base_url=str(settings.base_url),
        model=settings.model,
        api_key=settings.api_key.reveal() if settings.api_key else "",
        timeout=seconds,
    )
    model = OpenAIChatModel(endpoint, breaker=breaker, budget=budget)
    try:
        yield model
    finally:
        await model.close()


def _limits(chat: ModelSettings) -> dict[str, int]:
    limits = {
        "": chat.max_tokens_per_day,
        CONVERSATION: chat.max_tokens_per_conversation,
        VISITOR: chat.max_tokens_per_visitor,
    }
    return limits if chat.max_tokens_per_site is None else {**limits, SITE: chat.max_tokens_per_site}
