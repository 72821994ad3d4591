"""Where a clause speaks of other people's business: those the visitor works for, sells to, or names as users."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.words import Phrases
from personas.lexicon import Lexicon
from personas.singulars import SINGULARS

_NAMED = 2
"""Words before such a verb that name who does it: "grain merchants"."""
_EMPLOYEE = "i"
_ONE = frozenset({"a", "an", "the", "one"})
"""What stands before an employer, while clients are many."""
_NEAR = 3
"""Words before a verb that are looked at for who does it."""


class Asides:
    """Finds such places by the verbs of the lexicon. Compares singulars, so give it words stemmed like those."""

    def __init__(self, lexicon: Lexicon) -> None:
        verbs = dict.fromkeys(lexicon.makers, ("makes",)) | dict.fromkeys(lexicon.servants, ("serves",))
        self._verbs = Phrases(SINGULARS, verbs)
        self._users = Phrases(SINGULARS, dict.fromkeys(lexicon.users, (True,)))
        self._own = _stems(lexicon.own)
        self._speakers, self._anybody = _stems(lexicon.speakers), _stems(lexicon.anybody)
        self._toward = _stems(lexicon.toward)

    def places(self, singulars: Sequence[str]) -> Iterable[int]:
        """The words that are other people's."""
        yield from self._after_for(singulars)
        yield from self._before_us(singulars)
        for place in range(1, len(singulars)):
            if self._users.at(singulars, place)[0]:
                yield from self._subject(singulars, place)

    def served(self, singulars: Sequence[str]) -> str:
        """The verb of what the visitor does for others, empty when there is none."""
        verb = self._verb(singulars)
        if verb is None or "serves" not in self._verbs.at(singulars, verb)[1]:
            return ""
        others = any(True for _ in self._after_for(singulars)) or any(True for _ in self._before_us(singulars))
        return f"{singulars[verb]} for others" if others else ""

    def _verb(self, singulars: Sequence[str]) -> int | None:
        """What the visitor does: the first such verb soon after "we" or "I"."""
        for place, word in enumerate(singulars):
            if word in self._speakers:
                for verb in range(place + 1, min(place + 1 + _NEAR, len(singulars))):
                    if self._verbs.at(singulars, verb)[0]:
                        return verb
        return None

    def _after_for(self, singulars: Sequence[str]) -> Iterable[int]:
        """Of "we answer the phone for hotels" what follows "for", unless it is the visitor's own.

        Who says "I look after support for a bank" works there.
        """
        verb = self._verb(singulars)
        if verb is None:
            return
        others, employed = False, singulars[verb - 1] == _EMPLOYEE
        for place in range(verb + 1, len(singulars)):
            if singulars[place] in self._own:
                return
            if others:
                if employed and singulars[place - 1] in self._toward and singulars[place] in _ONE:
                    return
                yield place
            others = others or singulars[place] in self._toward

    def _before_us(self, singulars: Sequence[str]) -> Iterable[int]:
        """Of "hotels we answer for" what stands before "we", where the clause ends with "for"."""
        verb = self._verb(singulars)
        if verb is None or singulars[-1] not in self._toward:
            return
        first = next(place for place, word in enumerate(singulars) if word in self._speakers)
        if self._own.isdisjoint(singulars[:first]):
            yield from range(first)

    def _subject(self, singulars: Sequence[str], verb: int) -> Iterable[int]:
        """Of "clinics use it" who does what the verb says, unless it is the visitor or anybody."""
        visitor = self._own | self._speakers
        if singulars[verb - 1] not in self._anybody and visitor.isdisjoint(singulars[max(verb - _NEAR, 0) : verb]):
            yield from range(max(verb - _NAMED, 0), verb)


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(SINGULARS.stem(word) for word in words)
