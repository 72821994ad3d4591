"""The calls to Telegram that a conversation needs."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import aiohttp
from telegram import Bot as SdkBot
from telegram import WebhookInfo
from telegram.error import BadRequest, TelegramError

from adapters.telegram.inbound import Bot, Place
from adapters.telegram.outbound import Part
from adapters.telegram.request import SessionRequest, Upload
from core.attachment import Attachment, FetchedFile
from platforms.fetching import download

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
POLL_SECONDS = 25
_POLL_TIMEOUT = POLL_SECONDS + 10.0
_UPLOAD_TIMEOUT = 60.0
_PATH = re.compile(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+){0,5}")
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
        self._files = f"{base_url.rstrip('/')}/file/bot{token}"
        self._session = session

    async def whoami(self) -> Bot:
        found = await self._bot.get_me()
        return Bot(id=found.id, username=found.username or "")

    async def send(self, place: Place, part: Part, markup: Json | None) -> None:
        """One message; where Telegram does not take the markup, its words alone, once."""
        arguments: Json = {
            "chat_id": place.chat,
            "link_preview_options": {"is_disabled": True},
            **({"message_thread_id": place.thread} if place.thread else {}),
            **({"reply_markup": markup} if markup else {}),
        }
        try:
            await self._call("sendMessage", **arguments, text=part.html, parse_mode="HTML")
        except BadRequest as error:
            if _UNPARSABLE not in str(error):
                raise
            await self._call("sendMessage", **arguments, text=part.plain)

    async def send_file(self, place: Place, file: Attachment, content: bytes) -> None:
        """One document."""
        thread = {"message_thread_id": str(place.thread)} if place.thread else {}
        upload = Upload(
            fields={"chat_id": str(place.chat), **thread},
            kind="document",
            name=file.name,
            media_type=file.media_type,
            content=content,
        )
        await self._request.upload(f"{self._root}/sendDocument", upload, seconds=_UPLOAD_TIMEOUT)

    async def show(self, chat: int, message: int, markup: Json) -> None:
        """Change the keyboard of a message of ours."""
        await self._call("editMessageReplyMarkup", chat_id=chat, message_id=message, reply_markup=markup)

    async def acknowledge(self, query: str) -> None:
        """End the waiting a press begins on the visitor's screen; an old press is beyond that."""
        with suppress(TelegramError):
            await self._call("answerCallbackQuery", callback_query_id=query)

    async def typing(self, chat: int) -> None:
        with suppress(TelegramError):
            await self._call("sendChatAction", chat_id=chat, action="typing")

    async def say(self, chat: int, text: str) -> None:
        """Words of our own that belong to no reply."""
        await self._call("sendMessage", chat_id=chat, text=text)

    async def offer(self, commands: Json, language: str) -> None:
        """Show these commands in the bot's menu: to people of a language, "" for everybody else."""
        listed = [{"command": name, "description": words} for name, words in commands.items()]
        await self._call("setMyCommands", commands=listed, language_code=language)

    async def updates(self, offset: int) -> Sequence[Json]:
        """What has happened from `offset` on; waits for it. Only asking with a higher offset forgets it."""
        asked = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": UPDATES}
        found = await self._request.call(f"{self._root}/getUpdates", asked, seconds=_POLL_TIMEOUT)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    async def webhook(self) -> WebhookInfo:
        """Where updates are sent, and how that goes."""
        return await self._bot.get_webhook_info()

    async def look(self) -> None:
        """Ask for updates without waiting and without forgetting any. Raises `Conflict` where somebody else asks."""
        await self._call("getUpdates", timeout=0, limit=1)

    async def listen_at(self, url: str, secret: str) -> None:
        """Have updates sent to an address; what waits is kept."""
        await self._bot.set_webhook(url, secret_token=secret, allowed_updates=UPDATES, drop_pending_updates=False)

    async def forget_webhook(self) -> None:
        """Have nothing sent anywhere; what waits is kept."""
        await self._bot.delete_webhook(drop_pending_updates=False)

    async def fetch(self, reference: str, *, most: int, media_type: str) -> FetchedFile:
        """The bytes of a file; raises `DeliveryDelayed` besides. Its address holds the token and is nobody's to see."""
        found = await self._call("getFile", file_id=reference)
        path = found.get("file_path") if isinstance(found, dict) else None
        if not isinstance(path, str) or not _PATH.fullmatch(path) or ".." in path:
            return FetchedFile(trouble="gone")
        return await download(self._session, f"{self._files}/{path}", most=most, media_type=media_type)

    async def _call(self, method: str, **arguments: Any) -> Any:
        return await self._request.call(f"{self._root}/{method}", arguments)
