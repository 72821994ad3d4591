"""A visitor's file: what is known of it. Its bytes stay where the platform keeps them until they are passed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

MARK = "📎 "
"""What the line of a transcript begins with that names a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """As the platform tells of it (untrusted); never opened, run or shown by us."""

    id: str  # of the message it came with
    channel: str  # that can fetch it
    reference: str  # by which the platform knows it; no address, and no secret in it
    name: str  # without folders, control and direction characters
    media_type: str  # as it was declared, one of those the channel takes
    size: int = 0  # bytes as they were declared, 0 where that is not known

    @property
    def line(self) -> str:
        """What a transcript shows of it."""
        return f"{MARK}{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedFile:
    """A file's bytes, or why there are none: gone | too_large | wrong_type."""

    content: bytes = b""
    trouble: str = ""


TEAM = "team"
"""Whose files those of reps are, in the place of a channel's name."""


class FileSource(Protocol):
    async def fetch(self, file: Attachment) -> FetchedFile:
        """Bring a file from where it lies. Raises `DeliveryDelayed` when it may be had later."""
        ...
