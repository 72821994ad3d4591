"""The chat model of a desk, for work that no visitor waits for."""

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
from inference.breaker import Breaker
from inference.budget import DailyTokenBudget

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
    from inference.openai_chat import Endpoint, OpenAIChatModel

    endpoint = Endpoint(
        base_url=str(settings.base_url),
        model=settings.model,
        api_key=settings.api_key.reveal() if settings.api_key else "",
        timeout=settings.timeout_seconds * PATIENCE,
    )
    budget = DailyTokenBudget(clock, limit=settings.max_tokens_per_day)
    model = OpenAIChatModel(endpoint, breaker=Breaker(clock), budget=budget)
    try:
        yield model
    finally:
        await model.close()
