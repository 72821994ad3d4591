"""How a talk is opened with a kind of customer: a line about their own troubles, before anything was said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.message import InboundMessage
from core.persona import Persona

_WORD = re.compile(r"[^\W\d_]{4,}")
_SHARED = 2
"""Words that an opener must share with what troubles or interests the persona: a line for everybody opens nothing."""
_STEM = 6
"""Letters that the forms of a word share; one word of as many is enough, as such are rarely said by chance."""


def telling_openers(persona: Persona | None) -> tuple[str, ...]:
    """Those of a persona's opening lines that only such a visitor would be asked."""
    if persona is None:
        return ()
    own = _stems(" ".join((*persona.pains, *persona.features)))
    return tuple(one for one in persona.openers if _shared(_stems(one) & own))


def opener(lines: Sequence[str], *, words: int, messages: Sequence[InboundMessage] = (), later: bool = False) -> str:
    """The first line that is short enough and was not said by an invitation that `messages` answer; "" for none.

    `later` begins with the second, which differs from what an invitation on the page has said before.
    """
    read = "\n".join(message.prompt for message in messages)
    order = (*lines[1:], *lines[:1]) if later else lines
    return next((line for line in order if len(line.split()) <= words and line not in read), "")


def _shared(stems: set[str]) -> bool:
    return len(stems) >= _SHARED or any(len(stem) == _STEM for stem in stems)


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.casefold())}
