"""A prospect's document on its way from Telegram into the thread of their lead."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from core.message import MessageKind
from core.store_ports import Store
from frontdesk.app import running
from frontdesk.clock import SystemClock
from frontdesk.demo.slack import SlackStandIn
from frontdesk.demo.slack_faults import Fault as SlackFault
from frontdesk.demo.slack_faults import resetting
from frontdesk.desk import read_desk
from tests.adapters.telegram.bots import HEADER, SECRET, TOKEN, TOKENS, Around, around
from tests.adapters.telegram.test_talk import write_desk
from tests.adapters.web.harness import serving
from tests.handoff.team import HANDOFF, SALES, until
from tests.handoff.team import SECRET as TEAM_SECRET
from tests.handoff.team import TOKEN as TEAM_TOKEN
from tests.handoff.team import _serving as slack_at
from tests.peers.telegram_api import Fault, TelegramApi

PDF = b"%PDF-1.7 the floor plan of our warehouse"
Bring = Callable[[dict[str, Any]], Awaitable[None]]


@pytest.fixture
async def desk(embedded_store: Store) -> AsyncIterator[Around]:
    async with around(embedded_store.notes) as there:
        yield there


@asynccontextmanager
async def selling(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[TelegramApi, SlackStandIn, Bring]]:
    """A desk with a Telegram bot in front and a sales team in Slack behind it."""
    for name, token in {**TOKENS, "TEAM_BOT_TOKEN": TEAM_TOKEN, "TEAM_SIGNING_SECRET": TEAM_SECRET}.items():
        monkeypatch.setenv(name, token)
    api = TelegramApi(token=TOKEN)
    slack = SlackStandIn(token=TEAM_TOKEN, channels={SALES: "sales-leads"}, clock=SystemClock())
    async with serving(api.routes()) as there, slack_at(slack.application()) as team:
        desk = write_desk(folder, there, "webhook")
        (desk / "handoff.yaml").write_text(HANDOFF.format(api=team))
        async with running(read_desk(desk), port=0) as hub, aiohttp.ClientSession() as http, asyncio.timeout(60):

            async def bring(update: dict[str, Any]) -> None:
                url = f"{hub.address}/channels/telegram/bot"
                async with http.post(url, json=update, headers={HEADER: SECRET}) as answer:
                    assert answer.status == 200

            yield api, slack, bring


def in_thread(slack: SlackStandIn) -> list[dict[str, Any]]:
    return [one for one in slack.messages(SALES) if one.get("thread_ts")]


def with_files(slack: SlackStandIn) -> list[dict[str, Any]]:
    return [one for one in in_thread(slack) if one.get("files")]


async def test_that_a_file_sent_before_there_is_a_lead_reaches_its_thread_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with selling(tmp_path, monkeypatch) as (api, slack, bring):
        sent = api.document(PDF, name="../Halle \u202e3.pdf")
        for _ in range(3):
            await bring(sent)
        await api.until(lambda: bool(api.messages[501]))
        assert "keep the file" in api.messages[501][0]["text"]
        assert slack.messages(SALES) == ()
        await bring(api.text("We are 20 people and want a demo. My address is jo@northwind-robotics.io"))
        await until(lambda: bool(with_files(slack)), "no file in the thread")
        (note,) = with_files(slack)
        (file,) = slack.files.values()
        assert (file.name, file.content, file.shared) == ("Halle 3.pdf", PDF, True)
        assert "Halle 3.pdf" in note["text"]
        card = next(one for one in slack.messages(SALES) if not one.get("thread_ts"))
        assert note["thread_ts"] == card["ts"]
        assert "Halle 3.pdf" in str(card["blocks"])
        assert [method for method, _ in api.calls].count("download") == 1
        ours = [one.getMessage() for one in caplog.records if not one.name.startswith(("aiohttp", "asyncio"))]
        assert not any(TOKEN in line for line in ours)


async def test_that_a_share_of_unknown_outcome_is_not_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with selling(tmp_path, monkeypatch) as (api, slack, bring):
        await bring(api.text("We are 20 people and want a demo. My address is jo@northwind-robotics.io"))
        slack.order("files.completeUploadExternal", resetting(applied=True))
        await bring(api.document(PDF))
        await until(lambda: bool(with_files(slack)), "no file in the thread")
        await bring(api.document(b"%PDF-2", name="second.pdf"))
        await until(lambda: len(with_files(slack)) == 2, "no second file")
        assert [one["files"][0]["name"] for one in with_files(slack)] == ["plan.pdf", "second.pdf"]


@pytest.mark.parametrize(("content", "told"), [(b"MZ a program", "not what it was said to be"), (b"", "not to be had")])
async def test_that_a_file_that_may_not_be_shared_is_named(
    content: bytes, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with selling(tmp_path, monkeypatch) as (api, slack, bring):
        await bring(api.text("We are 20 people and want a demo. My address is jo@northwind-robotics.io"))
        await bring(api.document(content))
        await until(lambda: any(told in str(one["blocks"]) for one in in_thread(slack)), "not named")
        assert slack.files == {}


async def test_that_an_app_without_the_scope_still_tells_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with selling(tmp_path, monkeypatch) as (api, slack, bring):
        slack.order("files.getUploadURLExternal", SlackFault(kind="error", error="missing_scope"))
        await bring(api.text("We are 20 people and want a demo. My address is jo@northwind-robotics.io"))
        await bring(api.document(PDF))
        await until(lambda: any("files:write" in str(one["blocks"]) for one in in_thread(slack)), "not named")


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"file_size": 2_000_000_000}, "up to 10 MB"),
        ({"mime_type": "application/x-msdownload"}, "of this kind"),
        ({"mime_type": ["a"]}, "of this kind"),
        ({"mime_type": None}, "of this kind"),
    ],
)
async def test_that_a_file_that_is_not_taken_is_told_so(desk: Around, document: dict[str, Any], told: str) -> None:
    assert await desk.bring(desk.api.document(PDF, document=document)) == 200
    await desk.api.until(lambda: bool(desk.api.messages[501]))
    assert told in desk.api.messages[501][0]["text"]
    assert desk.reception.messages == []


@pytest.mark.parametrize("reference", ["", "../../getMe", "a b", "x" * 5_000, None, 7, ["a"]])
async def test_that_a_strange_file_id_is_no_file(desk: Around, reference: object) -> None:
    assert await desk.bring(desk.api.document(PDF, document={"file_id": reference})) == 200
    assert desk.reception.messages == []


async def test_that_words_below_a_file_are_a_message_of_their_own(desk: Around) -> None:
    update = desk.api.document(PDF, caption="This is our hall")
    for _ in range(2):
        assert await desk.bring(update) == 200
    edited = {**update["message"], "caption": "This is our new hall", "edit_date": 1_700_000_100}
    assert await desk.bring(desk.api.queue({"edited_message": edited})) == 200
    file, words, edit = desk.reception.messages
    assert (file.kind, file.text, len(file.attachments)) == (MessageKind.FILE, "📎 plan.pdf", 1)
    assert (words.kind, words.text) == (MessageKind.TEXT, "This is our hall")
    assert (edit.kind, edit.about) == (MessageKind.EDITED, words.id)


async def test_that_the_largest_size_of_a_picture_is_taken(desk: Around) -> None:
    sizes = [{"file_id": f"id-{side}", "width": side, "height": side, "file_size": side} for side in (90, 1_280, 320)]
    assert await desk.bring(desk.api.text("", photo=[*sizes, 7])) == 200
    (file,) = desk.reception.messages
    assert [(one.reference, one.media_type) for one in file.attachments] == [("id-1280", "image/jpeg")]


async def test_that_the_bot_says_nothing_of_a_file_while_a_person_answers(desk: Around) -> None:
    desk.reception.person_answers = True
    assert await desk.bring(desk.api.document(PDF)) == 200
    assert len(desk.reception.messages) == 1
    assert desk.api.messages[501] == []


@pytest.mark.parametrize("path", ["../../etc/passwd", "http://evil.example/x", "a//b", "a?b", "", "a/../b"])
async def test_that_a_forged_path_is_not_fetched(desk: Around, path: str) -> None:
    update = desk.api.document(PDF)
    desk.api.paths[update["message"]["document"]["file_id"]] = path
    assert await desk.bring(update) == 200
    (message,) = desk.reception.messages
    assert (await desk.channel.fetch(message.attachments[0])).trouble == "gone"
    assert "download" not in [method for method, _ in desk.api.calls]


async def test_that_telegrams_refusals_are_told_apart(desk: Around) -> None:
    assert await desk.bring(desk.api.document(PDF)) == 200
    (file,) = desk.reception.messages[0].attachments
    desk.api.order("getFile", Fault(status=400, description="Bad Request: file is too big"))
    assert (await desk.channel.fetch(file)).trouble == "too_large"
    desk.api.files.clear()
    assert (await desk.channel.fetch(file)).trouble == "gone"
