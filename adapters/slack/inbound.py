"""What Slack sends, as what somebody said. Pure; a payload of any shape gives a result, never an error.

Values are looked for in tuples, not in sets: what comes from outside may be of a type that has no hash.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapters.files import FileSettings
from core.attachment import Attachment
from core.ids import ConversationId, MessageId, VisitorId
from core.message import InboundMessage, MessageKind
from core.reply import MAX_BUTTON_LENGTH
from platforms.files import file_name
from platforms.slack.spoken import spoken
from platforms.text import clean_line, clean_text

PRESSED = "frontdesk_reply"
"""Beginning of the action ids of our quick replies."""
_DIRECT, _DIRECT_ID = "im", "D"
_ID = re.compile(r"[A-Z][A-Z0-9]{2,30}")
_FILE_ID = re.compile(r"F[A-Z0-9]{2,30}")
MOST_FILES = 10
"""Files in one message; Slack takes no more at once."""
_TS = re.compile(r"\d{1,12}\.\d{1,6}")
_SAID = ("", "thread_broadcast", "file_share", "me_message")
"""Subtypes of messages in which a person says something."""
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """Who we are in Slack."""

    user: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What somebody said where the bot can read. `called` when it was said to the bot and to nobody else."""

    message: InboundMessage
    channel: str
    thread: str  # "" in a direct message
    team: str
    called: bool
    files: tuple[InboundMessage, ...] = ()  # that came with it; `message` has no words where nothing else was said
    refused: tuple[str, ...] = ()  # names of files that are not taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A quick reply, and the message that offered it."""

    heard: Heard
    ts: str
    blocks: tuple[Json, ...]


class Reader:
    """Reads payloads for one channel of ours. None: nothing a person said to us, or a shape Slack does not send."""

    def __init__(self, name: str, files: FileSettings | None = None) -> None:
        self._name = name
        self._files = files or FileSettings()

    def event(self, payload: Json, bot: Bot, *, at: float) -> Heard | None:
        """An `event_callback` envelope: a direct message, a mention, or a message in a channel."""
        event = _object(payload.get("event"))
        if event.get("type") not in ("message", "app_mention"):
            return None
        match event.get("subtype"):
            case "message_changed":
                return self._changed(event, payload, bot, at=at)
            case "message_deleted":
                return self._deleted(event, payload, bot, at=at)
            case _:
                return self._said(event, payload, bot, at=at)

    def _changed(self, event: Json, payload: Json, bot: Bot, *, at: float) -> Heard | None:
        """An edit. Slack also tells of changes nobody made, such as a link's preview: there the words stay the same."""
        new, old = _object(event.get("message")), _object(event.get("previous_message"))
        if new.get("text") == old.get("text"):
            return None
        first = self._said(_within(event, new), payload, bot, at=at)
        return _amended(first, MessageKind.EDITED, event) if first and first.message.text else None

    def _deleted(self, event: Json, payload: Json, bot: Bot, *, at: float) -> Heard | None:
        first = self._said(_within(event, _object(event.get("previous_message"))), payload, bot, at=at)
        return _amended(first, MessageKind.DELETED, event) if first and first.message.text else None

    def _said(self, event: Json, payload: Json, bot: Bot, *, at: float) -> Heard | None:
        if (event.get("subtype") or "") not in _SAID or _by_a_bot(event, bot):
            return None
        channel, ts, user = (
            _matching(event.get(key), form) for key, form in (("channel", _ID), ("ts", _TS), ("user", _ID))
        )
        text = event.get("text")
        if not (channel and ts and user and isinstance(text, str)):
            return None
        sent = _objects(event.get("files"))[:MOST_FILES] if self._files.enabled else ()
        direct = _is_direct(event.get("channel_type"), channel)
        mentioned = f"<@{bot.user}>" in text
        said = clean_text(spoken(text, bot.user)).text
        if not said and not sent:
            return None
        thread = "" if direct else _matching(event.get("thread_ts"), _TS) or ts
        team = _team(event, payload)
        message = self._message(channel, thread, team, user, at=at, kind=MessageKind.TEXT, text=said, ts=ts)
        files = tuple(filter(None, (self._file(one, message, number) for number, one in enumerate(sent))))
        return Heard(
            message=message,
            channel=channel,
            thread=thread,
            team=team,
            called=direct or mentioned,
            files=files,
            refused=tuple(file_name(one.get("name"), "file") for one in sent if not self._is_taken(one)),
        )

    def _is_taken(self, sent: Json) -> bool:
        media_type = sent.get("mimetype")
        held = isinstance(media_type, str) and bool(_matching(sent.get("id"), _FILE_ID))
        return held and not self._files.refusal(str(media_type), _size(sent))

    def _file(self, sent: Json, beside: InboundMessage, number: int) -> InboundMessage | None:
        """One file of a message as a message of its own."""
        if not self._is_taken(sent):
            return None
        identity = MessageId(f"{beside.id}.file{number}")
        file = Attachment(
            id=identity,
            channel=self._name,
            reference=str(sent["id"]),
            name=file_name(sent.get("name"), "file"),
            media_type=str(sent["mimetype"]),
            size=_size(sent),
        )
        return replace(beside, id=identity, kind=MessageKind.FILE, text=file.line, attachments=(file,))

    def press(self, payload: Json, *, at: float) -> Press | None:
        """A `block_actions` payload with one of our quick replies. A message's buttons count once, the first press."""
        action = next(iter(_objects(payload.get("actions"))), {})
        if payload.get("type") != "block_actions" or not str(action.get("action_id", "")).startswith(PRESSED):
            return None
        message, user = _object(payload.get("message")), _object(payload.get("user"))
        channel = _matching(_object(payload.get("channel")).get("id"), _ID)
        ts, who = _matching(message.get("ts"), _TS), _matching(user.get("id"), _ID)
        value = action.get("value")
        label = clean_line(value, limit=MAX_BUTTON_LENGTH) if isinstance(value, str) else ""
        if not (channel and ts and who and label):
            return None
        thread = _matching(message.get("thread_ts"), _TS)
        team = _matching(user.get("team_id"), _ID) or _matching(_object(payload.get("team")).get("id"), _ID)
        said = self._message(channel, thread, team, who, at=at, kind=MessageKind.BUTTON, text=label, ts=f"{ts}.pressed")
        heard = Heard(message=said, channel=channel, thread=thread, team=team, called=True)
        return Press(heard=heard, ts=ts, blocks=tuple(_objects(message.get("blocks"))))

    def _message(
        self, channel: str, thread: str, team: str, user: str, *, at: float, kind: MessageKind, text: str, ts: str
    ) -> InboundMessage:
        conversation = conversation_of(self._name, channel, thread)
        return InboundMessage(
            id=MessageId(f"{conversation}.{ts}"),
            channel=self._name,
            conversation=conversation,
            visitor=VisitorId(f"slack:{self._name}:{team}:{user}"),
            kind=kind,
            text=text,
            at=at,
            shared=bool(thread),
        )


