"""The last look at a reply before it is committed, whoever wrote it: no claim without a source, no foreign link."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from core.brief import Brief, Move
from core.claims import (
    amounts,
    expressions,
    figures,
    names,
    speaks_another_language,
    words,
    words_of_its_own,
)
from core.links import addresses, dotted_names, is_below_ours, is_ours, links
from core.promise import PROMISED
from core.receiving import EMAIL_CONFIRMATION, EMAIL_QUESTION
from core.reply import MAX_BUTTON_LENGTH, MAX_BUTTONS, MAX_WORDS, SLACK_WORDS, Reply

Claim = TypeVar("Claim", bound=Hashable)

EMPTY = "empty"
TOO_LONG = "too long"
LONGEST_WORD = 60
"""Characters; longer ones are encoded text or a broken answer, unless the pages have them."""

_MARKUP = re.compile(r"!\[|\]\s*\(|<\s*[/!a-z]|```|&#|\x1b", re.IGNORECASE)
_VISITORS_WORDS = frozenset({"question", "questions"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]")
_INVISIBLE = re.compile(
    r"[\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Not among them: the soft hyphen, and the joiners that some scripts and emoji are written with."""
_JOINERS = re.compile(r"[\u00ad\u200c\u200d\ufe00-\ufe0f]")


@dataclass(frozen=True, kw_only=True)
class _Case:
    """A reply beside what it may be made from. The sources are put together when a claim is to be held against them."""

    reply: Reply
    brief: Brief
    hosts: AbstractSet[str]
    draft: str = ""  # what the local writer would say

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        prompt = (self.brief.email_prompt,) if self.brief.email_prompt else ()
        return (*self.brief.moves, self.brief.fallback, *prompt)

    @cached_property
    def text(self) -> str:
        """What the visitor reads, without their own words where those are quoted back."""
        text = " ".join(filter(None, (self.reply.main_text, self.reply.email_prompt)))
        for move in self.moves:
            for name in _VISITORS_WORDS & move.slots.keys():
                text = text.replace(move.slots[name] or " ", " ")
        return plain(text)

    @cached_property
    def site(self) -> str:
        """The company's words, and what the phrases were filled with."""
        words = [finding.passage.text for finding in self.brief.findings]
        words += [move.text for move in self.moves]
        words += [value for move in self.moves for name, value in move.slots.items() if name not in _VISITORS_WORDS]
        return plain(" ".join(words))

    @cached_property
    def material(self) -> str:
        """The company's words and the visitor's."""
        return f"{self.site} {plain(self.brief.session.said)} {plain(self.brief.heard)}"


def objections(
    reply: Reply, brief: Brief, allowed_hosts: AbstractSet[str], *, draft: str = "", max_words: int = MAX_WORDS
) -> tuple[str, ...]:
    """What is wrong with a model's reply, () when nothing is. `draft` is what the local writer would say instead.

    Figures, names and times may come from the pages or from the visitor; prices and promises from the pages alone. An
    English reply has no words of its own but plain ones; in other languages the model may have to translate.
    """
    case = _Case(reply=reply, brief=brief, hosts=allowed_hosts, draft=draft)
    wrong = [name for name, is_broken in _CHECKS_OF_A_MODEL.items() if is_broken(case)]
    if len(reply.main_text.split()) > max_words + SLACK_WORDS:
        wrong.append(TOO_LONG)
    return tuple(wrong)


def slips(reply: Reply, brief: Brief, allowed_hosts: AbstractSet[str]) -> tuple[str, ...]:
    """What is wrong with a reply made of our phrases, the site's sentences and the visitor's words; () for nothing."""
    case = _Case(reply=reply, brief=brief, hosts=allowed_hosts)
    return tuple(name for name, is_broken in _CHECKS.items() if is_broken(case))


def plain(text: str) -> str:
    """A text as it reads: compatible characters unified, invisible ones left out, one kind of apostrophe."""
    text = text.replace("’", "'")
    return text if text.isascii() else _JOINERS.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))


def _hidden(case: _Case) -> bool:
    texts = (case.reply.main_text, case.reply.email_prompt or "", *case.reply.buttons)
    return any(_CONTROL.search(text) or _INVISIBLE.search(text) for text in texts)


def _buttons(case: _Case) -> bool:
    buttons = case.reply.buttons
    return len(buttons) > MAX_BUTTONS or any(not 0 < len(one) <= MAX_BUTTON_LENGTH for one in buttons)


