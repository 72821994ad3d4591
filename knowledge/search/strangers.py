"""Names in a question that stand nowhere on the site: what is said of others does not answer for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from knowledge.search.language import Language
from knowledge.search.weighing import Weighed

_PARTS = re.compile(r"(?<=[?.!;:\n])\s+")


class Strangers:
    """Finds the names that one site does not know. `weigh` is that of the site's scales."""

    def __init__(
        self, texts: Iterable[str], language: Language, weigh: Callable[[str], Weighed], *, nouns_are_capitalised: bool
    ) -> None:
        self._language = language
        self._weigh = weigh
        self._only_acronyms = nouns_are_capitalised
        written = [one for text in texts for one in language.designations(text)]
        self._designations = frozenset((letters.casefold(), number) for letters, number in written)
        self._letters = frozenset(letters.casefold() for letters, _ in written if letters.isupper())

    def in_question(self, question: str) -> bool:
        """Whether a part that asks names something the site does not: a product, a place, the number of a standard."""
        shouted = question.isupper()
        parts = [part for part in _PARTS.split(question) if self._language.asks(part)]
        return any(self._unknown(part) or (not shouted and self._unnamed(part)) for part in parts)

    def _unknown(self, part: str) -> bool:
        return any(one not in self._designations for one in self._designated(part))

    def _designated(self, part: str) -> Iterator[tuple[str, str]]:
        for letters, number in self._language.designations(part):
            if letters.casefold() in self._letters or (letters.isupper() and not part.isupper()):
                yield letters.casefold(), number

    def _unnamed(self, part: str) -> bool:
        names = self._language.names(part)
        alone = (one for one in self._language.read(part).parts if one in names)
        weighed = (self._weigh(one) for one in alone if names[one].isupper() or not self._only_acronyms)
        return any(not one.impacts and not one.faint for one in weighed)