def conversation_of(name: str, channel: str, thread: str) -> ConversationId:
    """A direct message is one conversation, and so is each thread of a channel."""
    return ConversationId(f"slack:{name}:{channel}:{thread}" if thread else f"slack:{name}:{channel}")


def place_of(name: str, conversation: ConversationId) -> tuple[str, str]:
    """Channel and thread of a conversation that `conversation_of` named. Raises `ValueError` for any other."""
    channel, _, thread = conversation.removeprefix(f"slack:{name}:").partition(":")
    if not _ID.fullmatch(channel) or (thread and not _TS.fullmatch(thread)):
        raise ValueError("no conversation of this channel")
    return channel, thread


def _is_direct(kind: object, channel: str) -> bool:
    """Whether it was said in a direct message: by the event's word, or where it has none by the form of the id."""
    return kind == _DIRECT if kind else channel.startswith(_DIRECT_ID)


def _within(event: Json, message: Json) -> Json:
    """A message that is told about, as if it were told itself."""
    return {**message, "channel": event.get("channel"), "channel_type": event.get("channel_type")}


def _amended(first: Heard, kind: MessageKind, event: Json) -> Heard:
    about = first.message.id
    identity = MessageId(f"{about}.{kind.value}.{_matching(event.get('ts'), _TS)}")
    text = "" if kind is MessageKind.DELETED else first.message.text
    return replace(
        first,
        called=False,
        files=(),
        refused=(),
        message=replace(first.message, id=identity, kind=kind, text=text, about=about),
    )


def _size(sent: Json) -> int:
    size = sent.get("size")
    return size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else 0


def _by_a_bot(event: Json, bot: Bot) -> bool:
    return bool(event.get("bot_id") or event.get("app_id")) or event.get("user") in (bot.user, "USLACKBOT")


def _team(event: Json, payload: Json) -> str:
    """The workspace the writer belongs to; in a shared channel it is not the one the event is about."""
    named = (event.get("user_team"), event.get("team"), payload.get("team_id"))
    return next(filter(None, (_matching(one, _ID) for one in named)), "")


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> tuple[Json, ...]:
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def _matching(value: object, form: re.Pattern[str]) -> str:
    return value if isinstance(value, str) and form.fullmatch(value) else ""
