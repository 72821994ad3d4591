"""Replies on their way to Slack: each once, also when nobody knows whether it arrived."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.errors import DeliveryDelayed, DeliveryParked, DeliveryUncertain
from core.ids import ConversationId
from core.reply import Mode, Reply
from core.store_ports import Store
from frontdesk.demo.slack import BOT_USER
from frontdesk.demo.slack_faults import failing, rate_limited, refusing, resetting
from tests.adapters.slack.workspace import DIRECT, ROOM, Around, around, event, press

REPLY = Reply(main_text="Two plans.", mode=Mode.LEAD, buttons=("Compare plans", "Book a demo"))
TALK = ConversationId(f"slack:shared:{DIRECT}")
THREAD = ConversationId(f"slack:shared:{ROOM}:1700000200.000001")


@pytest.fixture
async def desk(embedded_store: Store) -> AsyncIterator[Around]:
    async with around(embedded_store.notes) as found:
        yield found


async def test_that_a_reply_goes_to_where_it_was_said(desk: Around) -> None:
    await desk.channel.send(TALK, REPLY, effect="1-1", again=False)
    await desk.channel.send(THREAD, REPLY, effect="1-2", again=False)
    (direct,), (threaded,) = desk.slack.messages(DIRECT), desk.slack.messages(ROOM)
    assert direct["text"] == "Two plans."
    assert "thread_ts" not in direct
    assert threaded["thread_ts"] == "1700000200.000001"


@pytest.mark.parametrize("conversation", [TALK, THREAD])
async def test_that_a_doubtful_reply_is_looked_up_and_not_said_twice(
    desk: Around, conversation: ConversationId
) -> None:
    if conversation == THREAD:
        await desk.channel.send(conversation, REPLY, effect="0-1", again=False)
        desk.slack.channels[ROOM].messages.append({"ts": "1700000200.000001", "text": "called", "user": "U0VISITOR"})
    for fault, arrived in ((resetting(applied=True), True), (resetting(), False), (failing(500), False)):
        effect = f"{fault.kind}-{arrived}"
        before = len(desk.slack.messages(DIRECT)) + len(desk.slack.messages(ROOM))
        desk.slack.order("chat.postMessage", fault)
        with pytest.raises((DeliveryUncertain, DeliveryDelayed)):
            await desk.channel.send(conversation, REPLY, effect=effect, again=False)
        await desk.channel.send(conversation, REPLY, effect=effect, again=True)
        await desk.channel.send(conversation, REPLY, effect=effect, again=True)
        assert len(desk.slack.messages(DIRECT)) + len(desk.slack.messages(ROOM)) == before + 1


async def test_that_a_limit_holds_up_its_own_channel_only(desk: Around) -> None:
    desk.slack.order("chat.postMessage", rate_limited("30"))
    with pytest.raises(DeliveryDelayed) as limited:
        await desk.channel.send(TALK, REPLY, effect="1-1", again=False)
    assert limited.value.retry_after == 30
    with pytest.raises(DeliveryDelayed):
        await desk.channel.send(TALK, REPLY, effect="1-1", again=False)
    assert len([call for call in desk.slack.calls if call.method == "chat.postMessage"]) == 1, "asked while limited"
    await desk.channel.send(THREAD, REPLY, effect="1-2", again=False)
    assert len(desk.slack.messages(ROOM)) == 1


@pytest.mark.parametrize(
    "word", ["invalid_auth", "is_archived", "channel_not_found", "missing_scope", "not_in_channel"]
)
async def test_that_a_lasting_refusal_is_parked(desk: Around, word: str) -> None:
    desk.slack.order("chat.postMessage", refusing(word))
    with pytest.raises(DeliveryParked, match=word):
        await desk.channel.send(TALK, REPLY, effect="1-1", again=False)


@pytest.mark.parametrize("name", ["web:x", "slack:shared:", "slack:shared:C0A:yesterday", "slack:shared:not an id"])
async def test_that_a_reply_to_nowhere_is_parked(desk: Around, name: str) -> None:
    with pytest.raises(DeliveryParked):
        await desk.channel.send(ConversationId(name), REPLY, effect="1-1", again=False)


async def test_that_a_press_takes_the_buttons_away(desk: Around) -> None:
    await desk.channel.send(TALK, REPLY, effect="1-1", again=False)
    (message,) = desk.slack.messages(DIRECT)
    version = desk.slack.version
    assert await desk.caller.send(press(message, 1), form=True) == 200
    await desk.slack.changed(after=version)
    (message,) = desk.slack.messages(DIRECT)
    assert [block["type"] for block in message["blocks"]] == ["section", "context"]
    assert desk.reception.messages[-1].text == "Book a demo"


async def test_that_the_bot_does_not_talk_to_itself(desk: Around) -> None:
    await desk.channel.send(TALK, REPLY, effect="1-1", again=False)
    (own,) = desk.slack.messages(DIRECT)
    await desk.caller.send(event(own["text"], user=BOT_USER, bot_id=own["bot_id"]))
    assert desk.reception.messages == []