def _foreign_link(case: _Case) -> bool:
    """A host below ours is ours where the site links to it; a name with a dot is no link where somebody used it."""
    text = " | ".join((case.text, *map(plain, case.reply.buttons)))
    if any(not is_ours(link, case.hosts) and not _is_linked(link, case) for link in links(text)):
        return True
    return any(name not in case.hosts and name not in case.material.casefold() for name in dotted_names(text))


def _is_linked(link: str, case: _Case) -> bool:
    return is_below_ours(link, case.hosts) and link.rstrip(".,;:!?") in case.site


def _endless_word(case: _Case) -> bool:
    return any(len(word) > LONGEST_WORD and word not in case.material for word in case.text.split())


def _unsupported_name(case: _Case) -> bool:
    found = names(case.text) if case.brief.language == "en" else frozenset()
    return bool(found) and not found <= words(case.material)


def _words_of_its_own(case: _Case) -> bool:
    """Whether an English reply tells of things that neither the pages, nor the visitor, nor our own draft speak of."""
    if case.brief.language != "en":
        return False
    return bool(words_of_its_own(plain(case.reply.main_text), (case.material, case.draft)))


def _beyond(read: Callable[[str], frozenset[Claim]], case: _Case, *, site_only: bool = False) -> bool:
    """Whether the reply claims something of a kind that its sources do not."""
    found = read(case.text)
    return bool(found) and not found <= read(case.site if site_only else case.material)


def _invented_quote(case: _Case) -> bool:
    passages = [(finding.passage.url, finding.passage.text) for finding in case.brief.findings]
    return any(
        not any(citation.url == url and citation.quote in text for url, text in passages)
        for citation in case.reply.citations
    )


def _asks_for_address(case: _Case) -> bool:
    planned = case.brief.email_prompt or case.brief.awaiting in {EMAIL_QUESTION, EMAIL_CONFIRMATION}
    return not planned and _unsupported("addresses", case.text, case.site)


def _asks_too_much(case: _Case) -> bool:
    """More than one question of our own; those that the site or the planned question hold are not counted here."""
    own = plain(case.reply.main_text)
    for move in case.brief.moves:
        own = own.replace(plain(move.text), " ") if "?" in move.text else own
    planned = case.brief.email_prompt or (case.brief.question and case.brief.question.text in case.reply.main_text)
    return own.count("?") > (0 if planned else 1)


def _unsupported(kind: str, text: str, sources: str) -> bool:
    low, known = text.casefold(), sources.casefold()
    return any(found.group(0) not in known for one in expressions(kind) for found in one.finditer(low))


def _promise(case: _Case) -> str:
    """Our own words where the plan promises a person, so that a model may keep them; else nothing."""
    return plain(case.draft) if any(move.phrase == PROMISED for move in case.brief.moves) else ""


def _repeats(case: _Case) -> bool:
    """Word for word what the assistant said before; the local writer has no other words for it then."""
    return any(line.author == "bot" and line.text == case.reply.main_text for line in case.brief.recent)


_CHECKS: Mapping[str, Callable[[_Case], bool]] = {
    EMPTY: lambda case: not case.text.strip(),
    "buttons": _buttons,
    "hidden characters": _hidden,
    "markup": lambda case: bool(_MARKUP.search(" ".join((case.text, *case.reply.buttons)))),
    "foreign link": _foreign_link,
    "foreign address": lambda case: _beyond(addresses, case),
    "invented quote": _invented_quote,
}
"""What may not go out whoever wrote it."""

_CHECKS_OF_A_MODEL: Mapping[str, Callable[[_Case], bool]] = {
    **_CHECKS,
    "endless word": _endless_word,
    "unsupported number": lambda case: _beyond(figures, case),
    "unsupported price": lambda case: _beyond(amounts, case, site_only=True),
    "unsupported promise": lambda case: _unsupported("promises", case.text, case.site),
    "promise of a person": lambda case: _unsupported("people", case.text, case.site + _promise(case)),
    "unsupported time": lambda case: _unsupported("dates", case.text, case.material),
    "unsupported name": _unsupported_name,
    "words of its own": _words_of_its_own,
    "out of its part": lambda case: _unsupported("masks", case.text, case.site),
    "manners": lambda case: _unsupported("manners", case.text, case.site),
    "asks for an address": _asks_for_address,
    "asks too much": _asks_too_much,
    "repeats itself": _repeats,
    "language": lambda case: speaks_another_language(case.text, case.brief.language, case.site),
}
