"""The small parts that plans are made of: quotes of the site and of the visitor, buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.brief import Move
from core.passage import Finding, is_head, read_aloud, rows_under
from core.phrases import Phrases
from core.question import Question
from core.reply import MAX_BUTTON_LENGTH, MAX_BUTTONS, Citation
from core.wording import listed

ANSWER_WORDS = 38
"""Words of the site quoted in one reply; leaves room for an acknowledgement and a question within sixty."""
ROWS = 3
"""Rows told of a table whose head was found."""
ECHO_WORDS = 10
"""Words of a visitor's question that are said back to them."""


def quote(finding: Finding, sentences: int) -> Move:
    """The best sentences of a finding that fit, verbatim and as the page orders them, with where they stand."""
    chosen: list[str] = []
    words = 0
    for sentence in _without_heads(finding)[:sentences]:
        words += len(read_aloud(sentence, finding.passage.text, finding.columns).split())
        if chosen and words > ANSWER_WORDS:
            break
        chosen.append(sentence)
    best = chosen[0]
    chosen.sort(key=finding.passage.text.find)
    text = " ".join(chosen)
    aloud = " ".join(_ended(read_aloud(one, finding.passage.text, finding.columns)) for one in chosen)
    said = f"{finding.lead}: {aloud}" if finding.lead and chosen[0] == best else aloud
    quoted = text if text in finding.passage.text else best
    return Move(text=said, citation=Citation(url=finding.passage.url, quote=quoted))


def _without_heads(finding: Finding) -> tuple[str, ...]:
    """The sentences, with rows of a table in the place of its head, which says nothing by itself."""
    text = finding.passage.text
    told: dict[str, None] = {}
    for sentence in finding.sentences:
        told.update(dict.fromkeys(rows_under(sentence, text)[:ROWS] if is_head(sentence, text) else (sentence,)))
    return tuple(told) or finding.sentences


def _ended(sentence: str) -> str:
    """A sentence with its end: what stands on a card or in a heading has none."""
    return sentence if not sentence[-1:].isalnum() else f"{sentence}."


def quote_within(findings: Iterable[Finding], words: int) -> Move | None:
    """The first sentence of the findings that has at most so many words."""
    for finding in findings:
        for sentence in finding.sentences:
            said = read_aloud(sentence, finding.passage.text)
            if len(said.split()) <= words:
                return Move(text=said, citation=Citation(url=finding.passage.url, quote=sentence))
    return None


def echoed(questions: Iterable[str], phrases: Phrases) -> str:
    """The visitor's questions in quotation marks, shortened: "“Signal” and “Viber”"."""
    return listed((phrases.say("list.quoted", item=_shortened(one)) for one in questions), phrases)


def _shortened(question: str) -> str:
    words = question.strip(" ?!.").split()
    return " ".join(words[:ECHO_WORDS]) + ("…" if len(words) > ECHO_WORDS else "")


def button_tag(label: str) -> str:
    """How a session notes that a quick reply was offered."""
    return f"button#{label}"


def fitting(labels: Iterable[str]) -> tuple[str, ...]:
    """Those labels that fit a button, as many as a reply may have."""
    return tuple(label for label in labels if 0 < len(label) <= MAX_BUTTON_LENGTH)[:MAX_BUTTONS]


def was_named(question: Question, said: str) -> bool:
    """Whether the visitor has used the words of one of a question's options: it is answered then, understood or not."""
    low = said.casefold()
    named = (option for option in map(str.casefold, question.options) if option in low)
    return any(re.search(rf"\b{re.escape(option)}\b", low) for option in named)
