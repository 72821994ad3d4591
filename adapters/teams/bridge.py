"""The one place that knows Bot Framework's own classes, so that another SDK can take its place.

Only the envelope of an activity is made of them, 0.2 ms once for each person and chat: the SDK's turn adapter, its
authentication and its HTTP pipeline would cost 9 ms a turn, and have defaults that lose messages or let strangers in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from botbuilder.core import TurnContext
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount, ConversationReference

from adapters.teams.door import CHANNEL_ID
from adapters.teams.outbound import Outgoing, content
from adapters.teams.reference import Reference

_MOST_ENVELOPES = 4_096


def addressed(outgoing: Outgoing, reference: Reference) -> dict[str, Any]:
    """The activity as it goes over the wire, from the bot into the conversation of the reference."""
    return {**_envelope(reference), **content(outgoing, to=reference.user)}


@lru_cache(maxsize=_MOST_ENVELOPES)
def _envelope(reference: Reference) -> Mapping[str, Any]:
    """Who writes to whom and where, as Bot Framework spells it."""
    activity = TurnContext.apply_conversation_reference(Activity(), _framework(reference))
    activity.reply_to_id = None
    envelope: dict[str, Any] = activity.serialize()
    return envelope


def _framework(reference: Reference) -> ConversationReference:
    return ConversationReference(
        service_url=reference.service_url,
        channel_id=CHANNEL_ID,
        conversation=ConversationAccount(id=reference.chat, conversation_type=reference.kind or None),
        bot=ChannelAccount(id=reference.bot, name=reference.bot_name or None),
        user=ChannelAccount(id=reference.user, name=reference.user_name or None),
        locale=reference.locale or None,
    )
