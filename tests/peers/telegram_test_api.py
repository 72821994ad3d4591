"""telegram-test-api behind a shim: a second Bot API on loopback, which somebody else wrote."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

from tests.peers.node import PEERS, node_module
from tests.peers.playground import free_port

Json = dict[str, Any]
_LOOK_SECONDS = 0.05


@dataclass
class Prospect:
    """One prospect, in a private chat with one bot."""

    url: str
    http: ClientSession
    token: str
    chat: int = 501

    async def say(self, words: str) -> Json:
        """Write, and get the message as Telegram numbered it."""
        message = self._message(words)
        if words.startswith("/"):
            command = {"type": "bot_command", "offset": 0, "length": len(words.split(maxsplit=1)[0])}
            await self._post("sendCommand", {**message, "entities": [command]})
        else:
            await self._post("sendMessage", message)
        (*_, last) = [one for one in await self.history() if "chat" in one.get("message", {})]
        return {**message, "message_id": last["messageId"]}

    async def edit(self, message: Json, words: str) -> None:
        await self._post("sendEdit", {**message, "text": words, "edit_date": message["date"] + 60})

    async def press(self, answer: Json, place: int) -> None:
        """Press a button of one of the bot's messages."""
        asked = self._message("")
        data = answer["reply_markup"]["inline_keyboard"][place][0]["callback_data"]
        shown = {"chat": asked["chat"], "message_id": answer["message_id"], "date": asked["date"]}
        query = {"botToken": self.token, "from": asked["from"], "message": shown, "data": data}
        await self._post("sendCallback", query)

    async def spoil(self, method: str, *answers: Json) -> None:
        """Give these answers to the next calls of a method."""
        await self._post("spoil", {"method": method, "answers": list(answers)})

    async def answers(self) -> list[Json]:
        """What the bot has written, as it stands now."""
        sent = [one for one in await self.history() if "chat_id" in one.get("message", {})]
        return [{**one["message"], "message_id": one["messageId"]} for one in sent]

    async def history(self) -> list[Json]:
        return list((await self._post("getUpdatesHistory", {"token": self.token}))["result"])

    async def until(self, true: Callable[[list[Json]], bool]) -> list[Json]:
        """What the bot has written, once that is as wanted."""
        while not true(found := await self.answers()):  # noqa: ASYNC110  another process tells nobody
            await asyncio.sleep(_LOOK_SECONDS)
        return found

    async def calls(self) -> list[str]:
        return list(await self._post("calls", {}))

    async def settled(self) -> None:
        """Wait until every update has been confirmed."""
        while await self._post("waiting", {}):  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_SECONDS)

    async def _post(self, path: str, body: Json) -> Any:
        async with self.http.post(f"{self.url}/{path}", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    def _message(self, words: str) -> Json:
        person = {"id": self.chat, "first_name": "Jo", "is_bot": False, "language_code": "en"}
        chat = {"id": self.chat, "first_name": "Jo", "type": "private"}
        return {"botToken": self.token, "from": person, "chat": chat, "date": 1_700_000_000, "text": words}


@asynccontextmanager
async def telegram_test_api(token: str) -> AsyncIterator[Prospect]:
    """Starts the program; skips where Node or the package is missing."""
    node_module("telegram-test-api")
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        "node", str(PEERS / "telegram_shim.cjs"), str(port), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(30):
            assert await process.stdout.readline() == b"Listening\n"
        async with ClientSession() as http:
            yield Prospect(f"http://127.0.0.1:{port}", http, token)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
