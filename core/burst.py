"""When a burst of fragments is over: five quick lines get one answer, a finished sentence waits little. Pure."""

from __future__ import annotations

from core.message import InboundMessage, MessageKind
from core.pace import COMPLETE_SHARE, Pace

MAX_MESSAGES = 20
"""Messages answered by one turn; more wait for the next."""
FINISHED_WORDS = 4
_ENDINGS = (".", "!", "?", "…", "。", "！", "？", "؟")


def quiet_after(message: InboundMessage, pace: Pace) -> float:
    """Seconds of silence after `message` that end the burst."""
    if message.kind not in {MessageKind.TEXT, MessageKind.EDITED}:
        return 0.0
    text = message.text.rstrip()
    finished = text.endswith(_ENDINGS) and len(text.split()) >= FINISHED_WORDS
    return pace.quiet * COMPLETE_SHARE if finished or "@" in text else pace.quiet
