"""What Telegram sends, as what somebody said. Pure; an update of any shape gives a result, never an error.

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
from core.wishes import COMMANDS
from platforms.files import file_name
from platforms.text import clean_line, clean_text

GROUPS = ("group", "supergroup")
_PRIVATE = "private"
_START = re.compile(r"/start(?:@\w+)?(?:\s+(?P<token>[A-Za-z0-9_-]{1,64}))?\s*")
_COMMAND = re.compile(r"/(?P<name>[a-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?P<rest>(?:\s.*)?)", re.DOTALL | re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
_BUTTON = re.compile(r"(?P<token>[0-9a-f]{16}):(?P<place>\d)")
_FILE = re.compile(r"[A-Za-z0-9_-]{1,300}")
_LARGEST = 2**63
_UNREAD = (
    "animation", "audio", "dice", "document", "game", "location", "paid_media", "photo", "poll", "sticker", "story",
    "venue", "video", "video_note", "voice",
)  # fmt: skip
_FORWARDED = ("forward_origin", "forward_from", "forward_date", "forward_sender_name")
_GONE, _THERE = ("kicked", "left"), ("member", "administrator", "creator")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """Who we are in Telegram."""

    id: int
    username: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Somebody said something to the bot, sent it a file, or both; a file says nothing by itself."""

    message: InboundMessage
    chat: int
    file: InboundMessage | None = None  # that came with the words


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """Somebody began a chat, with the token of a link or without one ("")."""

    message: InboundMessage
    chat: int
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """Somebody pressed a button; what it stands for, and whether it is theirs, is kept under `token`."""

    query: str
    chat: int
    user: int
    message: int
    token: str
    place: int
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Something that is no text, or not the sender's own words."""

    chat: int
    locale: str
    why: str = ""  # "" | too_large | wrong_type: of a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """The bot was stopped or let in again."""

    chat: int
    able: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """A group became another chat."""

    old: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Origin:
    """Who wrote a message, and where."""

    chat: int
    user: int
    number: int  # of the message within its chat
    thread: int
    group: bool
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """A file in a message."""

    reference: str
    name: str
    media_type: str
    size: int


Incoming = Said | Started | Pressed | Unread | Reachable | Migrated


