"""How values are written into the store: JSON, so that an operator can read it and any release can add to it.

Unknown fields are skipped and missing ones take their defaults, so neighbouring releases read each other's state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from typing import Any, Generic, TypeVar

import msgspec

from core.amended_talk import as_amended
from core.errors import DependencyError
from core.fact import Fact
from core.ids import MessageId
from core.lead import Lead, Posting
from core.message import InboundMessage
from core.people import Link
from core.people_ports import Dismissal
from core.session import ConversationState, Said, Session
from core.transcript import TranscriptEntry
from core.turn import (
    CompareAddress,
    DeliverLead,
    DeliverReply,
    Effect,
    Expire,
    Forget,
    ListConversation,
    NoteUnmatched,
    ProveAddress,
    ReadClosely,
    RecordFacts,
    SendCode,
    TellTeam,
    TellThread,
    Thin,
    WithdrawLead,
)
from core.unmatched import UnmatchedChat

T = TypeVar("T")

_encode = msgspec.json.Encoder().encode


class Codec(Generic[T]):
    """Reads and writes one kind of value. `decode` raises `DependencyError` for bytes that are not one."""

    def __init__(self, shape: type[T], name: str) -> None:
        self._name = name
        self._decode = msgspec.json.Decoder(shape).decode

    def encode(self, value: T) -> bytes:
        return _encode(value)

    def decode(self, raw: bytes) -> T:
        try:
            return self._decode(raw)
        except msgspec.MsgspecError as error:
            raise DependencyError(
                f"the store holds a {self._name} this release cannot read ({error}); "
                "was it written by a newer release of Frontdesk?",
            ) from error


class SparseSessions(Codec[Session]):
    """Sessions without the fields that hold their defaults: most do, and a hundred thousand idle ones lie in memory."""

    def __init__(self) -> None:
        super().__init__(Session, "session")
        self._defaults = tuple((one.name, _default(one)) for one in fields(Session))

    def encode(self, value: Session) -> bytes:
        told = {}
        for name, default in self._defaults:
            held = getattr(value, name)
            if held is not default and held != default:
                told[name] = held
        return _encode(told)


def _default(one: Field[Any]) -> Any:
    return one.default if one.default_factory is MISSING else one.default_factory()


class _Tagged(msgspec.Struct, array_like=True):
    """An effect as it is stored: what it is, its fields, and the step of a trace it comes from where there is one."""

    kind: str
    value: msgspec.Raw
    trace: str = ""


class Effects:
    """Reads and writes the union of effects; the tag, not the class's name, is what is stored."""

    def __init__(self) -> None:
        self._tagged = Codec(_Tagged, "effect")
        self._shapes: dict[str, Codec[Any]] = {
            "reply": Codec(DeliverReply, "reply to deliver"),
            "lead": Codec(DeliverLead, "lead to deliver"),
            "facts": Codec(RecordFacts, "set of facts to record"),
            "unmatched": Codec(NoteUnmatched, "chat without a persona to note"),
            "reading": Codec(ReadClosely, "lines for a model to read"),
            "thread": Codec(TellThread, "word for another thread"),
            "address": Codec(CompareAddress, "address to compare"),
            "code": Codec(SendCode, "code to send"),
            "proof": Codec(ProveAddress, "address that was shown to be somebody's"),
            "note": Codec(TellTeam, "note to the team"),
            "listing": Codec(ListConversation, "row of the directory"),
            "withdrawal": Codec(WithdrawLead, "card to withdraw"),
            "expiry": Codec(Expire, "conversation to take out"),
            "thin": Codec(Thin, "part of a conversation to take out"),
            "forget": Codec(Forget, "person to take out"),
        }
        self._tags = {
            DeliverReply: "reply",
            DeliverLead: "lead",
            RecordFacts: "facts",
            NoteUnmatched: "unmatched",
            ReadClosely: "reading",
            TellThread: "thread",
            CompareAddress: "address",
            SendCode: "code",
            ProveAddress: "proof",
            TellTeam: "note",
            ListConversation: "listing",
            WithdrawLead: "withdrawal",
            Expire: "expiry",
            Forget: "forget",
            Thin: "thin",
        }

    def encode(self, effect: Effect, trace: str = "") -> bytes:
        tagged = (self._tags[type(effect)], effect)
        return _encode((*tagged, trace) if trace else tagged)

    def trace(self, raw: bytes) -> str:
        """The step of a trace that decided it, "" for none."""
        return self._tagged.decode(raw).trace

    def decode(self, raw: bytes) -> Effect:
        tagged = self._tagged.decode(raw)
        shape = self._shapes.get(tagged.kind)
        if shape is None:
            raise DependencyError(
                f"the outbox holds an effect of kind {tagged.kind!r} this release does not know; "
                "run the release of Frontdesk that wrote it",
            )
        effect: Effect = shape.decode(bytes(tagged.value))
        return effect


class _Line(msgspec.Struct, omit_defaults=True):
    """A transcript line as it is stored: its sequence is its place in the list."""

    author: str
    at: float
    text: str
    message: str | None = None
    reply: Mapping[str, Any] | None = None
    replaces: str | None = None
    asks: str = ""


class Lines:
    """Reads and writes transcript lines; the sequence is given by the place they are read from."""

    def __init__(self) -> None:
        self._stored = Codec(_Line, "transcript line")

    def encode(self, line: TranscriptEntry) -> bytes:
        return _encode(
            _Line(
                author=line.author,
                at=line.at,
                text=line.text,
                message=line.message,
                reply=line.reply,
                replaces=line.replaces,
                asks=line.asks,
            ),
        )

    def said(self, message: InboundMessage) -> bytes:
        """The line a visitor's message is shown as."""
        return _encode(_Line(author="visitor", at=message.at, text=message.text, message=message.id))

    def decode(self, raw: bytes, seq: int) -> TranscriptEntry:
        line = self._stored.decode(raw)
        return TranscriptEntry(
            seq=seq,
            author=line.author,
            at=line.at,
            text=line.text,
            message=_message_id(line.message),
            reply=line.reply,
            replaces=_message_id(line.replaces),
            asks=line.asks,
        )


class _Conversation(msgspec.Struct, array_like=True):
    session: Session
    lead: Lead | None
    facts: tuple[Fact, ...]
    lines: tuple[_Line, ...]


class Conversation:
    """Reads what the script `load` answers."""

    def __init__(self) -> None:
        self._loaded = Codec(_Conversation, "conversation")

    def decode(self, raw: bytes) -> ConversationState:
        loaded = self._loaded.decode(raw)
        return ConversationState(
            session=loaded.session,
            facts=loaded.facts,
            lead=loaded.lead,
            recent=as_amended([_said(line) for line in loaded.lines]),
        )


def _said(line: _Line) -> Said:
    return Said(
        author=line.author,
        text=line.text,
        message=_message_id(line.message),
        at=line.at,
        replaces=_message_id(line.replaces),
        asks=line.asks,
    )


def _message_id(raw: str | None) -> MessageId | None:
    return None if raw is None else MessageId(raw)


SESSION = SparseSessions()
FACT = Codec(Fact, "fact")
LEAD = Codec(Lead, "lead")
LINK = Codec(Link, "link between people")
POSTING = Codec(Posting, "posting")
MESSAGE = Codec(InboundMessage, "message")
UNMATCHED = Codec(UnmatchedChat, "chat without a persona")
DISMISSAL = Codec(Dismissal, "dismissed proposal")
EFFECT = Effects()
LINE = Lines()
CONVERSATION = Conversation()
