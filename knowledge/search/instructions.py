"""Text that speaks to an assistant instead of a reader. It is data like any other, and never quoted."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import takewhile

from core.passage import Passage
from knowledge.search.lexicon import lexicon


def quotable(passage: Passage) -> Passage | None:
    """A passage up to the first line that gives orders to an assistant; None when nothing is left of it.

    What follows such a line may be part of the order, and so may be all that stands under such a heading.
    """
    if any(is_addressed_to_assistants(text) for text in (passage.title, *passage.headings)):
        return None
    lines = passage.text.split("\n")
    kept = list(takewhile(lambda line: not is_addressed_to_assistants(line), lines))
    if len(kept) == len(lines):
        return passage
    return replace(passage, text="\n".join(kept)) if kept else None


def is_addressed_to_assistants(text: str) -> bool:
    """Whether a text gives orders to an assistant."""
    low = text.casefold()
    return any(expression.search(low) for expression in _expressions())


@cache
def _expressions() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(expression) for expression in lexicon().instructions)
