"""Making untrusted text safe to keep, show and send on. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from core.message import TEXT_LIMIT

MARKS_PER_BASE = 4
_MARKS_BEFORE_COMPOSING = 16
"""More marks on one letter than any script needs; bounds the work of normalisation, which sorts them."""
_OVERSIZE = 16
"""Raw characters looked at, in multiples of the limit: marks and controls that fall away do not use up the limit."""
_FIRST_MARK = "\u0300"

_LINE_BREAKS = re.compile("\r\n?|[\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_UNWANTED = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but tab and line feed
    "\u200b\u2060-\u2064\ufeff\u180e"  # invisible: zero-width space, word joiner, byte order mark
    "\u202a-\u202e\u2066-\u2069"  # bidi overrides, embeddings and isolates
    "\ufff9-\ufffb\ufffe\uffff"  # interlinear annotations, non-characters
    "\U000e0000-\U000e007f"  # tags: text no person sees
    "]+",
)
_BLANKS = re.compile("[\\s]+")


@dataclass(frozen=True, slots=True)
class CleanText:
    """`text` is "" when nothing visible is left; `cut` tells that visible characters were dropped at the end."""

    text: str
    cut: bool = False


def clean_text(raw: str, *, limit: int = TEXT_LIMIT) -> CleanText:
    """Normalise a message: NFC, line feeds, no controls but tab and line feed, at most `limit` characters.

    Lone surrogates become U+FFFD; bidi overrides, tags and invisible spaces go; a letter keeps four combining marks.
    Applying it twice changes nothing more. Never raises.
    """
    if len(raw) <= limit and raw.isascii() and raw.isprintable():
        return CleanText(raw.strip())
    text = _normalised(raw[: limit * _OVERSIZE]).strip()
    cut = len(text) > limit or len(raw) > limit * _OVERSIZE
    if cut:
        text = text[:limit].rstrip()
    return CleanText(text, cut) if _has_substance(text) else CleanText("")


def clean_line(raw: str, *, limit: int) -> str:
    """The same for a one-line field such as a page title: every run of white space becomes one space."""
    return _BLANKS.sub(" ", clean_text(raw, limit=limit).text)


def _normalised(text: str) -> str:
    text = _LINE_BREAKS.sub("\n", text)
    text = _SURROGATES.sub("\ufffd", text)
    text = _UNWANTED.sub("", text)
    if text.isascii() or max(text) < _FIRST_MARK:
        return text
    text = _limit_marks(text, _MARKS_BEFORE_COMPOSING)
    return _limit_marks(unicodedata.normalize("NFC", text), MARKS_PER_BASE)


def _limit_marks(text: str, most: int) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if character >= _FIRST_MARK and unicodedata.category(character)[0] == "M" else 0
        if marks <= most:
            kept.append(character)
    return "".join(kept) if len(kept) < len(text) else text


def _has_substance(text: str) -> bool:
    return any(character > " " and unicodedata.category(character)[0] not in "MCZ" for character in text)
