"""A rep's file on the bridge, from the thread to the visitor's chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from frontdesk.demo.slack import TEAM
from frontdesk.demo.slack_files import UploadedFile
from tests.handoff.team import ANN, SALES, until
from tests.scenarios.test_erased import CHAT, World, world

PDF = b"%PDF-1.7 our offer"
TALK = f"telegram:bot:{CHAT}"


@pytest.fixture
async def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with world(tmp_path, monkeypatch) as found:
        yield found


async def on_the_bridge(made: World) -> dict[str, Any]:
    """A visitor in Telegram whose lead's bridge is on; its card."""
    made.telegram.text("We are 20 people and want a demo. My address is jo@northwind-robotics.io", chat=CHAT)
    card = await made.card(TALK)
    await made.clicks(ANN, card, "bridge_on")

    async def bridged() -> bool:
        lead = await made.lead(TALK)
        return lead is not None and lead.bridged

    await until(bridged, "no bridge")
    return card


async def put(made: World, card: dict[str, Any], text: str = "", **file: Any) -> dict[str, Any]:
    """Ann puts a file into the thread; the message."""
    made.slack.files["F0OFFER"] = UploadedFile(name="offer.pdf", length=len(PDF), content=PDF, shared=True)
    held = {"id": "F0OFFER", "name": "../offer.pdf", "mimetype": "application/pdf", "size": len(PDF), **file}
    message = {"user": ANN.id, "subtype": "file_share", "files": [held], "thread_ts": card["ts"], "text": text}
    sent = made.slack.foreign_message(SALES, **message)
    for _ in range(2):  # Slack tells twice
        await made.people.tell({**sent, "channel": SALES, "channel_type": "channel", "team": TEAM})
    return sent


async def test_that_a_file_and_its_words_reach_the_visitor_once(made: World) -> None:
    card = await on_the_bridge(made)
    await put(made, card, "Here is the offer")

    async def arrived() -> bool:
        return bool(made.telegram.documents[CHAT])

    await until(arrived, "no file", within=20.0)
    assert made.telegram.documents[CHAT] == [("offer.pdf", PDF)]
    assert await made.lines(TALK, "rep") == ["Here is the offer", "📎 offer.pdf"]
    await until(lambda: any("📎 offer.pdf" in note for note in made.thread(card)), "the thread was not told")
    assert not any("stays in the thread" in one.text for one in made.slack.whispers)


async def test_that_deleting_the_message_takes_its_file_back(made: World) -> None:
    card = await on_the_bridge(made)
    sent = await put(made, card)
    await until(lambda: any("offer.pdf" in one.text for one in made.slack.whispers), "nothing to undo")
    await made.people.edit(ANN.id, SALES, sent["ts"], "")

    async def taken_back() -> bool:
        state = await made.hub.store.store.conversations.load((await made.lead(TALK)).conversation)  # type: ignore[union-attr]
        return state is not None and not state.session.to_say

    await until(taken_back, "it still waits")
    assert made.telegram.documents[CHAT] == []
    assert await made.lines(TALK, "rep") == []


@pytest.mark.parametrize("file", [{"size": 20_000_001}, {"size": None}, {"mimetype": "text/html"}, {"id": "../F0"}])
async def test_that_a_file_that_is_not_passed_on_stays_and_its_rep_is_told(made: World, file: dict[str, Any]) -> None:
    card = await on_the_bridge(made)
    await put(made, card, **file)
    await until(lambda: any("stays in the thread" in one.text for one in made.slack.whispers), "nobody was told")
    state = await made.hub.store.store.conversations.load((await made.lead(TALK)).conversation)  # type: ignore[union-attr]
    assert state is not None
    assert state.session.to_say == ()
