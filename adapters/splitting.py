"""Cutting a long text into messages a platform takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

Measure = Callable[[str], int]
_SEAMS = ("\n\n", "\n", ". ", "? ", "! ", "。", "; ", ", ", " ")
"""Where a text is cut, the best place first."""


def utf16_units(text: str) -> int:
    """Length as Telegram counts it: characters beyond the basic plane are two."""
    return len(text) + sum(character > "\uffff" for character in text)


def utf8_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def split(text: str, limit: int, measure: Measure = len) -> tuple[str, ...]:
    """Pieces of at most `limit`, cut at paragraphs, lines, sentences or words where it can be; never empty ones.

    Put together again they are the text but for white space at the seams. `limit` is at least 4.
    """
    return tuple(_pieces(text.strip(), limit, measure))


def _pieces(text: str, limit: int, measure: Measure) -> Iterator[str]:
    while measure(text) > limit:
        head = _longest(text, limit, measure)
        at = _seam(head) or len(head)
        yield text[:at].rstrip()
        text = text[at:].lstrip()
    if text:
        yield text


def _longest(text: str, limit: int, measure: Measure) -> str:
    """The longest beginning within the limit; measures grow with each character, so it is found by halving."""
    low, high = 1, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle]) <= limit else (low, middle - 1)
    return text[:low]


def _seam(head: str) -> int:
    """The end of the last whole part of `head`, 0 where a cut there would leave less than half of the room used."""
    for seam in _SEAMS:
        at = head.rfind(seam)
        if at > len(head) // 2:
            return at + len(seam)
    return 0