class Reader:
    """Reads updates for one channel of ours. None: nothing that concerns us, or a shape Telegram does not send."""

    def __init__(self, name: str, files: FileSettings | None = None) -> None:
        self._name = name
        self._files = files or FileSettings()

    def update(self, update: Json, bot: Bot, *, at: float) -> Incoming | None:
        if "callback_query" in update:
            return _pressed(_object(update["callback_query"]))
        if "my_chat_member" in update:
            return _membership(_object(update["my_chat_member"]))
        if "edited_message" in update:
            return self._amended(_object(update["edited_message"]), bot, at=at)
        return self._message(_object(update.get("message")), bot, at=at)

    def _amended(self, message: Json, bot: Bot, *, at: float) -> Said | None:
        """An edit; each has a time of its own. One that only changed a picture says nothing new and is harmless."""
        found = self._message(message, bot, at=at)
        if not isinstance(found, Said) or found.message.kind is MessageKind.FILE:
            return None
        about = found.message.id
        identity = MessageId(f"{about}.edited.{_number(message.get('edit_date'))}")
        edited = replace(found.message, id=identity, kind=MessageKind.EDITED, about=about)
        return Said(message=edited, chat=found.chat)

    def _message(self, message: Json, bot: Bot, *, at: float) -> Incoming | None:
        chat = _number(_object(message.get("chat")).get("id"))
        if moved := _number(message.get("migrate_to_chat_id")):
            return Migrated(old=chat, new=moved) if chat else None
        origin = _origin(message, bot)
        if origin is None:
            return None
        forwarded = any(message.get(mark) for mark in _FORWARDED)
        text = None if forwarded else _text(message, origin.user)
        sent = _file(message)
        refusal = self._files.refusal(sent.media_type, sent.size) if sent else ""
        file = self._file(sent, origin, at=at) if sent and not refusal else None
        if text is not None:
            said = self._words(text, origin, bot, at=at)
            return replace(said, file=file) if isinstance(said, Said) else said
        if file is not None:
            return Said(message=file, chat=origin.chat)
        if refusal and self._files.enabled:
            return Unread(chat=chat, locale=origin.locale, why=refusal)
        unread = any(mark in message for mark in (*_UNREAD, *_FORWARDED))
        return Unread(chat=chat, locale=origin.locale) if unread else None

    def _words(self, text: str, origin: _Origin, bot: Bot, *, at: float) -> Said | Started | None:
        conversation = conversation_of(
            self._name, origin.chat, user=origin.user if origin.group else 0, thread=origin.thread
        )
        started = _START.fullmatch(text)
        said = "" if started else clean_text(_addressed(text, bot)).text
        if not said and not started:
            return None
        message = InboundMessage(
            id=MessageId(f"{conversation}.{origin.number}"),
            channel=self._name,
            conversation=conversation,
            visitor=VisitorId(f"telegram:{self._name}:{origin.user}"),
            kind=MessageKind.OPENED if started else _kind(text),
            text=said,
            at=at,
            locale=origin.locale,
            shared=origin.group,
        )
        if started:
            return Started(message=message, chat=origin.chat, token=started["token"] or "")
        return Said(message=message, chat=origin.chat)

    def _file(self, sent: _Sent, origin: _Origin, *, at: float) -> InboundMessage:
        conversation = conversation_of(
            self._name, origin.chat, user=origin.user if origin.group else 0, thread=origin.thread
        )
        identity = MessageId(f"{conversation}.{origin.number}.file")
        file = Attachment(
            id=identity,
            channel=self._name,
            reference=sent.reference,
            name=sent.name,
            media_type=sent.media_type,
            size=sent.size,
        )
        return InboundMessage(
            id=identity,
            channel=self._name,
            conversation=conversation,
            visitor=VisitorId(f"telegram:{self._name}:{origin.user}"),
            kind=MessageKind.FILE,
            text=file.line,
            at=at,
            locale=origin.locale,
            shared=origin.group,
            attachments=(file,),
        )

    def choice(self, pressed: Pressed, conversation: ConversationId, label: str, *, at: float) -> InboundMessage:
        """A press as a message; the buttons of one reply count once, the first press."""
        return InboundMessage(
            id=MessageId(f"{conversation}.pressed.{pressed.token}"),
            channel=self._name,
            conversation=conversation,
            visitor=VisitorId(f"telegram:{self._name}:{pressed.user}"),
            kind=MessageKind.BUTTON,
            text=label,
            at=at,
            locale=pressed.locale,
            shared=place_of(self._name, conversation).user != 0,
        )


