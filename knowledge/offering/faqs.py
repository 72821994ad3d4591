"""Questions the site answers: headings, terms and summaries that ask, with what stands below them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

from core.offering import Faq
from knowledge.offering.terms import Said, is_legal, offering_terms, said_on, segments, teaches
from knowledge.pricing.terms import whole
from knowledge.reading.blocks import DETAIL_LEVEL, PARAGRAPH
from knowledge.reading.page import SitePage

MAX_ANSWER = 1_200
"""Characters of an answer; the page has the rest."""
_MIN_WORDS = 3
_MOST_LINES = 40
_MAX_QUESTION = 200


def faqs_of(pages: Sequence[SitePage]) -> tuple[Faq, ...]:
    """Each question once, in order. The quote behind an answer is its first paragraph, letter for letter."""
    kept: dict[str, Faq] = {}
    for page in pages:
        if not is_legal(page):
            for faq in _on(page):
                kept.setdefault(re.sub(r"\W+", " ", faq.question.casefold()).strip(), faq)
    return tuple(kept.values())


def _on(page: SitePage) -> Iterator[Faq]:
    lines = list(said_on(page))
    for place, line in enumerate(lines):
        if not _asks(line):
            continue
        answer = _answer(lines, place)
        if answer and sum(len(one.text.split()) for one in answer) >= _MIN_WORDS:
            yield Faq(question=line.text, answer="\n".join(one.text for one in answer), source=answer[0].source)


def _asks(line: Said) -> bool:
    if line.level == PARAGRAPH or not len(line.text.split()) >= _MIN_WORDS or len(line.text) > _MAX_QUESTION:
        return False
    text = line.text.strip('"“”„«» 0123456789.)').casefold()
    if _empty().search(text):
        return False
    among = _faq_page(line) or any(_about().search(heading) for heading in (*line.headings, line.page.title))
    if not text.endswith(("?", "？")):
        # The summaries of a page of questions may leave the mark out.
        return among and line.level == DETAIL_LEVEL and text.split()[0] in offering_terms().question_words
    first = re.split(r"[\s'’]", text.lstrip("¿"), maxsplit=1)[0]
    if teaches(line.page):
        return among
    return among or line.level == DETAIL_LEVEL or first in offering_terms().question_words


def _faq_page(line: Said) -> bool:
    return not {"faq", "faqs", "questions"}.isdisjoint(segments(line.page.url))


def _answer(lines: Sequence[Said], place: int) -> list[Said]:
    """What stands below a question, until the next heading or as far as an answer may go."""
    question, found, length = lines[place], [], 0
    for line in islice(lines, place + 1, place + 1 + _MOST_LINES):
        below = len(line.headings) > len(question.headings) and line.headings[len(question.headings)] == question.text
        if not below or line.level != PARAGRAPH or length + len(line.text) > MAX_ANSWER:
            break
        found.append(line)
        length += len(line.text)
    return found


@cache
def _about() -> re.Pattern[str]:
    return whole(offering_terms().faq_words)


@cache
def _empty() -> re.Pattern[str]:
    return whole(offering_terms().not_questions)
