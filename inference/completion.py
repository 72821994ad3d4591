"""Reading a chat completion out of untrusted bytes, and the answer out of the completion."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import ModelError
from inference.answer_schema import misfit


class _Foreign(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Message(_Foreign):
    content: str | None = None
    refusal: str | None = None


class _Choice(_Foreign):
    message: _Message
    finish_reason: str | None = None


class _Usage(_Foreign):
    total_tokens: int = Field(default=0, ge=0)


class Completion(_Foreign):
    """The parts of an OpenAI-compatible `chat.completion` object that are used."""

    choices: tuple[_Choice, ...] = Field(min_length=1)
    usage: _Usage | None = None

    @property
    def declined(self) -> bool:
        """Whether the model or its provider's filter would not answer: the words' fault, not the server's."""
        return bool(self.choices[0].message.refusal) or self.choices[0].finish_reason == "content_filter"

    @property
    def tokens(self) -> int:
        """Tokens billed, 0 when the server does not say."""
        return self.usage.total_tokens if self.usage else 0


def read_completion(body: bytes) -> Completion:
    """Raises `ModelError` for anything but a completion in UTF-8."""
    try:
        return Completion.model_validate(_decoded(body))
    except ValidationError:
        raise ModelError("the model server's answer is no chat completion") from None


def read_answer(completion: Completion, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer in a completion. Raises `ModelError` when it is cut off, empty or outside the schema."""
    choice = completion.choices[0]
    if choice.finish_reason == "length":
        raise ModelError("the model's answer was cut off")
    if not (choice.message.content or "").strip():
        raise ModelError("the model's answer is empty")
    answer = _decoded((choice.message.content or "").encode("utf-8", "surrogatepass"))
    if not isinstance(answer, dict):
        raise ModelError("the model's answer is no JSON object")
    if problem := misfit(answer, schema):
        raise ModelError(f"the model's answer does not fit: {problem}")
    return answer


def _decoded(body: bytes) -> Any:
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # escaped lone surrogates decode, but cannot be sent on
    except (ValueError, RecursionError):
        raise ModelError("the model server's answer is not JSON in UTF-8") from None
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