def conversation_of(name: str, chat: int, *, user: int = 0, thread: int = 0) -> ConversationId:
    """A private chat is one conversation; in a group each person has one, and one a topic."""
    return ConversationId(f"telegram:{name}:{chat}:{user}:{thread}" if user else f"telegram:{name}:{chat}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a conversation is. `user` is 0 in a private chat, `thread` outside of topics."""

    chat: int
    user: int = 0
    thread: int = 0


def place_of(name: str, conversation: ConversationId) -> Place:
    """The inverse of `conversation_of`. Raises `ValueError` for a conversation of another channel."""
    head = f"telegram:{name}:"
    if not conversation.startswith(head):
        raise ValueError("no conversation of this channel")
    chat, user, thread = (*map(int, conversation.removeprefix(head).split(":")), 0, 0)[:3]
    return Place(chat=chat, user=user, thread=thread)


def _pressed(query: Json) -> Pressed | None:
    sender, message = _object(query.get("from")), _object(query.get("message"))
    data, identity = query.get("data"), query.get("id")
    chat, user = _number(_object(message.get("chat")).get("id")), _number(sender.get("id"))
    number = _number(message.get("message_id"))
    found = _BUTTON.fullmatch(data) if isinstance(data, str) else None
    if found is None or not isinstance(identity, str) or not (chat and user and number):
        return None
    return Pressed(
        query=identity,
        chat=chat,
        user=user,
        message=number,
        token=found["token"],
        place=int(found["place"]),
        locale=_locale(sender),
    )


def _membership(change: Json) -> Reachable | None:
    chat = _number(_object(change.get("chat")).get("id"))
    status = _object(change.get("new_chat_member")).get("status")
    if not chat or status not in (*_GONE, *_THERE):
        return None
    return Reachable(chat=chat, able=status in _THERE)


def _origin(message: Json, bot: Bot) -> _Origin | None:
    """None for what no person wrote to the bot: channels, other bots, talk among others in a group."""
    chat, sender = _object(message.get("chat")), _object(message.get("from"))
    origin = _Origin(
        chat=_number(chat.get("id")),
        user=_number(sender.get("id")),
        number=_number(message.get("message_id")),
        thread=_number(message.get("message_thread_id")) if message.get("is_topic_message") is True else 0,
        group=chat.get("type") in GROUPS,
        locale=_locale(sender),
    )
    whole = bool(origin.chat and origin.user and origin.number) and sender.get("is_bot") is not True
    ours = _called(message, bot) if origin.group else chat.get("type") == _PRIVATE
    return origin if whole and ours else None


def _called(message: Json, bot: Bot) -> bool:
    """Whether something in a group is said to the bot: named, answered, or a command."""
    text = message.get("text") or message.get("caption") or ""
    if not isinstance(text, str):
        return False
    answered = _object(_object(message.get("reply_to_message")).get("from")).get("id") == bot.id
    command = _COMMAND.fullmatch(text)
    if command is not None:
        return not command["bot"] or command["bot"].lower() == bot.username.lower()
    return answered or _mention(bot).search(text) is not None


def _addressed(text: str, bot: Bot) -> str:
    """The words without our name; of a command, its name and what follows."""
    command = _COMMAND.fullmatch(text.strip())
    if command is not None:
        return f"{command['name'].lower().replace('_', ' ')}{command['rest']}"
    return _mention(bot).sub("", text)


def _kind(text: str) -> MessageKind:
    """A command that stands alone is one; with more behind it, it is a sentence like any other."""
    command = _COMMAND.fullmatch(text.strip())
    wish = command is not None and not command["rest"].strip() and command["name"].lower() in COMMANDS
    return MessageKind.COMMAND if wish else MessageKind.TEXT


def _mention(bot: Bot) -> re.Pattern[str]:
    return re.compile(rf"@{re.escape(bot.username)}\b", re.IGNORECASE)


def _text(message: Json, user: int) -> str | None:
    """What was written: a text, the words below a picture, or the sender's own number."""
    for key in ("text", "caption"):
        if isinstance(message.get(key), str):
            return str(message[key])
    contact = _object(message.get("contact"))
    number = contact.get("phone_number")
    if contact.get("user_id") == user and isinstance(number, str):
        return clean_line(number if number.startswith("+") else f"+{number}", limit=20)
    return None


def _file(message: Json) -> _Sent | None:
    """The document or the largest size of the picture; None where there is none, or none Telegram could give us."""
    sizes = message.get("photo")
    photos = [one for one in sizes if isinstance(one, dict)] if isinstance(sizes, list) else []
    document, photo = _object(message.get("document")), max(photos, key=_pixels, default={})
    held = document or photo
    reference, declared = held.get("file_id"), document.get("mime_type")
    if not isinstance(reference, str) or not _FILE.fullmatch(reference):
        return None
    media_type = declared.lower() if isinstance(declared, str) else "application/octet-stream"
    return _Sent(
        reference=reference,
        name=file_name(document.get("file_name"), "file") if document else "photo.jpg",
        media_type=media_type if document else "image/jpeg",
        size=max(_number(held.get("file_size")), 0),
    )


def _pixels(photo: Json) -> int:
    return _number(photo.get("width")) * _number(photo.get("height"))


def _locale(sender: Json) -> str:
    code = sender.get("language_code")
    return code if isinstance(code, str) and _LANGUAGE.fullmatch(code) else ""


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int:
    """The number, 0 for anything else: Telegram gives no id 0."""
    fits = isinstance(value, int) and not isinstance(value, bool) and -_LARGEST < value < _LARGEST
    return value if fits and isinstance(value, int) else 0
