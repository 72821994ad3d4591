"""Questions that lean on the one before them: "and for a year?" after "What does Solo cost?"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.search.language import Language
from knowledge.words import words_of

_QUESTIONS = re.compile(r"(?<=[?!.\n])\s+|\n")


class Following:
    """Completes such questions. `names` are those of plans and the like, as stems: of these a question names one."""

    def __init__(self, language: Language, names: Iterable[tuple[str, ...]]) -> None:
        self._language = language
        self._names = frozenset(stem for name in names for stem in name)

    def completed(self, question: str, before: str) -> str:
        """The question with what it leaves to the last full one of `before`; "" where it stands by itself.

        A name that the new question gives stands in for those of the old one.
        """
        rest = self._language.ellipsis(question)
        full = self._last_full(before) if rest else ""
        if not full:
            return ""
        if self._named(question):
            named = self._named(full)
            full = re.sub(r"[^\W_]+", lambda word: "" if word[0].casefold() in named else word[0], full)
        return f"{' '.join(full.split()).rstrip(' ?!.')} {rest}?"

    def _last_full(self, before: str) -> str:
        asked = (part for part in reversed(_QUESTIONS.split(before)) if self._language.asks(part))
        return next((one for one in asked if not self._language.ellipsis(one)), "")

    def _named(self, question: str) -> frozenset[str]:
        plans = (word for word in words_of(question) if self._language.stemmer.stem(word) in self._names)
        names = (name for name in self._language.names(question) if len(name) > 1)  # "I" is none
        return frozenset((*plans, *names))
