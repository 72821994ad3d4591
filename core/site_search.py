"""Searching the company's site for one burst: questions completed by the talk, and nothing offered twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Protocol, runtime_checkable

from core.passage import Finding
from core.ports import Knowledge
from core.receiving import spoken
from core.turn import TurnView

LONGEST_SENTENCE = 45
"""Words; a longer sentence is a table or a licence text, and would fill the reply."""
SURE_ALONE = 0.7
"""Sureness from which a question that names nothing may be answered for its own words."""
_CODE = re.compile(r"[{}\\]|=>|</|/>|\s-[A-Za-z] ")


def fingerprint(sentence: str) -> str:
    """A short mark of a sentence, to know it again."""
    return blake2b(sentence.encode("utf-8", "replace"), digest_size=6).hexdigest()


@runtime_checkable
class Conversing(Protocol):
    """What a knowledge room may understand beside searching."""

    def completed(self, question: str, before: str) -> str:
        """A question such as "and for a year?" with what it leaves to one of `before`; "" where it leaves nothing."""
        ...

    def beside(self, question: str, told: str) -> str:
        """A question that names nothing itself, such as "is that extra?", with what is `told` around it; else ""."""
        ...

    def questions_in(self, question: str) -> tuple[str, ...]:
        """The questions that one holds: two for "how long does it take and do you support SSO?"."""
        ...

    def summed(self, finding: Finding, told: str) -> Finding:
        """A finding of prices with what they make for as many as somebody tells of: "12 of us"."""
        ...

    def compared(self, told: str) -> tuple[Finding, ...]:
        """What sets two plans apart, where a message compares them; else ()."""
        ...

    def tells(self, part: str) -> bool:
        """Whether a part of a question only tells of the visitor: "we are a clinic"."""
        ...

    def demands(self, part: str) -> bool:
        """Whether a statement says what is needed: "it would have to read our tachographs"."""
        ...

    def asks(self, part: str) -> bool:
        """Whether some words have the form of a question, with or without its mark."""
        ...

    def required(self, part: str) -> tuple[str, ...]:
        """The questions behind what a statement only names: where the data lie, for "data must stay in the EU"."""
        ...

    def asks_what_comes_next(self, question: str) -> bool:
        """Whether a question is about how this conversation goes on, which no page tells."""
        ...


@runtime_checkable
class Directing(Protocol):
    """What a knowledge room may know beside answers."""

    def door(self, kind: str) -> Finding | None:
        """Where the site sends people of a kind (`VisitorType`) who do not buy, in one sentence."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What one search brought."""

    fresh: tuple[Finding, ...]  # without what was said before
    answers: bool  # the site answers, be it with sentences that were all said before
    near: tuple[Finding, ...] = ()  # the closest, where it does not


