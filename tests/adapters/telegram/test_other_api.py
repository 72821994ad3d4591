"""The same talk against a Bot API that somebody else wrote: by polling and by webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from frontdesk.app import running
from frontdesk.desk import read_desk
from tests.adapters.telegram.bots import TOKEN, TOKENS
from tests.adapters.telegram.test_talk import write_desk
from tests.peers.playground import free_port
from tests.peers.telegram_test_api import Prospect, telegram_test_api


@asynccontextmanager
async def prospect(mode: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Prospect]:
    for name, token in TOKENS.items():
        monkeypatch.setenv(name, token)
    port = free_port()
    async with telegram_test_api(TOKEN) as found, asyncio.timeout(60):
        desk = write_desk(folder, found.url, mode, public=f"http://127.0.0.1:{port}")
        async with running(read_desk(desk), port=port):
            yield found


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_talk_with_presses_and_an_edit(mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with prospect(mode, tmp_path, monkeypatch) as visitor:
        await visitor.say("/start")
        (greeting,) = await visitor.until(lambda found: len(found) == 1)
        await visitor.press(greeting, 0)
        await visitor.until(lambda found: len(found) == 2)
        (pressed, *_) = await visitor.until(lambda found: _chosen(found[0]).startswith("✓ "))
        assert _chosen(pressed).removeprefix("✓ ") == greeting["reply_markup"]["inline_keyboard"][0][0]["text"]
        size = await visitor.say("We are 25 people in support. What does it cost?")
        answered = await visitor.until(lambda found: len(found) == 3)
        assert "$" in answered[2]["text"]
        await visitor.edit(size, "We are 52 people in support. What does it cost?")
        await visitor.until(lambda found: len(found) == 4)
        await visitor.say("Can we see a demo? Please write to jo@northfold.example")
        found = await visitor.until(lambda found: any("jo@northfold.example" in one["text"] for one in found))
        assert len({one["text"] for one in found}) == len(found), "something was said twice"
        await visitor.say("/human")
        (*_, person) = await visitor.until(lambda now: len(now) > len(found))
        assert "team" in person["text"].lower() or "person" in person["text"].lower()
        await visitor.settled()
        calls = await visitor.calls()
        assert {"sendChatAction", "answerCallbackQuery", "editMessageReplyMarkup"} <= set(calls)


async def test_that_limits_and_refused_markup_of_another_api_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with prospect("webhook", tmp_path, monkeypatch) as visitor:
        limited = {"error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}
        unparsable = {"error_code": 400, "description": "Bad Request: can't parse entities: no such tag"}
        await visitor.spoil("sendMessage", limited, unparsable)
        await visitor.say("What does it cost?")
        (answer,) = await visitor.until(lambda found: len(found) == 1)
        assert "parse_mode" not in answer
        assert (await visitor.calls()).count("sendMessage") == 3


def _chosen(message: dict[str, dict[str, list[list[dict[str, str]]]]]) -> str:
    return message["reply_markup"]["inline_keyboard"][0][0]["text"]
