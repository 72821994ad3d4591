"""A chat model that answers from a script: for tests, demos and replays without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from core.errors import ModelError
from core.ports import Prompt
from inference.answer_schema import misfit

Answer = Mapping[str, Any] | Exception
Script = Iterable[Answer] | Callable[[Prompt], Answer]


class ScriptedChatModel:
    """Plays a sequence of answers, or asks a function for each. An exception in the script is raised.

    `prompts` holds what it was asked, in order. An answer outside the prompt's schema is a `ModelError`, as with a real
    model; so is a script that has come to its end.
    """

    def __init__(self, script: Script) -> None:
        self.prompts: list[Prompt] = []
        self._answer = script if callable(script) else _player(iter(script))

    async def complete(self, prompt: Prompt) -> Mapping[str, Any]:
        """See `ChatModel`."""
        self.prompts.append(prompt)
        answer = self._answer(prompt)
        if isinstance(answer, Exception):
            raise answer
        if problem := misfit(answer, prompt.schema):
            raise ModelError(f"the scripted answer does not fit: {problem}")
        return answer


def _player(answers: Iterator[Answer]) -> Callable[[Prompt], Answer]:
    return lambda _: next(answers, ModelError("the script has no answer left"))
