"""What a platform lets a channel do. Replies are fitted to it, and `frontdesk channels` shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """In what a platform counts the length of a message."""

    CHARACTERS = "characters"  # Unicode code points
    UTF16 = "utf16"
    BYTES = "bytes"  # of UTF-8


class Formatting(StrEnum):
    """How a message's markdown tree is written for the platform."""

    PLAIN = "plain"
    NODES = "nodes"  # the client makes its own elements
    HTML = "html"
    MRKDWN = "mrkdwn"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Declared by each kind of channel; nothing is attempted that is not declared."""

    buttons: int  # beside one message; 0: they are written out as a list
    button_length: int  # characters of a label that are shown
    cards: bool  # a message with a layout of its own
    edits: bool  # sent messages can be changed, e.g. to take buttons away after a press
    deletes: bool  # sent messages can be taken back
    typing: bool  # the visitor can be shown that an answer is on its way
    attachments: bool  # files of visitors arrive: the channel is a `core.attachment.FileSource`
    threads: bool  # several conversations side by side in one place
    deep_links: bool  # a link can begin a conversation and say where it was found
    proactive: bool  # may write without having been written to
    max_length: int  # of one message, in `unit`; longer ones are split
    unit: Unit = Unit.CHARACTERS
    formatting: Formatting = Formatting.PLAIN
    sends_files: bool = False  # files of reps can be brought to the visitor
    lookup: bool = False  # whether a message arrived can be looked up: what is doubtful is then never lost
