"""The calls to Slack's Web API a card needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.ids import LeadId
from handoff.card import EVENT_TYPE, Card
from handoff.limits import HISTORY_PAGE
from platforms.slack.client import SlackClient
from platforms.slack.failure import SlackRefused, unclear

MAX_PAGES = 50
"""Pages of channel history searched for a card, 200 messages each."""
GONE = frozenset({"message_not_found", "thread_not_found"})
"""Slack's words for a message that somebody has deleted."""


FILE_GONE = frozenset({"file_not_found", "file_deleted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A message that stands in a channel: the channel's id, the message's `ts`, the lead revision it shows."""

    channel: str
    reference: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReply:
    """A message of ours in a thread, and the ids of the files in it."""

    reference: str
    files: tuple[str, ...] = ()


class SlackApi:
    """Cards in a channel. Raises only the `DeliveryError`s."""

    def __init__(self, client: SlackClient) -> None:
        self._client = client

    async def post(self, channel: str, card: Card) -> Placed:
        """Post a new message. `DeliveryUncertain` when it may have arrived without our knowing."""
        data = await self._client.call(
            "chat.postMessage",
            lambda sdk: sdk.chat_postMessage(
                channel=channel, unfurl_links=False, unfurl_media=False, mrkdwn=False, **_content(card)
            ),
        )
        return _placed("chat.postMessage", data, channel, card)

    async def update(self, channel: str, reference: str, card: Card) -> Placed:
        """Put the card in the place of an earlier one. Doing it again does no harm."""
        data = await self._client.call(
            "chat.update", lambda sdk: sdk.chat_update(channel=channel, ts=reference, **_content(card))
        )
        return _placed("chat.update", data, channel, card)

    async def delete(self, channel: str, reference: str) -> None:
        """Delete a message of ours; one that is not there any more is no failure."""
        try:
            await self._client.call("chat.delete", lambda sdk: sdk.chat_delete(channel=channel, ts=reference))
        except SlackRefused as error:
            if error.code not in GONE:
                raise

    async def delete_file(self, file: str) -> None:
        """Delete a file of ours for everybody; deleting the message that shows it would leave it where it is."""
        try:
            await self._client.call("files.delete", lambda sdk: sdk.files_delete(file=file))
        except SlackRefused as error:
            if error.code not in FILE_GONE:
                raise

    async def replies(self, channel: str, reference: str) -> tuple[OwnReply, ...]:
        """What our bot wrote under a card, newest first; none when the card is gone."""
        ours, found, cursor = await self._own_ids(), [], ""
        while True:
            try:
                data = await self._thread(channel, reference, cursor)
            except SlackRefused as error:
                if error.code not in GONE:
                    raise
                return ()
            found += [one for one in data.get("messages") or () if _is_reply_of(one, ours, reference)]
            cursor = (data.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return tuple(OwnReply(reference=one["ts"], files=_files_of(one)) for one in reversed(found))

    async def _own_ids(self) -> frozenset[str]:
        """A message with a file need not say which bot it is of, but always which user."""
        data = await self._client.call("auth.test", lambda sdk: sdk.auth_test(), writes=False)
        return frozenset(str(data[key]) for key in ("bot_id", "user_id") if data.get(key))

    async def _thread(self, channel: str, reference: str, cursor: str) -> dict[str, Any]:
        return await self._client.call(
            "conversations.replies",
            lambda sdk: sdk.conversations_replies(
                channel=channel, ts=reference, limit=HISTORY_PAGE, cursor=cursor or None
            ),
            writes=False,
        )

    async def find(self, channel: str, lead: LeadId, *, since: float) -> Placed | None:
        """The newest card of a lead among the channel's messages after `since` (seconds since the epoch).

        Raises `SlackRefused` when there are more messages than `MAX_PAGES` hold: not found is then not known.
        """
        cursor = ""
        for _ in range(MAX_PAGES):
            data = await self._history(channel, since, cursor)
            for message in data.get("messages") or ():
                if placed := _card_of(message, channel, lead):
                    return placed
            cursor = (data.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        reason = (
            f"Over {MAX_PAGES * HISTORY_PAGE:,} messages came into {channel} since the lead began, so its card was not "
            "found. Next: give the leads a channel of their own."
        )
        raise SlackRefused(reason, code="history_too_long", scope="request")

    async def _history(self, channel: str, since: float, cursor: str) -> dict[str, Any]:
        return await self._client.call(
            "conversations.history",
            lambda sdk: sdk.conversations_history(
                channel=channel,
                oldest=f"{max(since, 0.0):.6f}",
                limit=HISTORY_PAGE,
                include_all_metadata=True,
                cursor=cursor or None,
            ),
            writes=False,
        )


def _is_reply_of(message: Any, ours: frozenset[str], card: str) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("ts"), str) or message["ts"] == card:
        return False
    return not ours.isdisjoint({message.get("bot_id"), message.get("user")})


def _files_of(message: dict[str, Any]) -> tuple[str, ...]:
    files = message.get("files")
    held = files if isinstance(files, list) else []
    return tuple(one["id"] for one in held if isinstance(one, dict) and isinstance(one.get("id"), str))


def _content(card: Card) -> dict[str, Any]:
    return {
        "text": card.text,
        "blocks": list(card.blocks),
        "metadata": card.metadata,
        "parse": "none",
        "link_names": False,
    }


def _placed(method: str, data: dict[str, Any], channel: str, card: Card) -> Placed:
    reference, where = data.get("ts"), data.get("channel", channel)
    if not isinstance(reference, str) or not isinstance(where, str):
        raise unclear(method, "an answer without a message id", writes=True)
    return Placed(channel=where, reference=reference, revision=card.metadata["event_payload"]["revision"])


def _card_of(message: Any, channel: str, lead: LeadId) -> Placed | None:
    """The message as a card of the lead, None when it is something else; other people's messages have any shape."""
    metadata = message.get("metadata") if isinstance(message, dict) else None
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload, reference = metadata.get("event_payload"), message.get("ts")
    if not isinstance(payload, dict) or payload.get("lead_id") != lead or not isinstance(reference, str):
        return None
    revision = payload.get("revision")
    return Placed(channel=channel, reference=reference, revision=revision if isinstance(revision, int) else 0)
