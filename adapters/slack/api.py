"""The calls to Slack that a conversation needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack.inbound import Bot
from adapters.slack.outbound import effect_of
from core.errors import DependencyError
from platforms.slack.client import SlackClient
from platforms.slack.text import escape

RECENT = 100
"""Messages looked through for one that may have arrived."""


class SlackTalk:
    """One bot's messages. Raises the `DeliveryError`s; none holds the token or anybody's words."""

    def __init__(self, client: SlackClient) -> None:
        self._client = client

    async def say(self, channel: str, thread: str, text: str) -> None:
        """Words of our own that belong to no reply."""
        await self._client.call(
            "chat.postMessage",
            lambda sdk: sdk.chat_postMessage(
                channel=channel, thread_ts=thread or None, text=escape(text), parse="none", link_names=False
            ),
        )

    async def whoami(self) -> Bot:
        """Who the token belongs to. Raises `DependencyError` for an answer that does not say."""
        data = await self._client.call("auth.test", lambda sdk: sdk.auth_test(), writes=False)
        user, team = data.get("user_id"), data.get("team_id")
        if not isinstance(user, str) or not isinstance(team, str):
            raise DependencyError("Slack did not say whose token this is; check api_base_url")
        return Bot(user=user, team=team)

    async def post(self, channel: str, thread: str, message: Mapping[str, Any]) -> None:
        await self._client.call(
            "chat.postMessage",
            lambda sdk: sdk.chat_postMessage(channel=channel, thread_ts=thread or None, **message),
        )

    async def replace(self, channel: str, ts: str, *, text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Change a message of ours. Doing it again does no harm."""
        await self._client.call(
            "chat.update",
            lambda sdk: sdk.chat_update(channel=channel, ts=ts, text=text, blocks=list(blocks), parse="none"),
        )

    async def has(self, channel: str, thread: str, effect: str) -> bool:
        """Whether one of the newest messages there stands for this effect."""
        data = await self._client.call(
            "conversations.replies" if thread else "conversations.history",
            lambda sdk: (
                sdk.conversations_replies(channel=channel, ts=thread, limit=RECENT, include_all_metadata=True)
                if thread
                else sdk.conversations_history(channel=channel, limit=RECENT, include_all_metadata=True)
            ),
            writes=False,
        )
        messages = data.get("messages")
        found = messages if isinstance(messages, list) else []
        return any(effect_of(one) == effect for one in found if isinstance(one, dict))
