"""Tools meant without their names: "it has to talk to both", "does it plug into that?"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from core.fact import Field, Operation
from core.ledger import Known
from profiles.facts import Finding
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


_BE_JOINED = re.compile(
    r"\b(?:(?P<all>both|(?:all|any) of (?:them|those|these)|they|those|these|beide|alle|les deux|ambos|ambas|os dois"
    r"|allebei)\b[^.!?]{0,12}?)?"
    r"\b(?:must|has to|have to|needs? to|need|should|ought to|would have to|will have to|would need to|can|could|muss"
    r"|müss\w+|soll\w*|kann|doit|doivent|devra\w*|faut|tiene\w* que|debe\w*|hay que|tem que|precisa\w*|deve\w*"
    r"|moet\w*|zou moeten|kan)\b(?:\s+[\w'-]+){0,3}?\s+"
    r"(?:(?:be|get|getting|being|stay)\s+(?:\w+\s+)?(?:connected|integrated|hooked|linked|synced|wired|plugged|tied"
    r"|attached|joined)|connected|hooked up|(?:mit |noch )?(?:angebunden|verbunden|integriert|angeschlossen|gekoppelt"
    r"|eingebunden|verknüpft|aangesloten|geïntegreerd|verbonden)(?: werden| sein| worden| zijn)?"
    r"|(?:être|soit|soient)\s+(?:connecté\w*|relié\w*|branché\w*|intégré\w*)"
    r"|(?:ser\s+|estar\s+)?(?:conectad\w+|integrad\w+|conectar\w*|integrar\w*))\b"
)
"""As in "both must be hooked up", "das muss angebunden werden"."""
_ELSE_JOINED = re.compile(
    r"\s+(?:up\s+)?(?:to|with|into|an|mit|à|avec|con|com|met|aan)\s+(?!you\b|your|it\b|us\b|this|the (?:bot|chat))\w"
)
"""Another thing follows that it is joined to, which is told of where that is named."""
_JOINS_IT = re.compile(
    r"\b(?:does|do|can|could|will|would|is)\s+(?:it|you|that|this|yours?|your \w+|the bot|the assistant)\s+(?:\w+\s+)?"
    r"(?:sync|connect|integrate|plug in|hook up|link up|tie in|play along|compatible)\s*(?:[?.,!]|$|or\b|and\b)"
    r"|(?:¿|\b)(?:se|os|você\w*|isso|eso)\s+(?:conecta\w*|integra\w*|sincroniza\w*|enlaza\w*)\s*(?:[?.,!]|$)"
    r"|\b(?:ça|cela|vous)\s+(?:se\s+|s['’]y?\s*|vous y\s+)?(?:connecte\w*|branche\w*|intègre\w*|raccorde\w*)"
    r"\s*(?:[?.,!]|$)"
    r"|\b(?:lässt|ließe)\s+sich\s+(?:das\s+|es\s+)?(?:anbinden|verbinden|integrieren|koppeln|anschließen)"
    r"|\b(?:tie|link|hook|connect|wire|plug|join|attach)\s+(?:it|this|that|them|both)\s+(?:up\s+)?(?:to|with|into)\s+"
    r"(?:you|yours?|your\s+\w+|the (?:bot|assistant|chat|widget))\b"
    r"|\b(?:can|could|would|will|should|must|has to|needs to|have to)\s+(?:it|you|the bot|the assistant|your \w+)?\s*"
    r"(?:answer|reply|write|look|work|live|run|sit|post|respond)\s+"
    r"(?:in\s+there|there|on top\s+of\s+(?:it|that)|in it|on it)\b"
    r"|\b(?:must|has to|have to|needs? to|need|should|would|could|can|'d)\b[^.!?]{0,28}?\b"
    r"(?:read|pull|fetch|come|get|take|look|write|push|post|arrive|land|end up|show up)\w*\s+(?:\w+\s+){0,2}?"
    r"(?:from|out of|into|up in)\s+"
    r"(?:it|there|that|them)(?!\w)"
    r"|\b(?:muss|müss\w+|soll\w*|moet\w*|doi\w+|devr\w+|faut que|tiene\w* que|deb\w+|tem que|precisa\w*)\b"
    r"[^.!?]{0,28}?\b"
    r"(?:dort|darin|drin|daar|erin|y|dedans|là-dedans|ahí|allí|ali|lá)\s+(?:wieder\s+)?"
    r"(?:ankommen|landen|erscheinen|auftauchen|stehen|arriver|atterrir|apparaître|llegar|aparecer|entrar|chegar"
    r"|binnenkomen|staan)\b"
    r"|\b(?:sit|sits|live|work|run|be)\s+(?:right\s+)?(?:on top of|inside|alongside)\s+"
    r"(?P<all>both|them|all of them|it|that)(?!\w)"
)
"""As in "does it sync?", "would tie it to your product", "you'd have to read from it"."""


class Named(Protocol):
    """A tool that was named."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def role(self) -> str: ...


T = TypeVar("T", bound=Named)

_THAT_TOOL = frozenset(
    {"that", "that one", "das", "dem", "damit", "daran", "ça", "cela", "eso", "ese", "isso", "dat", "daarmee"}
)
"""Pronouns that mean a tool more often than the product that is talked about."""


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
    return _said_to_be_joined(reading, run)


def referred_back(reading: Reading, known: Known) -> Iterator[Finding]:
    """As in "it has to sit on top of both", said of tools that only the message before named."""
    facts = [fact for held in known.values() for fact in held]
    if not facts or reading.of("tool"):
        return
    last = max(facts, key=lambda fact: fact.at).message
    tools = [fact for fact in known.get(Field.TECH_STACK, ()) if fact.message == last]
    low = reading.low
    for match in (*_JOINING.finditer(low), *_JOINED_AFTER.finditer(low), *_JOINS_IT.finditer(low)):
        groups = match.groupdict()
        if match.re is not _JOINS_IT:
            said = match.start("all" if groups["all"] else "one")
            if not _WISHED.search(low, reading.sentence(match.start())[0], said):
                continue
            if not groups["all"] and groups["one"] not in _THAT_TOOL:
                continue
        for fact in tools if groups.get("all") else tools[-1:]:
            yield Finding(Field.INTEGRATIONS, fact.value, *match.span(), Operation.ADD, confidence=0.65)
        return


def _said_to_be_joined(reading: Reading, run: Sequence[T]) -> list[T]:
    """The tools right before words for joining that name none: those of the same or of the last sentence."""
    low = reading.low
    for match in sorted((*_BE_JOINED.finditer(low), *_JOINS_IT.finditer(low)), key=lambda one: one.start()):
        if match.re is _BE_JOINED and _ELSE_JOINED.match(low, match.end()):
            continue
        start = reading.sentence(match.start())[0]
        near = reading.sentence(max(0, start - 1))[0]
        before = [one for one in run if near <= one.start and one.end <= match.start()]
        if before:
            return before if match.re is _BE_JOINED and match["all"] else before[-1:]
    return []
