"""Long articles, and pages that blocks find too little on, by trafilatura: it knows an article from what surrounds it.

It reads only trees from which everything hidden was taken out before, because it does not look at styles itself.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

from knowledge.reading.blocks import MAX_BLOCK_LENGTH, PARAGRAPH, Block, fold
from knowledge.reading.marks import Mark
from knowledge.reading.walk import DROPPED

_log = logging.getLogger(__name__)
_FEWEST_WORDS = 300
_PROSE_WORDS = 20
_PROSE_SHARE = 0.7
_SURELY_SAID = 12
"""Words of a line that is kept even where the article leaves it out: losing a statement costs more than keeping one."""
_LIST_SIGN = re.compile(r"^[-*•]\s+")
_MOST_CHARACTERS = 1_000_000
_DROP = "data-frontdesk-dropped"


def is_article(blocks: Sequence[Block]) -> bool:
    """Whether a page is mostly long paragraphs."""
    lengths = [len(block.text.split()) for block in blocks if block.level == PARAGRAPH]
    words = sum(lengths)
    prose = sum(length for length in lengths if length >= _PROSE_WORDS)
    return words >= _FEWEST_WORDS and prose >= words * _PROSE_SHARE


def only_article(blocks: Sequence[Block], body: Any, marks: Mapping[Any, Mark]) -> tuple[Block, ...]:
    """The blocks of an article less the short lines around it; all of them where it cannot be told from its page."""
    said = " ".join(_article_lines(body, marks))
    if len(said.split()) < _FEWEST_WORDS:
        return tuple(blocks)
    return tuple(block for block in blocks if _belongs(block, said))


def article_blocks(body: Any, marks: Mapping[Any, Mark]) -> tuple[Block, ...]:
    """What trafilatura takes for the text of a page, a block a line."""
    return tuple(Block(text=line) for line in _article_lines(body, marks))


def _belongs(block: Block, said: str) -> bool:
    if block.level != PARAGRAPH or block.cells or len(block.text.split()) >= _SURELY_SAID:
        return True
    return block.text in said or any(character.isdigit() for character in block.text)


def _article_lines(body: Any, marks: Mapping[Any, Mark]) -> list[str]:
    """Only lines that stand on the page letter for letter."""
    clean = _cleaned(body, marks)
    rendered = fold(" ".join(clean.itertext()))
    lines = (fold(_LIST_SIGN.sub("", line))[:MAX_BLOCK_LENGTH] for line in _extracted(clean).split("\n"))
    return [line for line in lines if line and line in rendered]


def _extracted(clean: Any) -> str:
    html = etree.tostring(clean, method="html", encoding="unicode")[:_MOST_CHARACTERS]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells of optional parts of its own dependencies
            import trafilatura

        return str(trafilatura.extract(f"<html>{html}</html>", fast=True, include_comments=False) or "")
    except Exception as error:
        # Whatever goes wrong in there, what the blocks say stays; without the extra `crawl` it is not even installed.
        _log.info("no article was read: %s", error.__class__.__name__)
        return ""


def _cleaned(body: Any, marks: Mapping[Any, Mark]) -> Any:
    """A copy of the body without anything that no reader sees or that visitors wrote."""
    dropped = [element for element, mark in marks.items() if mark > Mark.LANDMARK and element is not body]
    for element in dropped:
        element.set(_DROP, "")
    clean = deepcopy(body)
    for element in dropped:
        del element.attrib[_DROP]
    for element in clean.xpath(f"descendant::*[@{_DROP}]"):
        _remove(element)
    for element in list(clean.iter(*DROPPED)):
        _remove(element)
    return clean


def _remove(element: Any) -> None:
    """Takes an element out, not the text behind it."""
    parent, tail = element.getparent(), element.tail or ""
    if parent is None:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