class SiteSearch:
    """The searches of one burst: what one of them offers, the next does not offer again."""

    def __init__(self, knowledge: Knowledge, view: TurnView, *, said: set[str], counts: Sequence[str] = ()) -> None:
        """`counts`: how many of anything the visitor told before, each in their words."""
        self._knowledge = knowledge
        self._page = view.session.page.url if view.session.page else ""
        self._hints = (*view.persona.features, *view.persona.industries) if view.persona else ()
        self._said = said
        self._counts = counts
        self._talk = view.session.said
        self._asked = view.understanding.questions
        self._heard = "\n".join(one.text for one in spoken(view.messages))
        self._before = view.session.said.removesuffix(self._heard)
        self._just_read = "\n".join(message.prompt for message in view.messages)

    async def find(self, query: str) -> Looked:
        """What is found to a question, completed by what was said before it where it leans on that."""
        completed = self._completed(query)
        whole = await self._look(completed) if completed else None
        if whole is not None and whole.answers:
            return whole
        alone = await self._look(query)
        if alone.fresh and alone.fresh[0].prices:
            return alone
        if whole is not None:
            return max(alone, whole, key=_sureness)
        beside = self._beside(query)
        if not beside:
            return alone
        together = await self._look(beside)
        unsure = alone.answers and _sureness(alone)[1] < SURE_ALONE
        # "do you cover that?" alone finds whatever holds the word
        return together if unsure and together.near else max(alone, together, key=_sureness)

    def _completed(self, query: str) -> str:
        if not isinstance(self._knowledge, Conversing):
            return ""
        earlier, found, _ = self._talk.rpartition(query)
        before = earlier if found else self._before
        for one in self._asked:  # told of or unmarked, they are questions all the same
            before = before.replace(one, f" {one.rstrip('?!. ')}?\n")
        return self._knowledge.completed(query, before)

    def _beside(self, query: str) -> str:
        """A question that names nothing, with what its message names, or those before it."""
        if not isinstance(self._knowledge, Conversing):
            return ""
        around = self._heard
        for one in (query, *self._asked):  # what else is asked is another matter
            around = around.replace(one, "\n")
        return self._knowledge.beside(query, around) or self._knowledge.beside(query, self._before)

    def questions_in(self, question: str) -> tuple[str, ...]:
        """The questions that one holds."""
        return self._knowledge.questions_in(question) if isinstance(self._knowledge, Conversing) else (question,)

    def tells(self, part: str) -> bool:
        """Whether a part of a question only tells of the visitor."""
        return isinstance(self._knowledge, Conversing) and self._knowledge.tells(part)

    def demands(self, part: str) -> bool:
        """Whether a statement says what is needed."""
        return isinstance(self._knowledge, Conversing) and self._knowledge.demands(part)

    def required(self, part: str) -> tuple[str, ...]:
        """The questions behind what a statement only names."""
        return self._knowledge.required(part) if isinstance(self._knowledge, Conversing) else ()

    def asks(self, part: str) -> bool:
        """Whether some words have the form of a question."""
        return isinstance(self._knowledge, Conversing) and self._knowledge.asks(part)

    async def _look(self, query: str) -> Looked:
        found = await self._knowledge.search(query, page=self._page, hints=self._hints, limit=2)
        if isinstance(self._knowledge, Conversing):
            found = self._by_all_that_was_said(self._knowledge, found)
        readable = _keeping(found, _is_prose)
        unsaid = _keeping(readable, lambda sentence: fingerprint(sentence) not in self._said)
        # the invitation that was pressed is not said over again, unless nothing else answers
        fresh = _keeping(unsaid, lambda sentence: sentence not in self._just_read) or unsaid
        if any(finding.near for finding in readable):
            return Looked(fresh=(), answers=False, near=fresh)
        return Looked(fresh=fresh, answers=bool(readable))

    def _by_all_that_was_said(self, knowledge: Conversing, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Findings with what the rest of the message adds: which plans are compared, how many there are to pay for."""
        if len(self._asked) == 1 and (compared := knowledge.compared(self._heard)):
            return compared
        if found and found[0].prices and not found[0].sums:
            added_up = (knowledge.summed(found[0], told) for told in (self._heard, *self._counts))
            return (next((one for one in added_up if one.sums), found[0]), *found[1:])
        return found

    def offered(self, finding: Finding) -> None:
        """What is said now is not offered again."""
        self._said |= {fingerprint(sentence) for sentence in finding.sentences}


def _sureness(looked: Looked) -> tuple[bool, float]:
    best = next(iter(looked.fresh or looked.near), None)
    return looked.answers, best.score if best else 0.0


def _keeping(found: Sequence[Finding], wanted: Callable[[str], bool]) -> tuple[Finding, ...]:
    """The findings with only the sentences that are wanted; those without any are left out."""
    trimmed = (replace(finding, sentences=tuple(filter(wanted, finding.sentences))) for finding in found)
    return tuple(finding for finding in trimmed if finding.sentences)


def _is_prose(sentence: str) -> bool:
    """Whether a sentence can be said in a chat: samples of code and whole tables cannot."""
    return not _CODE.search(sentence) and len(sentence.split()) <= LONGEST_SENTENCE
