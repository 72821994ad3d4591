"""The three calls to Slack's Web API a card needs, with every way they fail translated."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from core.errors import ConfigError, DeliveryDelayed
from core.ids import LeadId
from handoff.card import EVENT_TYPE, Card
from handoff.limits import HISTORY_PAGE
from handoff.slack_failure import SlackRefused, failure, read_failure, unclear

SLACK_API = "https://slack.com/api/"
CALL_TIMEOUT = 10.0
"""Seconds one call may take in all; the connection's own timeouts are the session's."""
MAX_PAGES = 50
"""Pages of channel history searched for a card, 200 messages each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A message that stands in a channel: the channel's id, the message's `ts`, the lead revision it shows."""

    channel: str
    reference: str
    revision: int


class SlackApi:
    """One bot token's view of Slack. Raises only the `DeliveryError`s; none holds the token or a visitor's words."""

    def __init__(
        self,
        *,
        token: str,
        session: aiohttp.ClientSession,
        base_url: str = SLACK_API,
        timeout: float = CALL_TIMEOUT,
    ) -> None:
        """Raises `ConfigError` when `base_url` is no web address."""
        _check_address(base_url)
        from slack_sdk.errors import SlackApiError
        from slack_sdk.web.async_client import AsyncWebClient

        # The SDK writes whole messages to its logger at DEBUG, and counts a logger without a level of its own as DEBUG.
        quiet = logging.getLogger("handoff.slack_sdk")
        quiet.setLevel(logging.WARNING)
        # No retry handlers: the default one posts twice when the connection dies after Slack has accepted a message.
        self._client = AsyncWebClient(token=token, base_url=base_url, session=session, logger=quiet, retry_handlers=[])
        self._client.proxy = None  # the session decides about proxies; the SDK would read the environment by itself
        self._api_error = SlackApiError
        self._timeout = timeout

    async def post(self, channel: str, card: Card) -> Placed:
        """Post a new message. `DeliveryUncertain` when it may have arrived without our knowing."""
        data = await self._call(
            "chat.postMessage",
            lambda: self._client.chat_postMessage(
                channel=channel, unfurl_links=False, unfurl_media=False, mrkdwn=False, **_content(card)
            ),
        )
        return _placed("chat.postMessage", data, channel, card)

    async def update(self, channel: str, reference: str, card: Card) -> Placed:
        """Put the card in the place of an earlier one. Doing it again does no harm."""
        data = await self._call(
            "chat.update", lambda: self._client.chat_update(channel=channel, ts=reference, **_content(card))
        )
        return _placed("chat.update", data, channel, card)

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
        return await self._call(
            "conversations.history",
            lambda: self._client.conversations_history(
                channel=channel,
                oldest=f"{max(since, 0.0):.6f}",
                limit=HISTORY_PAGE,
                include_all_metadata=True,
                cursor=cursor or None,
            ),
            writes=False,
        )

    async def _call(self, method: str, send: Callable[[], Awaitable[Any]], *, writes: bool = True) -> dict[str, Any]:
        """The decoded answer of a successful call. `from None`: the causes' texts may hold what was sent."""
        try:
            async with asyncio.timeout(self._timeout):
                data = (await send()).data
        except self._api_error as error:
            raise failure(read_failure(method, error.response), writes=writes) from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise DeliveryDelayed(
                f"Slack could not be reached for {method} ({type(error).__name__})", retry_after=5.0
            ) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise unclear(method, type(error).__name__, writes=writes) from None
        except (ValueError, AttributeError, RecursionError):
            # what the SDK trips over when a body is no JSON object: text, a list, bytes in another charset
            raise unclear(method, "unreadable answer", writes=writes) from None
        if not isinstance(data, dict):
            raise unclear(method, "unreadable answer", writes=writes)
        return data


def _check_address(base_url: str) -> None:
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise ConfigError("handoff.slack.api_base_url is no web address; Slack's own is " + SLACK_API)


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
