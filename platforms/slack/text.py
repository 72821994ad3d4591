"""Untrusted words made fit for Slack: one line, no control over the layout, no pings, no links. Pure.

Slack decodes exactly `&amp;`, `&lt;` and `&gt;` in plain_text, mrkdwn and fallback text alike
(docs.slack.dev/messaging/formatting-message-text), so every text leaves here escaped.
Lengths are UTF-16 units of the escaped text, the largest of the ways Slack may count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

ELLIPSIS = "…"
MAX_MARKS = 4
"""Combining marks kept on one character; more is a prank that covers the neighbouring lines."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
# Controls, invisible fillers, direction overrides, interlinear marks and the tag block. The joiners U+200C and U+200D
# stay: Persian words and family emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]",
)
_PING = re.compile(r"@(?=(?:here|channel|everyone)\b)", re.IGNORECASE)
_LONE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LOOK_ALIKES = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})  # mrkdwn has no escape for its own marks


def escape(text: str) -> str:
    """Replace the three characters Slack gives a meaning to."""
    return text.translate(_ENTITIES)


def plain(text: str, limit: int) -> str:
    """One escaped line for a plain_text object or the fallback text, at most `limit` long."""
    return escape(clip(_defused(clean(text, limit)), limit))


def mrkdwn(text: str, limit: int) -> str:
    """One escaped line for inside a mrkdwn text: its own formatting marks become look-alikes."""
    cleaned = clean(text, limit).translate(_LOOK_ALIKES)
    return escape(clip(_defused(_LONE_UNDERSCORE.sub("\u02cd", cleaned)), limit))


def clean(text: str, limit: int) -> str:
    """One line of visible characters in NFC. Reads no more than eight times `limit`."""
    text = _SURROGATE.sub("\ufffd", text[: 8 * limit])
    text = _SPACE.sub(" ", text)
    if text.isascii():
        return _UNSEEN.sub("", text).strip()
    return _few_marks(unicodedata.normalize("NFC", _UNSEEN.sub("", text))).strip()


def clip(text: str, limit: int) -> str:
    """Cut so that the escaped text is at most `limit` units, the cut shown by an ellipsis."""
    if units(text) <= limit:
        return text
    room = limit - 1
    for at, character in enumerate(text):
        room -= units(character)
        if room < 0:
            return text[:at].rstrip(" \u200d") + ELLIPSIS
    return text


def units(text: str) -> int:
    """UTF-16 units of the text once escaped."""
    escaped = escape(text)
    return len(escaped) if escaped.isascii() else len(escaped.encode("utf-16-le", "replace")) // 2


def join_some(items: Iterable[str], limit: int, *, separator: str = ", ", more: str = "+{count} more") -> str:
    """As many of the (already escaped) items as fit, and how many were left out."""
    kept: list[str] = []
    left, room = 0, limit - len(separator) - len(more) - 8
    for item in items:
        room -= _length(item) + len(separator)
        if left or room < 0:
            left, room = left + 1, 0
        else:
            kept.append(item)
    tail = [more.format(count=left)] if left else []
    return separator.join(kept + tail)


def _length(escaped: str) -> int:
    return len(escaped.encode("utf-16-le", "replace")) // 2


def _defused(text: str) -> str:
    """A word joiner keeps @here from pinging, also when a rep copies the line into a message."""
    return _PING.sub("@\u2060", text)


def _few_marks(text: str) -> str:
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if run <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)
