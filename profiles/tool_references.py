"""Tools meant without their names: "it has to talk to both", "does it plug into that?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

from profiles.reading import Reading

_ALL = (
    r"both|all (?:of )?(?:them|those|these|three|four)|the two|them|those|these|beiden?|allen|denen|les deux"
    r"|tous(?: les"
    r" (?:deux|trois))?|los dos|las dos|ambos|ambas|os dois|as duas|todos|allebei|beide|alle (?:twee|drie)|entrambi"
)
_ONE = r"that|it|this|that one|das|dem|ça|cela|eso|ese|isso|ele|dat"
_JOIN = r"with|to|into|in|mit|an|zu|avec|à|aux|dans|con|a|com|ao|aos|met|op|aan"
_JOINING = re.compile(
    r"\b(?:talk|speak|connect|integrat|sync|plug|hook|link|tie|work|play|pull|write|read|push|sit|run|verbind"
    r"|anbind|laufen"
    r"|zusammen|sprechen|funktionier|klapp|connect|intégr|branch|marche|fonctionn|dialog|parl|conect|integr"
    r"|funcion|habl"
    r"|convers|fal|koppel|praat|praten|samen|werk|verbond|collegar|dialog)\w*(?:\s+\w+){0,2}?\s+"
    rf"(?:{_JOIN})\s+(?:(?P<all>{_ALL})|(?P<one>{_ONE}))(?!\w)(?!\s+\w+ing\b)"
)
_JOINED_AFTER = re.compile(
    rf"\b(?:(?:mit|an|zu)\s+(?P<all>{_ALL})|(?P<one>(?:(?:mit|an|zu)\s+(?:{_ONE}|dem|denen)|damit|daran|daarmee|ermee|eraan)))(?!\w)\s+(?:\w+\s+){{0,2}}?"
    r"(?:verb[iu]nd|anbind|angebunden|laufen|zusammen|sprechen|reden|funktionier|klappen|arbeiten|kommuniz"
    r"|koppel|werken|praten)"
)
_WISHED = re.compile(
    r"\b(?:has to|have to|must|needs? to|need|should|would|could|can|does|do|will|want|wants|ideally|muss"
    r"|müss\w+|soll\w*"
    r"|kann|könn\w+|lässt|ließe|geht|braucht?|faut|faudrait|doit|devrait|peut|puede\w*|tiene\w* que|tendría|debe\w*"
    r"|hace falta|se"
    r"|precisa\w*|tem que|dá pra|pode\w*|deve\w*|moet\w*|kan|kunnen|zou\w*|deve|può)\b"
)


class Named(Protocol):
    """A tool that was named."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def role(self) -> str: ...


T = TypeVar("T", bound=Named)


def referred_to(reading: Reading, named: Sequence[T]) -> list[T]:
    """Tools of the stack that something is to be joined to, meant by a pronoun after their names."""
    run = [one for one in named if one.role in {"", "uses"}]
    if not run:
        return []
    low = reading.low
    for match in (*_JOINING.finditer(low, run[0].end), *_JOINED_AFTER.finditer(low, run[0].end)):
        before = [one for one in run if one.end <= match.start()]
        clause = max(before[-1].end, reading.sentence(match.start())[0])
        if _WISHED.search(low, clause, match.start("all" if match["all"] else "one")):
            return before if match["all"] else before[-1:]
    return []
