"""A whole talk in Microsoft's own playground, through a hub with a store, signed requests and issued tokens."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web

from core.ids import ConversationId
from core.pace import Pace
from core.shards import shard_of
from frontdesk.app import Running, running
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from tests.contracts.stores import new_tenant
from tests.peers.bot_framework import APP_ID, PASSWORD, BotFramework, running_framework
from tests.peers.playground import Playground, free_port, running_playground

DESK = Path(__file__).parents[3] / "examples" / "desk"
TENANT = "00000000-0000-0000-0000-0000000000001"  # the playground's own


class Stage:
    """The playground on one side, the hub on the other, Microsoft's side between them."""

    def __init__(self, playground: Playground, framework: BotFramework, hub: Running) -> None:
        self.playground = playground
        self.framework = framework
        self.hub = hub

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not holds():  # noqa: ASYNC110  processes of others
                await asyncio.sleep(0.02)

    async def answer(self, number: int, chat: str = "") -> dict[str, Any]:
        """The bot's message of this number (the first is 1) in a chat."""
        chat = chat or self.playground.chat
        await self.until(lambda: len(self.framework.messages(chat)) >= number)
        return self.framework.messages(chat)[number - 1]


def words(activity: dict[str, Any]) -> str:
    """All that a message says, on a card or without."""
    cards = [attachment["content"] for attachment in activity.get("attachments", [])]
    runs = [run["text"] for card in cards for block in card["body"] for run in block["inlines"]]
    return str(activity.get("text", "")) + " ".join(runs)


def buttons(activity: dict[str, Any]) -> list[dict[str, Any]]:
    return [action for one in activity.get("attachments", []) for action in one["content"].get("actions", [])]


def desk_for(folder: Path, framework: BotFramework, store: str) -> Path:
    """The example company's desk with a bot in Teams alone."""
    desk = Path(shutil.copytree(DESK, folder / "desk", ignore=shutil.ignore_patterns(".*", "channels")))
    settings = yaml.safe_load((desk / "frontdesk.yaml").read_text("utf-8"))
    settings |= {"store": {"url": store, "shards": 8}, "tenant": new_tenant()}
    settings["server"] = {"host": "127.0.0.1", "port": 0}
    (desk / "frontdesk.yaml").write_text(yaml.safe_dump(settings), "utf-8")
    (desk / "channels").mkdir()
    channel = {
        "kind": "teams",
        "app_id": APP_ID,
        "app_password": "${env:FRONTDESK_TEAMS_PASSWORD}",
        "tenants": [TENANT],
        "openid_metadata_url": f"{framework.url}/openid",
        "token_url": f"{framework.url}/token",
        "service_hosts": [framework.host],
    }
    (desk / "channels" / "bot.yaml").write_text(yaml.safe_dump(channel), "utf-8")
    return desk


@asynccontextmanager
async def stage(folder: Path, store: str) -> AsyncIterator[Stage]:
    framework = BotFramework(clock=SystemClock().now, ticks=time.monotonic)
    async with running_framework(framework):
        port = free_port()
        framework.playground = f"http://127.0.0.1:{port}/_connector"
        async with running(read_desk(desk_for(folder, framework, store)), pace=Pace(uncertain=0.1)) as hub:
            framework.bot = f"{hub.address}/channels/teams/bot/messages"
            gate, connector = f"{framework.url}/gate", framework.service_url
            async with running_playground(endpoint=gate, service_url=connector, port=port) as playground:
                yield Stage(playground, framework, hub)


@pytest.fixture
async def teams(tmp_path: Path, embedded_server: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setenv("FRONTDESK_TEAMS_PASSWORD", PASSWORD)
    async with stage(tmp_path, embedded_server) as running_stage:
        yield running_stage


async def test_that_a_talk_in_teams_goes_from_the_greeting_to_a_lead(teams: Stage) -> None:
    talk = teams.playground
    await talk.install(talk.chat)
    greeting = await teams.answer(1)
    assert words(greeting).strip()
    await talk.say("We are 12 people in support with 80 tickets a day. Do you work with Shopify?")
    answer = await teams.answer(2)
    assert words(answer).strip()
    assert "typing" in {call.activity.get("type") for call in teams.framework.calls}
    await talk.say("What does it cost? You can write to me at pat@lindenwerk.example")
    priced = await teams.answer(3)
    assert words(priced).strip()
    assert len({words(one) for one in teams.framework.messages()}) == 3


async def test_that_a_button_pressed_in_teams_is_answered_and_its_card_closed(teams: Stage) -> None:
    talk = teams.playground
    await talk.install(talk.chat)
    greeting = await teams.answer(1)
    pressed = buttons(greeting)[0]
    await teams.until(lambda: bool(teams.framework.shown_ids))
    await talk.press(teams.framework.shown_ids[0], pressed["data"])
    answer = await teams.answer(2)
    assert words(answer).strip()
    await teams.until(lambda: any(call.method == "PUT" for call in teams.framework.calls))
    (closed,) = [call.activity for call in teams.framework.calls if call.method == "PUT"]
    assert not buttons(closed)
    assert pressed["title"] in words(closed)


async def test_that_a_group_is_answered_where_the_bot_is_mentioned(teams: Stage) -> None:
    talk = teams.playground
    chat = talk.config["groupChats"][0]["id"]
    await talk.say("Lunch, anybody?", chat=chat)
    name = talk.config["bot"]["name"]
    mark = f"<at>{name}</at>"
    await talk.say(f"{mark} how much is it for 20 people?", chat=chat, mentioned=mark)
    answer = await teams.answer(1, chat)
    assert words(answer).strip()
    assert len(teams.framework.messages(chat)) == 1


async def test_that_an_answer_that_may_have_arrived_is_sent_once_and_listed(teams: Stage) -> None:
    arrived: list[str] = []

    async def taken_and_gone(request: web.Request) -> web.StreamResponse | None:
        activity = await request.json()
        if activity["type"] != "message":
            return None
        arrived.append(words(activity))
        assert request.transport is not None
        request.transport.abort()
        return web.Response(status=201)

    teams.framework.fault = taken_and_gone
    await teams.playground.say("Do you work with Shopify?")
    conversation = ConversationId(f"teams:bot:{teams.playground.chat}")
    outbox, shard = teams.hub.store.store.outbox, shard_of(conversation, 8)
    async with asyncio.timeout(20):
        while not (listed := await outbox.uncertain(shard)):  # noqa: ASYNC110  the store's side
            await asyncio.sleep(0.02)
    assert [one.conversation for one in listed] == [conversation]
    assert len(arrived) == 1
    teams.framework.fault = None
    await teams.playground.say("And what does it cost?")
    assert words(await teams.answer(1)).strip()
    assert len(arrived) == 1
