"""A person and the bot: what comes in, what goes out, and where it goes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from core.errors import DeliveryParked
from core.message import MessageKind
from tests.adapters.teams.harness import Bot
from tests.peers.bot_framework import APP_ID

BOT = {"id": f"28:{APP_ID}", "name": "Acme Assistant"}


def card_of(activity: dict[str, Any]) -> dict[str, Any]:
    (attachment,) = activity["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card: dict[str, Any] = attachment["content"]
    return card


async def settled(bot: Bot, calls: int) -> None:
    """Until the connector was called so often; what follows an acknowledgement needs a moment."""
    async with asyncio.timeout(5):
        while len(bot.framework.calls) < calls:  # noqa: ASYNC110  the other side of a socket
            await asyncio.sleep(0.005)


async def test_that_a_message_is_stored_then_acknowledged_and_answered_where_it_came_from(bot: Bot) -> None:
    assert await bot.says("Do you do invoices?") == 202
    (message,) = bot.messages
    assert (message.text, message.kind, message.locale) == ("Do you do invoices?", MessageKind.TEXT, "en-US")
    assert (message.conversation, message.visitor) == ("teams:bot:a:one", "teams:bot:29:pat")
    await bot.send("We do **invoices**.")
    (shown,) = bot.framework.messages("a:one")
    assert (shown["text"], shown["textFormat"]) == ("We do **invoices**.", "markdown")
    assert shown["recipient"]["id"] == "29:pat"
    assert shown["from"]["id"] == BOT["id"]
    assert shown["conversation"] == {"id": "a:one", "conversationType": "personal"}


async def test_that_the_visitor_sees_that_an_answer_is_on_its_way_before_it_comes(bot: Bot) -> None:
    await bot.says()
    await bot.send()
    assert [call.activity["type"] for call in bot.framework.calls] == ["typing", "message"]
    await bot.says("And more", id="1700000000002")
    await bot.send(effect="0-2")
    assert [call.activity["type"] for call in bot.framework.calls][2:] == ["message"]


async def test_that_an_activity_delivered_four_times_is_one_message(bot: Bot) -> None:
    statuses = await asyncio.gather(*(bot.says() for _ in range(4)))
    assert statuses == [202] * 4
    assert len(bot.messages) == 1
    assert await bot.says("Another text under the same id") == 202
    assert len(bot.messages) == 1


async def test_that_an_edit_and_a_deletion_name_the_message_as_it_was_first_sent(bot: Bot) -> None:
    await bot.says("We are 20 people")
    first = bot.messages[0]
    for text, at in (("We are 30 people", "2026-01-01T10:00:00Z"), ("We are 20 people", "2026-01-01T10:01:00Z")):
        for _ in range(2):
            assert await bot.says(text, type="messageUpdate", timestamp=at) == 202
    for _ in range(2):
        assert await bot.says(None, type="messageDelete") == 202
    assert [(one.kind, one.text) for one in bot.messages[1:]] == [
        (MessageKind.EDITED, "We are 30 people"),
        (MessageKind.EDITED, "We are 20 people"),
        (MessageKind.DELETED, ""),
    ]
    assert {one.about for one in bot.messages[1:]} == {first.id}
    assert await bot.says("x", type="messageUpdate", **{"from": BOT}) == 200
    assert await bot.says(None, type="messageDelete", id=None) == 200
    assert len(bot.messages) == 4


async def test_that_being_added_opens_a_conversation_once_in_whatever_shape_it_is_told(bot: Bot) -> None:
    added: dict[str, Any] = {"type": "conversationUpdate", "membersAdded": [{"id": "29:pat"}, BOT], "text": None}
    assert await bot.says(**added) == 202
    assert await bot.says(type="installationUpdate", action="add", id="another") == 202
    assert [message.kind for message in bot.messages] == [MessageKind.OPENED]
    assert await bot.says(type="conversationUpdate", membersAdded=[{"id": "29:somebody"}]) == 200
    assert len(bot.messages) == 1


async def test_that_nothing_is_sent_where_the_bot_was_taken_out_until_somebody_writes(bot: Bot) -> None:
    await bot.says()
    assert await bot.says(type="installationUpdate", action="remove") == 200
    with pytest.raises(DeliveryParked, match="taken out"):
        await bot.send()
    await bot.says("I am back", id="1700000000009")
    await bot.send()
    assert len(bot.framework.messages()) == 1


async def test_that_a_press_counts_once_and_the_card_loses_its_buttons(bot: Bot) -> None:
    await bot.says()
    await bot.send("Which one?", buttons=("Pricing", "A demo"))
    card = card_of(bot.framework.messages()[-1])
    assert [action["title"] for action in card["actions"]] == ["Pricing", "A demo"]
    press = {"text": None, "value": card["actions"][1]["data"], "replyToId": "s2", "id": "1700000000003"}
    calls = len(bot.framework.calls)
    assert await bot.says(**press) == 202
    assert (bot.messages[-1].text, bot.messages[-1].kind) == ("A demo", MessageKind.BUTTON)
    await settled(bot, calls + 1)
    (update,) = [call for call in bot.framework.calls if call.method == "PUT"]
    assert update.shown == "s2"
    closed = card_of(update.activity)
    assert "actions" not in closed
    assert closed["body"][0] == card["body"][0]
    assert "A demo" in str(closed["body"][-1])
    for choice in (0, 1):
        again = {**press, "value": {**card["actions"][choice]["data"]}, "id": f"again-{choice}"}
        assert await bot.says(**again) == 200
    assert len(bot.messages) == 2


async def test_that_a_card_of_buttons_alone_goes_after_a_press(bot: Bot) -> None:
    await bot.says()
    await bot.send("Long. " * 900, buttons=("Pricing",))
    shown = bot.framework.messages()
    assert shown[0]["text"].startswith("Long.")
    card = card_of(shown[-1])
    assert card["body"] == []
    calls = len(bot.framework.calls)
    await bot.says(text=None, value=card["actions"][0]["data"], replyToId="s9", id="p1")
    await settled(bot, calls + 1)
    assert [call.shown for call in bot.framework.calls if call.method == "DELETE"] == ["s9"]


async def test_that_an_invoked_action_is_answered_with_the_card_in_the_response(bot: Bot) -> None:
    await bot.says()
    await bot.send("Which one?", buttons=("Pricing",))
    data = card_of(bot.framework.messages()[-1])["actions"][0]["data"]
    action = {"action": {"type": "Action.Execute", "verb": "press", "data": data}}
    invoke = bot.framework.activity(type="invoke", name="adaptiveCard/action", value=action, id="i1", text=None)
    status, body = await bot.post(invoke)
    assert (status, body["statusCode"]) == (200, 200)
    assert body["type"] == "application/vnd.microsoft.card.adaptive"
    assert "Pricing" in str(body["value"]["body"][-1])
    assert bot.messages[-1].text == "Pricing"
    status, body = await bot.post({**invoke, "id": "i2"})
    assert (status, body["statusCode"], body["type"]) == (200, 410, "application/vnd.microsoft.error")
    assert len(bot.messages) == 2


async def test_that_a_card_works_in_its_own_chat_alone(bot: Bot) -> None:
    await bot.says()
    await bot.send("Which one?", buttons=("Pricing",))
    data = card_of(bot.framework.messages()[-1])["actions"][0]["data"]
    other = {**bot.framework.activity()["conversation"], "id": "a:two"}
    assert await bot.says(text=None, value=data, conversation=other, id="p1") == 200
    assert len(bot.messages) == 1


async def test_that_a_group_is_answered_only_where_the_bot_is_mentioned(bot: Bot) -> None:
    group = {"id": "19:team@thread.tacv2;messageid=17", "conversationType": "channel"}
    group["tenantId"] = bot.framework.activity()["conversation"]["tenantId"]
    mention = {"type": "mention", "mentioned": BOT, "text": "<at>Acme Assistant</at>"}
    assert await bot.says("Just us here", conversation=group) == 200
    text = "<at>Acme Assistant</at> what does it cost?"
    assert await bot.says(text, conversation=group, entities=[mention], id="g2") == 202
    (message,) = bot.messages
    assert message.text == "what does it cost?"
    assert message.conversation == "teams:bot:19:team@thread.tacv2;messageid=17"
