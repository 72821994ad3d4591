"""The one place that knows Bot Framework's own classes, so that another SDK can take its place.

Only the addressed activity is made of them (0.2 ms each): its turn adapter, its authentication and its HTTP
pipeline would cost 9 ms a turn, and have defaults that lose messages or let strangers in.
"""

from __future__ import annotations

from typing import Any

from botbuilder.core import TurnContext
from botbuilder.schema import (
    ActionTypes,
    Activity,
    CardAction,
    ChannelAccount,
    ConversationAccount,
    ConversationReference,
    SuggestedActions,
)

from adapters.teams.door import CHANNEL_ID
from adapters.teams.outbound import Outgoing
from adapters.teams.reference import Reference

_CARD = "application/vnd.microsoft.card.adaptive"


def addressed(outgoing: Outgoing, reference: Reference) -> dict[str, Any]:
    """The activity as it goes over the wire, from the bot into the conversation of the reference."""
    activity = TurnContext.apply_conversation_reference(_activity(outgoing, reference), _framework(reference))
    activity.reply_to_id = None
    wire: dict[str, Any] = activity.serialize()
    if outgoing.card is not None:  # a card is JSON already: the SDK would walk through all of it
        wire["attachments"] = [{"contentType": _CARD, "content": outgoing.card}]
    return wire


def _activity(outgoing: Outgoing, reference: Reference) -> Activity:
    activity = Activity(type=outgoing.type)
    if outgoing.type != "message":
        return activity
    if outgoing.text:
        activity.text, activity.text_format = outgoing.text, "markdown"
    if outgoing.summary:
        activity.summary = outgoing.summary
    if outgoing.suggestions:
        actions = [CardAction(type=ActionTypes.im_back, title=one, value=one) for one in outgoing.suggestions]
        activity.suggested_actions = SuggestedActions(to=[reference.user], actions=actions)
    return activity


def _framework(reference: Reference) -> ConversationReference:
    return ConversationReference(
        service_url=reference.service_url,
        channel_id=CHANNEL_ID,
        conversation=ConversationAccount(id=reference.chat, conversation_type=reference.kind or None),
        bot=ChannelAccount(id=reference.bot, name=reference.bot_name or None),
        user=ChannelAccount(id=reference.user, name=reference.user_name or None),
        locale=reference.locale or None,
    )
