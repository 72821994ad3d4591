"""What the connector brings, read strictly. Pure: an activity becomes what it means to us, or None."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from adapters.teams.reference import PERSONAL, Reference, read_reference
from core.ids import ConversationId, MessageId, VisitorId
from core.message import InboundMessage, MessageKind
from platforms.text import clean_text

KIND = "teams"
TOKEN_KEY = "frontdesk"  # noqa: S105  the name of a field
"""Where the buttons of our cards keep their opaque token."""
CHOICE_KEY = "choice"
CARD_ACTION = "adaptiveCard/action"
_SURVIVING_TAG = re.compile(r"</?at\b[^<>]{0,200}>", re.IGNORECASE)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_LONGEST_ID = 512
_MOST_CHOICES = 16
_MOST_ENTITIES = 100
_LONGEST_TEXT = 200_000
_VERSION_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something for the hub."""

    message: InboundMessage
    reference: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button of a card. Whose it is, and what it says, is known by the token alone."""

    token: str
    choice: int
    reference: Reference
    id: str  # of the activity
    visitor: VisitorId
    locale: str
    card: str  # the activity that shows the card, "" when it is not told
    invoked: bool  # the answer is expected in the response


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """The bot was taken out of the conversation."""

    reference: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An invoke we have nothing for; it wants an answer all the same."""


Event = Said | Pressed | Left | Asked


def conversation_of(channel: str, chat: str) -> ConversationId:
    """The conversation of a chat; a thread of a team's channel is a chat of its own."""
    return ConversationId(f"{KIND}:{channel}:{chat}")


def chat_of(conversation: ConversationId) -> str:
    """The inverse: the connector's id of the chat."""
    return conversation.split(":", 2)[2]


def read(activity: Mapping[str, Any], *, channel: str, at: float) -> Event | None:
    """What an authenticated activity means; None when it is not for us, or makes no sense."""
    asked = Asked() if activity.get("type") == "invoke" else None
    reference = read_reference(activity)
    if reference is None or _is_bot(activity):
        return asked
    match activity.get("type"):
        case "message":
            return _message(activity, reference, channel, at)
        case "invoke":
            return _invoke(activity, reference, channel) or asked
        case "messageUpdate" | "messageDelete" as kind:
            change = _amended if kind == "messageUpdate" else _taken_back
            return change(activity, reference, channel, at)
        case "conversationUpdate" | "installationUpdate" as kind:
            return _arrival(kind, activity, reference, channel, at)
        case _:
            return None


def _message(activity: Mapping[str, Any], reference: Reference, channel: str, at: float) -> Event | None:
    value = activity.get("value")
    if isinstance(value, dict):
        return _pressed(activity, value, reference, channel)
    said, addressed = spoken(activity)
    identity = _identifier(activity.get("id"))
    if not said or not identity or not (addressed or reference.kind == PERSONAL):
        return None
    message = InboundMessage(
        id=_message_id(reference, identity),
        channel=channel,
        conversation=conversation_of(channel, reference.chat),
        visitor=_visitor(channel, reference),
        kind=MessageKind.TEXT,
        text=said,
        at=at,
        locale=_locale(activity),
        shared=reference.kind != PERSONAL,
    )
    return Said(message=message, reference=reference)


def _amended(activity: Mapping[str, Any], reference: Reference, channel: str, at: float) -> Said | None:
    """An edit, or a deletion taken back: it comes under the id of the message as first sent."""
    first = _message(activity, reference, channel, at)
    if not isinstance(first, Said):
        return None
    version = sha256(f"{activity.get('timestamp')}\n{first.message.text}".encode()).hexdigest()[:_VERSION_LENGTH]
    about = first.message.id
    edited = replace(first.message, id=MessageId(_bounded(f"{about}.{version}")), kind=MessageKind.EDITED, about=about)
    return Said(message=edited, reference=reference)


def _taken_back(activity: Mapping[str, Any], reference: Reference, channel: str, at: float) -> Said | None:
    identity = _identifier(activity.get("id"))
    if not identity:
        return None
    about = _message_id(reference, identity)
    message = InboundMessage(
        id=MessageId(_bounded(f"{about}.deleted")),
        channel=channel,
        conversation=conversation_of(channel, reference.chat),
        visitor=_visitor(channel, reference),
        kind=MessageKind.DELETED,
        text="",
        at=at,
        about=about,
    )
    return Said(message=message, reference=reference)


def _message_id(reference: Reference, identity: str) -> MessageId:
    return MessageId(_bounded(f"{reference.chat}.{identity}"))


def _invoke(activity: Mapping[str, Any], reference: Reference, channel: str) -> Event | None:
    value = activity.get("value")
    action = value.get("action") if isinstance(value, dict) and activity.get("name") == CARD_ACTION else None
    data = action.get("data") if isinstance(action, dict) else None
    return _pressed(activity, data, reference, channel, invoked=True) if isinstance(data, dict) else None


