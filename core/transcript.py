"""The visible lines of a conversation, numbered without gaps: what a client that reconnects reads from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.ids import MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptEntry:
    seq: int  # dense per conversation, starting at 1; 0 before it is stored
    author: str  # visitor | bot | rep
    at: float
    text: str
    message: MessageId | None = None  # the visitor's message this line is
    replaces: MessageId | None = None  # an earlier message that was edited to `text`, or deleted where that is ""
    asks: str = ""  # id of the question that a line of the bot's waits for
    reply: Mapping[str, Any] | None = None  # the reply's wire shape, for the bot's lines
