"""Chats of likely buyers that fit no persona: kept without what identifies anybody, so that a new kind is noticed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from core.asking import NEED_FIELDS, NOT_BUYERS
from core.fact import Fact, Field
from core.ids import PersonaId
from core.ledger import Known
from core.session import Session
from core.understanding import Intent

KEPT_CHARACTERS = 600
"""Of the visitor's words; the first ones say best who they are."""
TURNS_BEFORE_KEEPING = 2
"""One message tells too little to say that nothing fits."""
HIDDEN = "[…]"

_IDENTIFYING = frozenset({Field.EMAIL, Field.PHONE, Field.NAME, Field.COMPANY})
_NOUNS_ARE_CAPITALISED = frozenset({"de", "lb"})
_SHORTEST_NAME = 2
_PATTERNS = (
    re.compile(
        r"[^\s@]{1,64}\s{0,2}@\s{0,2}\S{1,253}(?:\s?\.\s?\w{2,24}\b)*|@\S+"
    ),  # addresses, also with gaps, and handles
    re.compile(r"\b(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,24}\b(?:/\S*)?"),  # links and hosts
    re.compile(r"(?:\+|\b)\d(?:[\s().\-/]{0,3}\d){4,}"),  # telephone, account and customer numbers
    re.compile(r"\b(?=\w*[^\W\d_])(?=[^\W\d]*(?:\d[^\W\d]*){3})\w+\b"),  # codes: letters with three digits
)
_WORD = re.compile(r"\S+")
_ENDS_SENTENCE = re.compile(r"[.!?:\n]\W*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedChat:
    """What is left of such a chat. No address, number, host or name is in `text`, as far as these can be told."""

    visitor: str  # a fingerprint: the same for one visitor's chats, and nothing else
    text: str
    language: str
    turn: int
    at: float  # of the visitor's last message
    nearest: PersonaId | None = None
    share: float = 0.0  # the probability of the nearest persona


def unmatched_chat(session: Session, facts: Sequence[Fact], known: Known) -> UnmatchedChat | None:
    """The chat as it is kept; None while somebody fits, or nothing shows that the visitor might buy."""
    likely = session.intent_peak >= Intent.EVALUATING or any(field in known for field in NEED_FIELDS)
    fits = session.guess.chosen is not None or session.visitor_type in NOT_BUYERS
    if fits or not likely or session.turns < TURNS_BEFORE_KEEPING:
        return None
    nearest, share = next(iter(session.guess.probabilities), (None, 0.0))
    return UnmatchedChat(
        visitor=blake2b(session.visitor.encode(), digest_size=8).hexdigest(),
        text=without_identity(session.said, facts, session.language)[:KEPT_CHARACTERS],
        language=session.language,
        turn=session.turns,
        at=session.last_at,
        nearest=nearest,
        share=share,
    )


def without_identity(text: str, facts: Sequence[Fact], language: str) -> str:
    """The text without addresses, links, numbers of five digits and more, codes, and names.

    Names are those the facts hold, and where nouns are not capitalised every capitalised word within a sentence.
    """
    for told in _told(facts):
        text = re.sub(rf"(?<!\w){re.escape(told)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    for pattern in _PATTERNS:
        text = pattern.sub(HIDDEN, text)
    if language not in _NOUNS_ARE_CAPITALISED:
        for name in sorted(_capitalised(text), key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", HIDDEN, text)
    return text


def _told(facts: Sequence[Fact]) -> list[str]:
    """What the facts say of the visitor's identity, longest first: as it was said, as it was read, and word by word."""
    told: set[str] = set()
    for fact in facts:
        if fact.field in _IDENTIFYING:
            value = str(fact.value)
            told |= {value, *(word for word in value.split() if len(word) >= _SHORTEST_NAME)}
            told |= {fact.quote} if fact.field in {Field.EMAIL, Field.PHONE} else set()
    return sorted(filter(None, told), key=lambda one: (-len(one), one))


def _capitalised(text: str) -> Iterator[str]:
    """Words with a capital first letter that do not begin a sentence; capitals throughout are no name."""
    for line in text.split("\n"):
        before = ""
        for found in _WORD.finditer(line):
            word = found[0].strip(".,;:!?()\"'“”‘’[]…")
            begins = not before or _ENDS_SENTENCE.search(before) is not None
            pronoun = word.split("'", 1)[0].split("’", 1)[0] == "I"
            if word[:1].isupper() and not word.isupper() and not begins and not pronoun:
                yield word
            before = found[0]
