"""Questions that lean on the one before them: "and for a year?" after "What does Solo cost?"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from knowledge.search.language import Language
from knowledge.words import words_of

_QUESTIONS = re.compile(r"(?<=[?!.\n])\s+|\n")
_MOST_MEANT = 6
"""Things of an earlier sentence that stand for a pronoun."""
_SENTENCES_BACK = 4


class Following:
    """Completes such questions. `names` are those of plans and the like, as stems: of these a question names one.

    `things` gives what a sentence of any language names, and whether the site speaks of each; `translated` the sentence
    in the language of the site.
    """

    def __init__(
        self,
        language: Language,
        names: Iterable[tuple[str, ...]],
        *,
        things: Callable[[str], Mapping[str, bool]],
        translated: Callable[[str], str],
    ) -> None:
        self._language = language
        self._names = frozenset(stem for name in names for stem in name)
        self._things = things
        self._translated = translated

    def completed(self, question: str, before: str) -> str:
        """The question with what it leaves to the last full one of `before`; "" where it stands by itself.

        A name that the new question gives stands in for those of the old one. Where a question only points ("does that
        cost anything?"), what the question before it names stands for that; what somebody tells of themselves does not.
        """
        rest = self._language.ellipsis(question)
        full = self._last_full(before) if rest else ""
        if not full:
            return self._pointed(question, before)
        if self._named(question):
            named = self._named(full)
            full = re.sub(r"[^\W_]+", lambda word: "" if word[0].casefold() in named else word[0], full)
        return f"{' '.join(full.split()).rstrip(' ?!.')} {rest}?"

    def beside(self, question: str, told: str) -> str:
        """A question that names nothing, with the things that the last of the statements around it names; else ""."""
        if self._things(question):
            return ""
        for statement in reversed([part for part in _QUESTIONS.split(told) if part.strip()][-_SENTENCES_BACK:]):
            names = self._language.names(statement)
            things = self._things(statement).items()
            meant = [names.get(thing, thing) for thing, is_known in things if is_known or thing in names]
            if meant:
                return f"{' '.join((*meant[-_MOST_MEANT:], self._translated(question))).rstrip(' ?')}?"
        return ""

    def _pointed(self, question: str, before: str) -> str:
        if not self._language.points(question) or self._things(question):
            return ""
        earlier = [part for part in _QUESTIONS.split(before) if part.strip()][-_SENTENCES_BACK:]
        for sentence in filter(self._language.asks, reversed(earlier)):
            meant = [thing for thing, is_known in self._things(sentence).items() if is_known]
            if meant:
                return " ".join((*meant[:_MOST_MEANT], self._translated(question)))
        return ""

    def _last_full(self, before: str) -> str:
        asked = (part for part in reversed(_QUESTIONS.split(before)) if self._language.asks(part))
        return next((one for one in asked if not self._language.ellipsis(one)), "")

    def _named(self, question: str) -> frozenset[str]:
        plans = (word for word in words_of(question) if self._language.stemmer.stem(word) in self._names)
        names = (name for name in self._language.names(question) if len(name) > 1)  # "I" is none
        return frozenset((*plans, *names))
