"""The scripted model keeps the port's contract."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import ModelError
from core.ports import ChatModel, Prompt
from inference.scripted import ScriptedChatModel


async def test_that_answers_come_in_order_and_then_end(prompt: Prompt) -> None:
    one: dict[str, Any] = {"reply": "one", "buttons": []}
    two: dict[str, Any] = {"reply": "two", "buttons": ["Prices"]}
    scripted = ScriptedChatModel([one, ModelError("down"), two])
    model: ChatModel = scripted
    assert await model.complete(prompt) == one
    with pytest.raises(ModelError, match="down"):
        await model.complete(prompt)
    assert await model.complete(prompt) == two
    with pytest.raises(ModelError, match="no answer left"):
        await model.complete(prompt)
    assert scripted.prompts == [prompt] * 4


async def test_that_a_function_answers_by_the_prompt(prompt: Prompt) -> None:
    model = ScriptedChatModel(lambda asked: {"reply": asked.messages[-1][1].upper(), "buttons": []})
    assert await model.complete(prompt) == {"reply": "DOES IT DO REFUNDS?", "buttons": []}


async def test_that_an_answer_outside_the_schema_is_refused(prompt: Prompt) -> None:
    with pytest.raises(ModelError, match="lacks buttons"):
        await ScriptedChatModel([{"reply": "x"}]).complete(prompt)
