"""Which files of visitors a channel takes. They are passed on as they are, never opened. Pure."""

from __future__ import annotations

from pydantic import Field

from config.fields import Section
from core.attachment import Attachment, FetchedFile, FileSource
from core.errors import DeliveryUncertain
from platforms.files import MEDIA_TYPES, MEGABYTE, MOST_MEGABYTES


async def bytes_of(source: FileSource | None, file: Attachment) -> bytes:
    """A rep's file for the visitor. Raises `DeliveryDelayed`, and `DeliveryUncertain` for what cannot be had any more.

    Such a file is listed among what may not have arrived: its rep was told that it is on its way.
    """
    fetched = await source.fetch(file) if source else FetchedFile(trouble="gone")
    if fetched.trouble:
        raise DeliveryUncertain(f"a rep's file cannot be had ({fetched.trouble})")
    return fetched.content


class FileSettings(Section):
    """What visitors may send beside words."""

    enabled: bool = Field(True, description="Whether files are taken for the sales team.", examples=[True])
    max_megabytes: int = Field(
        10, ge=1, le=MOST_MEGABYTES, description="The largest file that is taken, in millions of bytes.", examples=[10]
    )
    media_types: tuple[str, ...] = Field(
        MEDIA_TYPES, description="The types that are taken, as they are declared.", examples=[["application/pdf"]]
    )

    @property
    def most_bytes(self) -> int:
        return self.max_megabytes * MEGABYTE

    def refusal(self, media_type: str, size: int) -> str:
        """Why a file is not taken: too_large, wrong_type, or "" where it is."""
        if not self.enabled or media_type not in self.media_types:
            return "wrong_type"
        return "too_large" if size > self.most_bytes else ""
