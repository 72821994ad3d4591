"""A visitor talks on the site, goes on in Telegram, and sales has one card: the whole hub, all on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from frontdesk.app import running
from frontdesk.demo.slack import SlackStandIn
from frontdesk.desk import read_desk
from tests.adapters.telegram.bots import TOKEN as BOT_TOKEN
from tests.adapters.telegram.bots import TOKENS
from tests.adapters.web.harness import serving as serving_routes
from tests.peers.telegram_api import TelegramApi
from tests.scenarios.world import CHANNEL_ID, TOKEN, WallClock, example_desk, serving

SITE = "https://fernlight.example"
CONTINUE = "\ncontinue_on:\n  channel: bot\n"


@dataclass
class Both:
    """The hub, what it calls, and one visitor's session on the site."""

    address: str
    http: aiohttp.ClientSession
    telegram: TelegramApi
    slack: SlackStandIn
    session: dict[str, Any] = field(default_factory=dict)

    async def post(self, route: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Origin": SITE}
        if self.session:
            headers["Authorization"] = f"Bearer {self.session['token']}"
        async with self.http.post(f"{self.address}/channels/web/web/{route}", json=body, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            found: dict[str, Any] = await answer.json()
            return found

    async def say(self, text: str, number: int) -> None:
        await self.post("messages", {"clientId": f"message-{number:08d}", "text": text})

    async def card_with(self, *words: str) -> str:
        version = 0
        while True:
            told = json.dumps([one["blocks"] for one in self.cards], ensure_ascii=False)
            if self.cards and all(word in told for word in words):
                return told
            version = await self.slack.changed(after=version)

    @property
    def cards(self) -> list[dict[str, Any]]:
        return [one for one in self.slack.messages(CHANNEL_ID) if "thread_ts" not in one]

    @property
    def below(self) -> list[str]:
        return [one["text"] for one in self.slack.messages(CHANNEL_ID) if "thread_ts" in one]


@asynccontextmanager
async def both(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Both]:
    for name, token in {**TOKENS, "FRONTDESK_SLACK_BOT_TOKEN": TOKEN}.items():
        monkeypatch.setenv(name, token)
    telegram = TelegramApi(token=BOT_TOKEN)
    slack = SlackStandIn(token=TOKEN, channels={CHANNEL_ID: "sales"}, clock=WallClock())
    async with serving_routes(telegram.routes()) as api, serving(slack.application()) as slack_url:
        desk = example_desk(folder / "desk", site=SITE, slack_url=f"{slack_url}/")
        with (desk / "channels" / "web.yaml").open("a") as file:
            file.write(CONTINUE)
        (desk / "channels" / "bot.yaml").write_text(f"kind: telegram\nbot_token: ${{env:BOT}}\napi_base_url: {api}\n")
        async with running(read_desk(desk), port=0) as hub, aiohttp.ClientSession() as http, asyncio.timeout(60):
            made = Both(hub.address, http, telegram, slack)
            made.session = await made.post("session", {})
            yield made


async def test_one_person_one_lead_two_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with both(tmp_path, monkeypatch) as world:
        await world.say("We are a team of 25 support agents. We use Zendesk. Reach me at jo@northfold.example", 1)
        await world.card_with("jo@northfold.example")
        left = await world.post("continue", {})
        head, _, token = left["url"].rpartition("=")
        assert head == "https://t.me/fern_bot?start"

        world.telegram.text(f"/start {token}")
        await world.telegram.until(lambda: len(world.telegram.messages[501]) == 1)
        greeting = world.telegram.messages[501][0]["text"]
        assert "Zendesk" in greeting
        await world.card_with("also on bot")
        world.telegram.text("Our budget is 2,000 euros a month.")
        await world.telegram.until(lambda: len(world.telegram.messages[501]) >= 2)
        card = await world.card_with("2,000", "Zendesk")
        assert "jo@northfold.example" in card

        world.telegram.text(f"/start {token}", chat=777)
        await world.telegram.until(lambda: len(world.telegram.messages[777]) == 1)
        stranger = world.telegram.messages[777][0]["text"]
        assert not any(word in stranger for word in ("Zendesk", "25", "northfold"))
        assert len(world.cards) == 1
        (word,) = world.below
        assert "also on bot" in word
