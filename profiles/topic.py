"""What to search the company's site for: the visitor's words without pleasantries and contact details."""

from __future__ import annotations

import re

from profiles.reading import Reading

TOPIC_LIMIT = 300
"""Characters kept: more words only blur a search."""

_POLITE = frozenset({"greets", "thanks", "leaves", "small_talk", "praises"})
_PHRASE = re.compile(r"[^\W\d_]{2,}")


def topic_of(reading: Reading, questions: tuple[str, ...], contacts: list[tuple[int, int]]) -> str:
    """The questions where there are some, else the statement; "" when nothing is left to search for."""
    cut = [(hit.start, hit.end) for hit in reading.of("acts") if hit.name in _POLITE] + contacts
    cut += [(hit.start, hit.end) for hit in reading.of("contact_preference")]
    text = reading.shown
    for start, end in cut:
        text = text[:start] + " " * (end - start) + text[end:]
    if questions:
        starts = [reading.shown.find(question) for question in questions]
        text = " ".join(
            text[start : start + len(question)].strip(" ,.!;:-–—")
            for start, question in zip(starts, questions, strict=True)
        )
    topic = " ".join(text.split()).strip(" ,.!;:-–—")
    return topic[:TOPIC_LIMIT] if _is_phrase(topic) else ""


def _is_phrase(topic: str) -> bool:
    first = topic.find(" ")
    return first > 0 and _PHRASE.search(topic, 0, first + 24) is not None and len(_PHRASE.findall(topic, 0, 80)) > 1
