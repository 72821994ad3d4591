"""What a site says about its customers, turned into what they say themselves. English; other languages as written."""

from __future__ import annotations

import re

from personas.compiler.words import Words

_CUT = re.compile(
    r"(?:,\s(?=(?:because|and (?:then|so|that|the|they|it|nobody|we|you)|but|so|since|although|though|while|when|"
    r"which|where|as|until|unless|even|including|weil|obwohl|aber|sodass|parce|mais|alors|porque|aunque|pero|omdat|maar)\b)"
    r"|;\s|\s[–—]\s|:\s)"
)
_LONGEST = 110
_LEAST_WORDS = 4
_NO_DEEDS = frozenset({"is", "has", "was", "does", "needs", "costs"})
_FIGURE = re.compile(r"\d|%")
_PERSON = re.compile(r"^(?:we|our|i|my|us)\b|\b(?:we|our|i|my|us)\b", re.IGNORECASE)
_BAD_END = re.compile(r"\b(?:the|a|an|of|to|and|or|with|for|by|in|on|at|because|when|that|which)$", re.IGNORECASE)


class Clauses:
    """`proper` are words with a capital letter of their own, which they keep at the beginning of a clause."""

    def __init__(self, words: Words, own_names: frozenset[str], proper: frozenset[str]) -> None:
        self._words = words
        self._own_names = own_names
        self._proper = proper

    def main(self, sentence: str) -> str:
        """The first clause of a sentence that can stand alone, in running-text case; "" where none can."""
        text = sentence.strip(" “”\"„«»'‘’")
        if text.count('"') + text.count("”") + text.count("“"):
            return ""
        for cut in (*[match.start() for match in _CUT.finditer(text)][:1], len(text)):
            clause = text[:cut].rstrip(" .!?;:,")
            if len(clause.split()) >= _LEAST_WORDS and len(clause) <= _LONGEST and not _BAD_END.search(clause):
                return self._lower(clause)
        return ""

    def complaint(self, pain: str) -> str:
        """A trouble as the visitor would tell it: "our engineers lose focus when ..."; "" where it does not fit."""
        clause = self.main(pain)
        if not clause or _FIGURE.search(clause) or self._speaks_of_vendor(clause):
            return ""
        first, _, rest = clause.partition(" ")
        if self._words.language != "en" or _PERSON.search(clause):
            return clause
        if first == "the":
            return f"our {rest}"
        return f"our {clause}" if self._is_many(clause) else clause

    def wish(self, feature: str) -> str:
        """What a feature does, without who does it: "starts a return in the shop"; "" where nobody does anything."""
        first, _, rest = feature.partition(" ")
        if self._words.language != "en" or first.casefold() not in self._own_names:
            return ""
        verb = rest.partition(" ")[0]
        if not verb.islower() or not verb.endswith("s") or verb in _NO_DEEDS:
            return ""
        clause = self.main(rest)
        return "" if _FIGURE.search(clause) or self._speaks_of_vendor(clause) else clause

    def _speaks_of_vendor(self, clause: str) -> bool:
        return any(word.strip("'’s,.").casefold() in self._own_names for word in clause.split())

    def _is_many(self, clause: str) -> bool:
        """Whether a clause begins with a plural, alone or after one word: "patients", "help articles"."""
        first, second, *_ = clause.split()
        if first in self._words.determiners | self._words.stops | self._words.empty:
            return False
        if self._words.is_plural(first):
            return True
        ends_noun = first.endswith(("t", "p", "l", "e"))  # "help articles", "client reports"
        return ends_noun and second not in self._words.stops and self._words.is_plural(second)

    def _lower(self, text: str) -> str:
        word, _, rest = text.partition(" ")
        small = word[1:].islower() or len(word) == 1
        keeps = (
            self._words.compounds
            or (len(word) > 1 and rest[:1].isupper())
            or (len(word) > 1 and word.casefold() in self._proper)
        )
        return text[:1].lower() + text[1:] if small and not keeps else text