def _pressed(
    activity: Mapping[str, Any], data: Mapping[str, Any], reference: Reference, channel: str, *, invoked: bool = False
) -> Pressed | None:
    token, choice, identity = data.get(TOKEN_KEY), data.get(CHOICE_KEY), _identifier(activity.get("id"))
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        return None
    if type(choice) is not int or not 0 <= choice < _MOST_CHOICES or not identity:
        return None
    return Pressed(
        token=token,
        choice=choice,
        reference=reference,
        id=identity,
        visitor=_visitor(channel, reference),
        locale=_locale(activity),
        card=_identifier(activity.get("replyToId")),
        invoked=invoked,
    )


def to_press(press: Pressed, label: str, *, channel: str, at: float) -> InboundMessage:
    """A pressed button as a message. Its id is the card's token, so that a card is answered once."""
    return InboundMessage(
        id=MessageId(f"press.{press.token}"),
        channel=channel,
        conversation=conversation_of(channel, press.reference.chat),
        visitor=press.visitor,
        kind=MessageKind.BUTTON,
        text=label,
        at=at,
        locale=press.locale,
        shared=press.reference.kind != PERSONAL,
    )


def _arrival(
    kind: str, activity: Mapping[str, Any], reference: Reference, channel: str, at: float
) -> Said | Left | None:
    if kind == "installationUpdate":
        arrived, left = str(activity.get("action")).startswith("add"), str(activity.get("action")).startswith("remove")
    else:
        arrived = reference.bot in _members(activity.get("membersAdded"))
        left = reference.bot in _members(activity.get("membersRemoved"))
    if left:
        return Left(reference=reference)
    return _opening(activity, reference, channel, at) if arrived else None


def _opening(activity: Mapping[str, Any], reference: Reference, channel: str, at: float) -> Said:
    """The bot was added: once a conversation, however often and in whatever shape it is told."""
    conversation = conversation_of(channel, reference.chat)
    message = InboundMessage(
        id=MessageId(_bounded(f"opened.{conversation}")),
        channel=channel,
        conversation=conversation,
        visitor=_visitor(channel, reference),
        kind=MessageKind.OPENED,
        text="",
        at=at,
        locale=_locale(activity),
    )
    return Said(message=message, reference=reference)


def spoken(activity: Mapping[str, Any]) -> tuple[str, bool]:
    """The text without mentions of the bot, and whether it mentions it. Names of others stay, without their markup."""
    raw, addressed = activity.get("text"), False
    if not isinstance(raw, str):
        return "", False
    text = raw[:_LONGEST_TEXT]
    bot = _account(activity.get("recipient"))
    entities = activity.get("entities")
    for entity in (entities if isinstance(entities, list) else [])[:_MOST_ENTITIES]:
        if not isinstance(entity, dict) or entity.get("type") != "mention":
            continue
        if not bot or _account(entity.get("mentioned")) != bot:
            continue
        addressed = True
        marked = entity.get("text")
        text = text.replace(marked, " ") if isinstance(marked, str) and marked else text
    text = _SURVIVING_TAG.sub("", text).replace("&nbsp;", " ")  # which Teams puts behind a mention
    return clean_text(_without_gaps(text)).text, addressed


def _without_gaps(text: str) -> str:
    return "\n".join(re.sub(r"[ \t\u00a0]{2,}", " ", line).strip() for line in text.splitlines())


def _members(value: object) -> frozenset[str]:
    return frozenset(_account(one) for one in value[:_MOST_ENTITIES]) if isinstance(value, list) else frozenset()


def _is_bot(activity: Mapping[str, Any]) -> bool:
    """Another bot, or we ourselves: two bots that answer each other never stop."""
    sender = activity.get("from")
    role = sender.get("role") if isinstance(sender, dict) else None
    theirs = role == "bot" or _account(sender).startswith("28:")
    return theirs and str(activity.get("type")) in {"message", "messageUpdate", "messageDelete", "invoke"}


def _visitor(channel: str, reference: Reference) -> VisitorId:
    return VisitorId(_bounded(f"{KIND}:{channel}:{reference.user}"))


def _account(value: object) -> str:
    return _identifier(value.get("id")) if isinstance(value, dict) else ""


def _identifier(value: object) -> str:
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST_ID and value.isprintable() else ""


def _bounded(identifier: str) -> str:
    """Ids of messages are kept as keys: long ones by their digest."""
    if len(identifier) <= _LONGEST_ID:
        return identifier
    return f"{KIND}:{sha256(identifier.encode()).hexdigest()}"


def _locale(activity: Mapping[str, Any]) -> str:
    locale = activity.get("locale")
    return locale if isinstance(locale, str) and _LOCALE.fullmatch(locale) else ""
