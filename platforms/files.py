"""Names and types of files that are passed on. They are never opened. Pure."""

from __future__ import annotations

from core.attachment import FetchedFile
from platforms.text import clean_line

MEGABYTE = 1_000_000
MOST_MEGABYTES = 20
"""What Telegram lets a bot fetch (core.telegram.org/bots/api#getfile), and as much as is held in memory at a time."""
_NAME_LIMIT, _ENDING_LIMIT, _RAW_LIMIT = 100, 12, 10_000
_DIRECTIONS = dict.fromkeys(map(ord, "\u061c\u200e\u200f"))
"""Marks that turn the direction of what follows: with them an ending can be made to look like another."""
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*`', "_"))
_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = (
    "application/pdf", "image/jpeg", "image/png", "image/gif", "image/webp", "text/plain", "text/csv",
    f"{_OFFICE}.wordprocessingml.document", f"{_OFFICE}.spreadsheetml.sheet", f"{_OFFICE}.presentationml.presentation",
)  # fmt: skip
_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "application/pdf": (b"%PDF-",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
    "application/zip": (b"PK\x03\x04", b"PK\x05\x06"),
    **{one: (b"PK\x03\x04",) for one in MEDIA_TYPES if one.startswith(_OFFICE)},
}
"""How files of these types begin; one that begins otherwise is not what it was said to be."""


def file_name(raw: object, fallback: str) -> str:
    """The last part of a name, in one line, with its ending; `fallback` where nothing of it is left."""
    text = clean_line(raw.translate(_DIRECTIONS), limit=_RAW_LIMIT) if isinstance(raw, str) else ""
    text = text.replace("\\", "/").rpartition("/")[2].translate(_FORBIDDEN).strip(" .")
    if len(text) <= _NAME_LIMIT:
        return text or fallback
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending) > _ENDING_LIMIT:
        return text[:_NAME_LIMIT]
    return f"{stem[: _NAME_LIMIT - len(ending) - 1]}.{ending}"


def checked(content: bytes, media_type: str) -> FetchedFile:
    """The bytes, where they begin as files of the type do."""
    beginnings = _BEGINNINGS.get(media_type)
    if not content:
        return FetchedFile(trouble="gone")
    if beginnings and not content.startswith(beginnings):
        return FetchedFile(trouble="wrong_type")
    return FetchedFile(content=content)
