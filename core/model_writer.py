"""The writer with a chat model: the local draft decides what is said, the model only how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

from core.brief import Brief
from core.errors import ModelError
from core.ports import ChatModel, Prompt
from core.reply import MAX_WORDS, Reply
from core.writer import LocalWriter

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"mainText": {"type": "string", "minLength": 1, "maxLength": 1_000}},
    "required": ["mainText"],
    "additionalProperties": False,
}
MAX_TOKENS = 300
RECENT_LINES = 6


class ModelWriter:
    """Buttons, citations, the request for an e-mail and the next step stay as drafted; only the text is the model's."""

    def __init__(
        self, model: ChatModel, draft: LocalWriter, *, company: str, assistant: str, max_words: int = MAX_WORDS
    ) -> None:
        self._model = model
        self._draft = draft
        self._house = {"company": company, "assistant": assistant, "max_words": str(max_words)}
        self._template = (files("core") / "resources" / "prompts" / "reply.txt").read_text(encoding="utf-8")

    async def write(self, brief: Brief) -> Reply:
        """Raises `ModelError` when the model gave nothing usable; the guard has not looked at the reply yet."""
        draft = self._draft.compose(brief).reply
        answer = await self._model.complete(self._prompt(brief, draft))
        text = answer.get("mainText")
        if not isinstance(text, str) or not text.strip():
            raise ModelError("the answer has no text")
        return replace(draft, main_text=self._with_question(text.strip(), brief))

    def _prompt(self, brief: Brief, draft: Reply) -> Prompt:
        system = self._template
        for name, value in {**self._house, "language": brief.language, "draft": draft.main_text}.items():
            system = system.replace(f"{{{name}}}", value)
        talk = [
            ("user" if line.author == "visitor" else "assistant", line.text) for line in brief.recent[-RECENT_LINES:]
        ]
        return Prompt(system=system, messages=(*talk, ("user", brief.heard)), schema=SCHEMA, max_tokens=MAX_TOKENS)

    def _with_question(self, text: str, brief: Brief) -> str:
        """The question stays word for word, so that its answer can be understood."""
        question = brief.question.text if brief.question else ""
        return text if not question or question in text else f"{text} {question}"
