"""The last look at a reply before it is committed, whoever wrote it: no claim without a source, no foreign link."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from core.brief import Brief
from core.reply import MAX_BUTTON_LENGTH, MAX_BUTTONS, MAX_WORDS, Reply

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_LINK = re.compile(r"(?:https?:)?//[^\s<>()\[\]\"']+|\bwww\.[^\s<>()\[\]\"']+", re.IGNORECASE)
_IMAGE = re.compile(r"!\[|<\s*(?:img|svg|script|iframe)", re.IGNORECASE)
_PROMISE = re.compile(
    r"\b(?:guarantee[ds]?|discount|refund|for free|free of charge|we promise|will call you|will contact you)\b",
    re.IGNORECASE,
)
EMPTY = "empty"
TOO_LONG = "too long"
SLACK_WORDS = 15
"""Words over the limit that are let through rather than losing the answer to several questions."""


def objections(
    reply: Reply, brief: Brief, allowed_hosts: AbstractSet[str], *, max_words: int = MAX_WORDS
) -> tuple[str, ...]:
    """What is wrong with a reply, () when nothing is. Sources are the cited passages and the visitor's own words."""
    text = " ".join(filter(None, (reply.main_text, reply.email_prompt)))
    moves = [*brief.moves, *filter(None, [brief.email_prompt])]
    sources = [finding.passage.text for finding in brief.findings]
    sources += [brief.session.said, *(move.text for move in moves)]
    sources += [value for move in moves for value in move.slots.values()]
    material = " ".join(sources)
    wrong = _complaints(reply, text, material, allowed_hosts)
    if len(reply.main_text.split()) > max_words + SLACK_WORDS:
        wrong = (*wrong, TOO_LONG)
    return tuple(wrong)


def _complaints(reply: Reply, text: str, material: str, allowed_hosts: AbstractSet[str]) -> Iterable[str]:
    lowered, numbers = material.casefold(), set(_NUMBER.findall(material))
    checks = {
        EMPTY: not reply.main_text.strip(),
        "buttons": len(reply.buttons) > MAX_BUTTONS or any(len(one) > MAX_BUTTON_LENGTH for one in reply.buttons),
        "markup": bool(_IMAGE.search(text)),
        "unsupported number": any(number not in numbers for number in _NUMBER.findall(text)),
        "unsupported promise": any(found.casefold() not in lowered for found in _PROMISE.findall(text)),
        "foreign link": any(_host(link) not in allowed_hosts for link in _LINK.findall(text)),
        "invented quote": any(citation.quote not in material for citation in reply.citations),
    }
    return (name for name, broken in checks.items() if broken)


def _host(link: str) -> str:
    return urlsplit(link if "//" in link else f"//{link}").hostname or ""
