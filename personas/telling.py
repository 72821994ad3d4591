"""What of a visitor's words is worth comparing by meaning: the telling messages, without other people's business."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.words import Stemmer, words_of
from personas.hearing import Hearing

_CACHED = 4_096
_MESSAGES = 8
"""Messages that are looked at, the newest."""
_LONGEST = 160
"""Characters of one message, about 35 word pieces; what somebody is comes early in a long message."""
_STATED = 3
"""Words, faint ones too, from which something that is no question is worth a look."""
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*")
_FULL = 12
"""Words from which a message counts in full."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One message's own words, and how much they count beside the other messages."""

    text: str
    weight: float


class Listener:
    """Picks what tells. `silent` words say nothing, `faint` ones are said by everybody."""

    def __init__(self, hearing: Hearing, stemmer: Stemmer, *, silent: frozenset[str], faint: frozenset[str]) -> None:
        self._hearing = hearing
        self._stemmer = stemmer
        self._silent, self._faint = silent, faint
        self._message = lru_cache(_CACHED)(self._telling)

    def telling(self, said: str) -> tuple[Telling, ...]:
        """The telling messages of everything said, each once, oldest first."""
        found = [one for line in said.split("\n") if (one := self._message(line)) is not None]
        return tuple(dict.fromkeys(found))[-_MESSAGES:]

    def _telling(self, message: str) -> Telling | None:
        own = self._hearing.own_words(_ADDRESS.sub(" ", message))[:_LONGEST].strip()
        words = words_of(own)
        stems = {self._stemmer.stem(word) for word in words if not word.isdecimal()} - self._silent
        strong = stems - self._faint
        stated = not message.rstrip().endswith("?") and len(stems) >= _STATED
        if not (stated or len(strong) > 1 or (strong and len(words) > 1)):
            return None
        return Telling(own, min(len(words), _FULL) / _FULL)


def texts_of(telling: Sequence[Telling]) -> list[str]:
    """What is to be embedded."""
    return [one.text for one in telling]
