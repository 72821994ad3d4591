"""Where a conversation is, so that it can be answered later, by any process. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import msgspec

PERSONAL = "personal"
_LONGEST_ID = 512
_LONGEST_NAME = 256


class Reference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """What the connector told of a conversation. Kept as JSON in the store."""

    service_url: str
    chat: str
    kind: str  # "personal", "groupChat" or "channel"
    bot: str
    user: str
    tenant: str = ""
    bot_name: str = ""
    user_name: str = ""
    locale: str = ""

    def encode(self) -> str:
        return _ENCODER.encode(self).decode()

    @classmethod
    def decode(cls, text: str) -> Self:
        """Raises `ValueError` for what `encode` has not written."""
        return msgspec.json.decode(text, type=cls)


_ENCODER = msgspec.json.Encoder()


def read_reference(activity: Mapping[str, Any]) -> Reference | None:
    """The reference of an authenticated activity; None when something it cannot be answered without is missing."""
    conversation, sender, bot = (_mapping(activity.get(name)) for name in ("conversation", "from", "recipient"))
    chat, user, itself = (_identifier(one.get("id")) for one in (conversation, sender, bot))
    service_url = activity.get("serviceUrl")
    if not (chat and user and itself and isinstance(service_url, str)):
        return None
    tenant = _mapping(_mapping(activity.get("channelData")).get("tenant")).get("id")
    return Reference(
        service_url=service_url,
        chat=chat,
        kind=_line(conversation.get("conversationType")) or _kind_of(conversation),
        bot=itself,
        user=user,
        tenant=_line(conversation.get("tenantId")) or _line(tenant),
        bot_name=_line(bot.get("name")),
        user_name=_line(sender.get("name")),
        locale=_line(activity.get("locale")),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _kind_of(conversation: Mapping[str, Any]) -> str:
    """Some senders tell no more than whether it is a group."""
    return "groupChat" if conversation.get("isGroup") is True else PERSONAL


def _identifier(value: object) -> str:
    """The connector's ids are printable text without spaces; one that is not would not survive an address."""
    usable = isinstance(value, str) and 0 < len(value) <= _LONGEST_ID and value.isprintable() and " " not in value
    return str(value) if usable else ""


def _line(value: object) -> str:
    return value[:_LONGEST_NAME] if isinstance(value, str) and value.isprintable() else ""
