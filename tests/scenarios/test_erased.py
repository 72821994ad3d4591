"""Somebody who has done all a visitor can do is erased: no key and no value of the store tells of them any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest

from core.erasing import erase, trace_of_address
from core.ids import ConversationId, PersonId, VisitorId
from core.joining import look_again
from core.pace import Pace
from core.people import Thread, followed_link, taken_back
from frontdesk.app import Running, running
from frontdesk.clock import SystemClock
from frontdesk.demo.people import SlackPeople
from frontdesk.demo.slack import SlackStandIn
from frontdesk.desk import read_desk
from frontdesk.sales import PATH
from store.open import OpenStore
from tests.adapters.telegram.bots import TOKEN as BOT_TOKEN
from tests.adapters.telegram.bots import TOKENS
from tests.adapters.web.harness import serving as serving_routes
from tests.frontdesk.test_erase_command import written
from tests.handoff.team import ANN, SALES, SECRET, WEB, Team, _serving, _write, until
from tests.handoff.team import TOKEN as TEAM_TOKEN
from tests.peers.telegram_api import TelegramApi

CANARY = "zyxcanary"
MAIL = f"{CANARY}@northwind-robotics.io"
CHAT, OTHER = 73_501_955, 73_501_966
"""Whom Telegram knows as whom: the one who is erased, and a neighbour."""


class World(Team):
    """A team, a bot, and one visitor's session on the site."""

    telegram: TelegramApi
    http: aiohttp.ClientSession
    session: dict[str, Any]

    async def post(self, route: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Origin": "https://fernlight.example"}
        if getattr(self, "session", None):
            headers["Authorization"] = f"Bearer {self.session['token']}"
        async with self.http.post(f"{self.hub.address}/channels/web/web/{route}", json=body, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            found: dict[str, Any] = await answer.json()
            return found

    async def bot_said(self, chat: int, count: int) -> None:
        await asyncio.wait_for(self.telegram.until(lambda: len(self.telegram.messages[chat]) >= count), 10)


@asynccontextmanager
async def world(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    for name, token in {**TOKENS, "TEAM_BOT_TOKEN": TEAM_TOKEN, "TEAM_SIGNING_SECRET": SECRET}.items():
        monkeypatch.setenv(name, token)
    slack = SlackStandIn(token=TEAM_TOKEN, channels={SALES: "sales-leads"}, clock=SystemClock())
    telegram = TelegramApi(token=BOT_TOKEN)
    async with _serving(slack.application()) as slack_url, serving_routes(telegram.routes()) as bot_url:
        _write(folder, slack_url)
        (folder / "channels" / "web.yaml").write_text(f"{WEB}continue_on: {{channel: bot}}\n")
        (folder / "channels" / "bot.yaml").write_text(
            f"kind: telegram\nbot_token: ${{env:BOT}}\napi_base_url: {bot_url}\n"
        )
        async with (
            running(read_desk(folder), pace=Pace(quiet=0.0, rewrite=0.05)) as hub,
            aiohttp.ClientSession() as http,
        ):
            people = SlackPeople(slack, http, address=f"{hub.address}{PATH}", secret=SECRET, clock=SystemClock())
            people.invite(ANN)
            made = World(hub=hub, slack=slack, people=people)
            made.telegram, made.http = telegram, http
            made.session = await made.post("session", {})
            yield made


async def everything(opened: OpenStore) -> dict[bytes, str]:
    """Every key of the server with all it holds."""
    found: dict[bytes, str] = {}
    readers: dict[Any, tuple[str, ...]] = {
        b"string": ("GET",),
        b"hash": ("HGETALL",),
        b"list": ("LRANGE", "0", "-1"),
        b"set": ("SMEMBERS",),
        b"zset": ("ZRANGE", "0", "-1"),
        b"stream": ("XRANGE", "-", "+"),
        b"none": ("GET",),  # it ended while the keys were listed
    }
    for _, client in opened._lanes.primaries():
        async with client:
            async for key in client.scan_iter(count=1000):
                name, *rest = readers[await client.type(key)]
                found[key] = repr(await cast("Any", client).execute_command(name, key, *rest))
    return found


def telling(held: dict[bytes, str], *signs: str) -> dict[bytes, str]:
    """The keys that show one of these signs, in their name or in what they hold."""
    return {key: value[:200] for key, value in held.items() if any(one in f"{key!r} {value}" for one in signs)}


async def identity(opened: OpenStore) -> tuple[ConversationId, VisitorId]:
    (conversation,) = await opened.store.erasure.with_address(MAIL)
    state = await opened.store.conversations.load(conversation)
    assert state is not None
    return conversation, state.session.visitor


async def stranger(made: World, visitor: VisitorId, at: float) -> None:
    """Somebody on the bot who was once taken for them, and is not any more."""
    store, theirs = made.hub.store.store, VisitorId(f"telegram:bot:{OTHER}")
    other = ConversationId(f"telegram:bot:{OTHER}")
    (conversation, _) = await identity(made.hub.store)
    link = followed_link(
        Thread(conversation=other, visitor=theirs, channel="bot"),
        Thread(conversation=conversation, visitor=visitor, channel="web"),
        at=at,
    )
    await store.people.link(link)
    back = taken_back(link, at=at + 1, by="Ann")
    await store.people.link(back)
    await made.hub.hub.accept(look_again(other, PersonId(theirs), back))


async def a_whole_life(made: World) -> tuple[ConversationId, VisitorId]:
    """On the site, in Telegram, as a lead that is claimed, answered, noted on and handed back."""
    hello = f"Hi, I'm Zoe {CANARY}. We handle 400 orders a month and want a demo of the Grow plan."
    await made.post("messages", {"clientId": "message-00000001", "text": hello})
    await made.post("messages", {"clientId": "message-00000002", "text": f"Sure: {MAIL}"})
    await until(lambda: _has_address(made), "the address is stored")
    conversation, visitor = await identity(made.hub.store)
    card = await made.card(conversation)
    left = await made.post("continue", {})
    token = left["url"].rpartition("=")[2]
    made.telegram.text(f"/start {token}", chat=CHAT)
    await made.bot_said(CHAT, 1)
    made.telegram.text(f"It is {CANARY} again: our budget is 2,000 euros a month.", chat=CHAT)
    made.telegram.text("What does the Grow plan cost?", chat=OTHER)
    await made.bot_said(CHAT, 2)
    for chat, name in ((CHAT, f"{CANARY}.pdf"), (OTHER, "neighbour.pdf")):
        made.telegram.document(f"%PDF-1.7 {name}".encode(), name=name, chat=chat)
    await made.bot_said(CHAT, 3)
    await made.bot_said(OTHER, 1)
    await stranger(made, visitor, SystemClock().now())
    card = await made.card(conversation)
    await made.clicks(ANN, card, "claim")
    form = await made.clicks(ANN, card, "reply")
    await made.fills(form=form, who=ANN, text=f"Hello {CANARY}, Ann here.")
    await until(lambda: _rep_said(made, conversation), "the rep's words are in the transcript")
    await until(lambda: _has_file(made), "the file is in the thread")
    return conversation, visitor


async def _has_address(made: World) -> bool:
    return bool(await made.hub.store.store.erasure.with_address(MAIL))


async def _has_file(made: World) -> bool:
    return any(one.shared and CANARY.encode() in (one.content or b"") for one in made.slack.files.values())


async def _rep_said(made: World, conversation: ConversationId) -> bool:
    return bool(await made.lines(conversation, "rep"))


async def _settled(hub: Running) -> bool:
    shards = range(hub.store.describe().shards)
    waiting = [await hub.store.store.outbox.pending(shard) for shard in shards]  # type: ignore[arg-type]
    return not any(waiting)


async def test_that_no_key_and_no_value_tells_of_who_was_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with world(tmp_path, monkeypatch) as made:
        conversation, visitor = await a_whole_life(made)
        store = made.hub.store.store
        await until(lambda: _settled(made.hub), "everything is delivered")
        signs = (CANARY, conversation, visitor, str(CHAT))
        assert len(telling(await everything(made.hub.store), *signs)) > 10
        await erase(store, await trace_of_address(store, MAIL), at=SystemClock().now())
        await until(lambda: _settled(made.hub), "the card is withdrawn")
        assert telling(await everything(made.hub.store), *signs) == {}
        assert telling(await everything(made.hub.store), str(OTHER))
        assert [one for one in made.slack.messages(SALES) if CANARY in str(one)] == []
        assert not await _has_file(made)
    assert CANARY not in caplog.text


async def test_that_whoever_asks_for_it_is_deleted_and_the_files_are_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, monkeypatch) as made:
        conversation, visitor = await a_whole_life(made)
        await until(lambda: _settled(made.hub), "everything is delivered")
        said = made.telegram.messages[CHAT]
        made.telegram.text("/privacy", chat=CHAT)
        await made.bot_said(CHAT, 4)
        assert [row[0]["text"] for row in said[3]["reply_markup"]["inline_keyboard"]] == [
            "Show my data",
            "Delete my data",
        ]
        made.telegram.press(said[3], 0)
        await made.bot_said(CHAT, 5)
        assert "2,000" in said[4]["text"]
        made.telegram.press(said[4], 0)
        await made.bot_said(CHAT, 6)
        made.telegram.press(said[5], 0)
        await made.bot_said(CHAT, 7)
        await until(lambda: _nobody(made), "they are gone")
        await until(lambda: _settled(made.hub), "the card is withdrawn")
        signs = (CANARY, conversation, visitor, str(CHAT))
        assert telling(await everything(made.hub.store), *signs) == {}
        assert [one for one in made.slack.messages(SALES) if CANARY in str(one)] == []
        assert not await _has_file(made)
        await until(lambda: CANARY.encode() not in written(tmp_path), "the files are written anew")


async def _nobody(made: World) -> bool:
    return not await made.hub.store.store.erasure.with_address(MAIL)


async def test_that_a_stranger_begins_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with world(tmp_path, monkeypatch) as made:
        await a_whole_life(made)
        store = made.hub.store.store
        await erase(store, await trace_of_address(store, MAIL), at=SystemClock().now())
        before = len(made.telegram.messages[CHAT])
        made.telegram.text("Good day, what do you sell?", chat=CHAT)
        await made.bot_said(CHAT, before + 1)
        state = await store.conversations.load(ConversationId(f"telegram:bot:{CHAT}"))
        assert state is not None
        assert (state.session.turns, state.lead, state.known_facts) == (1, None, ())
        assert CANARY not in str(made.telegram.messages[CHAT][before])
