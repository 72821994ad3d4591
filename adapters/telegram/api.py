"""The calls to Telegram that a conversation needs."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import aiohttp
from telegram import Bot as SdkBot
from telegram.error import BadRequest, TelegramError

from adapters.telegram.inbound import Bot, Place
from adapters.telegram.outbound import Part
from adapters.telegram.request import SessionRequest

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
POLL_SECONDS = 25
_POLL_TIMEOUT = POLL_SECONDS + 10.0
_UNPARSABLE = "parse entities"

Json = Mapping[str, Any]


class TelegramApi:
    """One bot's view of Telegram. Raises the SDK's errors and those of `request`; none holds the token."""

    def __init__(self, token: str, session: aiohttp.ClientSession, base_url: str) -> None:
        # at DEBUG the SDK writes what is said
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self._request = SessionRequest(session)
        root = f"{base_url.rstrip('/')}/bot"
        self._bot = SdkBot(token, base_url=root, request=self._request, get_updates_request=self._request)
        self._root = f"{root}{token}"

    async def whoami(self) -> Bot:
        found = await self._bot.get_me()
        return Bot(id=found.id, username=found.username or "")

    async def send(self, place: Place, part: Part, markup: Json | None) -> None:
        """One message; where Telegram does not take the markup, its words alone, once."""
        arguments = {"reply_markup": markup} if markup else {}
        if place.thread:
            arguments["message_thread_id"] = place.thread  # type: ignore[assignment]
        extra = {**arguments, "link_preview_options": {"is_disabled": True}}
        try:
            await self._bot.send_message(place.chat, part.html, parse_mode="HTML", api_kwargs=extra)
        except BadRequest as error:
            if _UNPARSABLE not in str(error):
                raise
            await self._bot.send_message(place.chat, part.plain, api_kwargs=extra)

    async def show(self, chat: int, message: int, markup: Json) -> None:
        """Change the keyboard of a message of ours."""
        await self._bot.edit_message_reply_markup(chat, message, api_kwargs={"reply_markup": markup})

    async def acknowledge(self, query: str) -> None:
        """End the waiting a press begins on the visitor's screen; an old press is beyond that."""
        with suppress(TelegramError):
            await self._bot.answer_callback_query(query)

    async def typing(self, chat: int) -> None:
        with suppress(TelegramError):
            await self._bot.send_chat_action(chat, "typing")

    async def say(self, chat: int, text: str) -> None:
        """Words of our own that belong to no reply."""
        await self._bot.send_message(chat, text)

    async def updates(self, offset: int) -> Sequence[Json]:
        """What has happened from `offset` on; waits for it. Only asking with a higher offset forgets it."""
        asked = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": json.dumps(UPDATES)}
        found = await self._request.post(f"{self._root}/getUpdates?{urlencode(asked)}", read_timeout=_POLL_TIMEOUT)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    async def listen_at(self, url: str, secret: str) -> None:
        """Have updates sent to an address; what waits is kept."""
        await self._bot.set_webhook(url, secret_token=secret, allowed_updates=UPDATES, drop_pending_updates=False)

    async def forget_webhook(self) -> None:
        """Have nothing sent anywhere; what waits is kept."""
        await self._bot.delete_webhook(drop_pending_updates=False)
