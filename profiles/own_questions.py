"""A persona's own wording of a question of the bank, where the answers it offers would be understood."""

from __future__ import annotations

from collections.abc import Callable

from core.persona import Persona, PersonaQuestion
from core.question import Question
from core.reply import MAX_BUTTON_LENGTH, MAX_BUTTONS
from profiles.qualification_file import QuestionEntry

Understands = Callable[[str, str], bool]
"""(question id, answer): whether the answer fills the question's field."""
_LEAST = 2
"""Answers to press; one alone is no choice."""


class OwnQuestions:
    """`language` is that of the personas. What was found out about an answer is kept: the data do not change."""

    def __init__(self, language: str, understands: Understands) -> None:
        self._language = language.partition("-")[0]
        self._understands = understands
        self._known: dict[tuple[str, str], bool] = {}

    def of(self, entry: QuestionEntry, persona: Persona | None, language: str) -> Question | None:
        """The entry in the persona's words and with its answers; None where the bank's own are the better ones.

        That is so in another language, and where pressing most of the answers would tell nothing.
        """
        if persona is None or not self._language or language.partition("-")[0] != self._language:
            return None
        own = next((one for one in persona.questions if one.field == entry.field.value), None)
        if own is None:
            return None
        options = self._usable(entry, own)
        if own.options and len(options) < _LEAST:
            return None
        return Question(id=entry.id, field=entry.field, text=own.text, options=options)

    def _usable(self, entry: QuestionEntry, own: PersonaQuestion) -> tuple[str, ...]:
        short = (option for option in own.options if 0 < len(option) <= MAX_BUTTON_LENGTH)
        return tuple(option for option in short if self._is_answer(entry.id, option))[:MAX_BUTTONS]

    def _is_answer(self, question: str, option: str) -> bool:
        key = (question, option)
        if key not in self._known:
            self._known[key] = self._understands(question, option)
        return self._known[key]
