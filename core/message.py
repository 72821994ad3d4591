"""What comes in: one shape for every channel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.attachment import Attachment
from core.fact import Fact
from core.ids import ConversationId, MessageId, VisitorId
from core.people import Identity, Thread
from core.rep import RepAction

TEXT_LIMIT = 4_000
"""Characters of a visitor's message that are kept; a channel cuts and says so."""


class MessageKind(StrEnum):
    OPENED = "opened"  # the visitor opened the chat and has said nothing yet
    TEXT = "text"
    BUTTON = "button"  # a quick reply was pressed; `text` is its label
    FILE = "file"  # the visitor sent a file; `text` is the line that names it, `attachments` hold it
    TIMER = "timer"  # a durable timer of this conversation fell due; `text` is its name
    AWAY = "away"  # the visitor left the tab, or hid it
    RETURNED = "returned"  # the visitor is back in the tab
    IDENTIFIED = "identified"  # a token or a code shows who the visitor is; `text` is what it says of them
    EDITED = "edited"  # the message `about` now says `text`
    DELETED = "deleted"  # the message `about` was taken back
    JOINED = "joined"  # another conversation of the same person tells of itself, or a link was taken back
    REP = "rep"  # a sales rep does something with the lead; `action` says what, `text` is what goes to the visitor
    COMMAND = "command"  # one of `core.wishes.COMMANDS`, from a menu of the platform; `text` names it
    READ = "read"  # a model has read what the visitor said before; `facts` are what it found


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page of the company's site the visitor is on, as reported by the channel (untrusted)."""

    url: str
    title: str = ""
    heading: str = ""
    language: str = ""
    referrer: str = ""
    campaign: str = ""  # utm_campaign or the channel's own campaign token


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """One accepted message. `text` is normalised (NFC, no control characters, at most `TEXT_LIMIT` characters)."""

    id: MessageId
    channel: str  # the name of the channel's file, e.g. "web"
    conversation: ConversationId
    visitor: VisitorId
    kind: MessageKind
    text: str
    at: float  # seconds since the epoch, the hub's clock
    page: Page | None = None
    locale: str = ""  # BCP 47 tag the client reported
    zone: str = ""  # the time zone the client reported, as "Europe/Vienna"
    shared: bool = False  # others read the conversation
    unprofiled: bool = False  # the client asks not to be profiled (Global Privacy Control)
    returning: bool = False  # the visitor was known by a valid token when this session began
    about: MessageId | None = None  # of kinds EDITED and DELETED: the message it changes, as it was first sent
    attachments: tuple[Attachment, ...] = ()  # of kind FILE, and of a rep's SAY
    prompt: str = ""  # the invitation on the page that this answers, as reported by the channel (untrusted)
    facts: tuple[Fact, ...] = ()  # of kind READ only, which no channel makes
    identity: Identity | None = None  # of kind IDENTIFIED only: verified by the channel, or by a code
    continues: Thread | None = None  # of kind OPENED only: what is taken up here, shown by a one-time link
    thread: Thread | None = None  # of kind JOINED only, which no channel makes: the conversation that tells
    home: Thread | None = None  # of kind JOINED only: the conversation that holds the person's lead
    action: RepAction | None = None  # of kind REP only, verified by the sales team's door
    trace: str = ""  # the step that accepted it, see `core.tracing`; "" where nothing is traced


def opening_on(page: Page, *, at: float) -> InboundMessage:
    """As if somebody who is nobody yet had opened the chat on a page."""
    return InboundMessage(
        id=MessageId(""),
        channel="",
        conversation=ConversationId(page.url),
        visitor=VisitorId(""),
        kind=MessageKind.OPENED,
        text="",
        at=at,
        page=page,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEntry:
    """An inbound message as the store holds it until a turn commits."""

    seq: int  # dense per shard, starting at 1
    log_seq: int  # its place in the conversation's transcript, 0 when it does not appear there
    message: InboundMessage
