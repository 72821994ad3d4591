"""A prospect in Telegram, a whole hub, and the Bot API between them: by webhook and by polling."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from frontdesk.app import running
from frontdesk.desk import read_desk
from tests.adapters.telegram.bots import HEADER, SECRET, TOKEN, TOKENS
from tests.adapters.web.harness import serving
from tests.frontdesk.test_commands import DESK, frontdesk
from tests.peers.telegram_api import Fault, TelegramApi

Bring = Callable[[dict[str, Any]], Awaitable[None]]


def write_desk(folder: Path, api: str, mode: str, *, public: str = "https://chat.example") -> Path:
    desk = Path(shutil.copytree(DESK, folder / "desk", ignore=shutil.ignore_patterns(".*")))
    webhook = f"webhook_secret: ${{env:HOOK}}\npublic_url: {public}\n" if mode == "webhook" else ""
    (desk / "channels" / "bot.yaml").write_text(
        f"kind: telegram\nmode: {mode}\nbot_token: ${{env:BOT}}\n{webhook}api_base_url: {api}\n"
    )
    return desk


@asynccontextmanager
async def talking(mode: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[TelegramApi, Bring]]:
    for name, token in TOKENS.items():
        monkeypatch.setenv(name, token)
    api = TelegramApi(token=TOKEN)
    async with serving(api.routes()) as there:
        desk = write_desk(folder, there, mode)
        async with running(read_desk(desk), port=0) as hub, aiohttp.ClientSession() as http, asyncio.timeout(60):

            async def bring(update: dict[str, Any]) -> None:
                if mode == "polling":
                    await api.until(lambda: api.waiting() == 0)
                    return
                url = f"{hub.address}/channels/telegram/bot"
                async with http.post(url, json=update, headers={HEADER: SECRET}) as answer:
                    assert (answer.status, await answer.read()) == (200, b"")

            yield api, bring


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_a_prospect_is_answered_and_becomes_a_lead(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking(mode, tmp_path, monkeypatch) as (api, bring):
        await bring(api.text("/start"))
        await api.until(lambda: len(api.messages[501]) == 1)
        first = api.text("Hi, we are 25 people in support and drown in tickets. What does it cost?")
        await bring(first)
        if mode == "webhook":
            await bring(first)
        await api.until(lambda: len(api.messages[501]) == 2)
        reply = api.messages[501][1]
        assert "$" in reply["text"]
        if reply.get("reply_markup"):
            await bring(api.press(reply, 0))
            await api.until(lambda: len(api.messages[501]) == 3)
        await bring(api.text("Can we see a demo? Please write to jo@northfold.example"))
        await api.until(lambda: any("jo@northfold.example" in one["text"] for one in api.messages[501]))
        assert len({one["text"] for one in api.messages[501]}) == len(api.messages[501]), "something was said twice"


async def test_that_a_lost_answer_ends_on_the_list_of_doubtful_deliveries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking("webhook", tmp_path, monkeypatch) as (api, bring):
        api.order("sendMessage", Fault(applied=True))
        await bring(api.text("What does it cost?"))
        await api.until(lambda: len(api.messages[501]) == 1)
        desk = str(tmp_path / "desk")

        async def listed() -> list[Any]:
            found = await asyncio.to_thread(frontdesk, "deliveries", "-c", desk, "--json")
            return list(json.loads(found.stdout))

        while not (doubtful := await listed()):  # each look takes the time of a process
            pass
        assert doubtful[0]["conversation"] == "telegram:bot:501"
        assert len(api.messages[501]) == 1


def test_that_a_link_is_made_for_a_campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, token in TOKENS.items():
        monkeypatch.setenv(name, token)
    desk = write_desk(tmp_path, "http://127.0.0.1:9", "polling")
    picture = tmp_path / "code.svg"
    made = frontdesk(
        "telegram", "link", "-c", str(desk), "--bot", "fern_bot", "--campaign", "spring", "--source", "fair",
        "--qr", str(picture), "--json",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    assert told["link"].startswith("https://t.me/fern_bot?start=")
    assert len(told["link"].rpartition("=")[2]) == 8
    assert picture.read_text().lstrip().startswith("<?xml")
    away = frontdesk("telegram", "link", "-c", str(desk), "--campaign", "spring")
    assert away.returncode == 69
    assert TOKEN not in away.stdout + away.stderr
    unknown = frontdesk("telegram", "link", "-c", str(desk), "--campaign", "x", "--channel", "web")
    assert unknown.returncode == 78
