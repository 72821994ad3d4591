"""The writer with a chat model: the local draft decides what is said, the model only how."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

from core.brief import Brief
from core.errors import ModelError
from core.ports import ChatModel, Prompt
from core.reply import MAX_WORDS, Reply
from core.spending import payers
from core.writer import LocalWriter

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"mainText": {"type": "string", "minLength": 1, "maxLength": 1_000}},
    "required": ["mainText"],
    "additionalProperties": False,
}
MAX_TOKENS = 300
RECENT_LINES = 6
LEAKED_WORDS = 6
"""Words in a row that a reply may not share with the instructions."""

_WORD = re.compile(r"\w+")


class ModelWriter:
    """Buttons, citations, the request for an e-mail and the next step stay as drafted; only the text is the model's."""

    def __init__(
        self,
        model: ChatModel,
        draft: LocalWriter,
        *,
        company: str,
        assistant: str,
        max_words: int = MAX_WORDS,
        instructions: str = "",
    ) -> None:
        """`instructions` are told beside the shipped ones, and are as little to be quoted."""
        self._model = model
        self._draft = draft
        further = "".join(f"\n- {line}" for line in instructions.splitlines() if line.strip())
        self._house = {"company": company, "assistant": assistant, "max_words": str(max_words), "further": further}
        self._template = (files("core") / "resources" / "prompts" / "reply.txt").read_text(encoding="utf-8")
        self._instructions = _runs(f"{self._template}\n{instructions}")

    async def write(self, brief: Brief) -> Reply:
        """Raises `ModelError` when the model gave nothing usable; the guard has not looked at the reply yet."""
        draft = self._draft.compose(brief).reply
        answer = await self._model.complete(self._prompt(brief, draft))
        text = answer.get("mainText")
        if not isinstance(text, str) or not text.strip():
            raise ModelError("the answer has no text")
        if self._instructions & _runs(text):
            raise ModelError("the answer quotes its instructions")
        return replace(draft, main_text=_with_question(_unmarked(text), brief, draft))

    def _prompt(self, brief: Brief, draft: Reply) -> Prompt:
        system = self._template
        for name, value in {**self._house, "language": brief.language, "draft": draft.main_text}.items():
            system = system.replace(f"{{{name}}}", value)
        talk = [
            ("user" if line.author == "visitor" else "assistant", line.text) for line in brief.recent[-RECENT_LINES:]
        ]
        heard = [("user", brief.heard)] if brief.heard else []  # nothing was said when the chat was opened
        session = brief.session
        return Prompt(
            system=system,
            messages=(*talk, *heard),
            schema=SCHEMA,
            max_tokens=MAX_TOKENS,
            payers=payers(session.conversation, session.channel, session.visitor),
        )


def _with_question(text: str, brief: Brief, draft: Reply) -> str:
    """The draft's question stays word for word, so that its answer can be understood."""
    question = brief.question.text if brief.question else ""
    return text if question not in draft.main_text or question in text else f"{text} {question}"


def _unmarked(text: str) -> str:
    """Without the emphasis that models like to add: channels show it as it is."""
    return text.replace("**", "").replace("__", "").strip()


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Every run of `LEAKED_WORDS` words."""
    words = _WORD.findall(text.casefold())
    return frozenset(tuple(words[at : at + LEAKED_WORDS]) for at in range(len(words) - LEAKED_WORDS + 1))
