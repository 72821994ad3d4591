"""Deliveries: the platform's limits, its refusals by class, and what may have arrived."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from core.errors import DeliveryDelayed, DeliveryParked, DeliveryUncertain
from core.ids import ConversationId
from core.store_ports import Store
from tests.adapters.teams.harness import HELLO, Bot, reply, running_bot, settings
from tests.peers.bot_framework import Call


@pytest.fixture
async def known(bot: Bot) -> Bot:
    """The bot, known to one conversation; the typing that follows a message is over."""
    await bot.says()
    async with asyncio.timeout(5):
        while not bot.framework.calls:  # noqa: ASYNC110  the other side of a socket
            await asyncio.sleep(0.005)
    bot.framework.calls.clear()
    bot.ticks.at += 60
    return bot


def answering(
    *statuses: int, code: str = "", headers: dict[str, str] | None = None
) -> Callable[[web.Request], Awaitable[web.StreamResponse | None]]:
    """Each status once, then success."""
    left = list(statuses)

    async def fault(_request: web.Request) -> web.StreamResponse | None:
        if not left:
            return None
        return web.json_response({"error": {"code": code}}, status=left.pop(0), headers=headers)

    return fault


@pytest.mark.parametrize("status", [412, 429, 502, 503, 504])
async def test_that_a_passing_refusal_delays_and_the_chat_rests_as_long_as_it_was_told(known: Bot, status: int) -> None:
    known.framework.fault = answering(status, headers={"Retry-After": "7"})
    with pytest.raises(DeliveryDelayed) as caught:
        await known.send()
    assert caught.value.retry_after == 7
    with pytest.raises(DeliveryDelayed):
        await known.send()
    known.ticks.at += 7
    await known.send()
    assert len(known.framework.messages()) == 1


async def test_that_one_chats_refusal_holds_no_other_up(known: Bot) -> None:
    other = {**known.framework.activity()["conversation"], "id": "a:two"}
    await known.says(conversation=other, id="o1", type="installationUpdate", action="add")
    known.framework.fault = answering(429, headers={"Retry-After": "30"})
    with pytest.raises(DeliveryDelayed):
        await known.send()
    at = known.ticks.at
    await known.channel.send(ConversationId("teams:bot:a:two"), reply(), effect="0-2", again=False)
    assert known.ticks.at == at
    assert len(known.framework.messages("a:two")) == 1


@pytest.mark.parametrize(
    ("status", "code"), [(400, "BadSyntax"), (404, "ConversationNotFound"), (413, "Too-Big"), (301, "")]
)
async def test_that_a_lasting_refusal_is_kept_for_a_person(known: Bot, status: int, code: str) -> None:
    known.framework.fault = answering(status, code=code)
    with pytest.raises(DeliveryParked, match=str(status)) as caught:
        await known.send("Words of ours")
    assert "Words of ours" not in str(caught.value)


async def test_that_where_the_bot_is_blocked_nothing_is_tried_until_somebody_writes(known: Bot) -> None:
    known.framework.fault = answering(403, code="MessageWritesBlocked")
    with pytest.raises(DeliveryParked, match="MessageWritesBlocked"):
        await known.send()
    with pytest.raises(DeliveryParked, match="until somebody writes"):
        await known.send()
    assert not known.framework.messages()
    await known.says("Unblocked", id="n2")
    await known.send()
    assert len(known.framework.messages()) == 1


async def test_that_a_token_is_fetched_once_renewed_before_its_end_and_replaced_when_it_is_refused(known: Bot) -> None:
    await asyncio.gather(*(known.send(effect=f"0-{number}") for number in range(3)))
    assert len(known.framework.tokens) == 1
    known.ticks.at += known.framework.token_life - 299
    await known.send(effect="0-4")
    assert len(known.framework.tokens) == 2
    known.framework.tokens.append("taken back by Microsoft")
    await known.send(effect="0-5")
    assert len(known.framework.messages()) == 5


async def test_that_wrong_credentials_are_named_and_nothing_is_lost(known: Bot) -> None:
    known.ticks.at += 7_200
    known.framework.password = "another one"
    with pytest.raises(DeliveryParked, match="app_password"):
        await known.send()
    known.framework.password = settings(known.framework).app_password.reveal()
    await known.send()
    assert len(known.framework.messages()) == 1


async def test_that_a_connector_that_is_not_reached_is_tried_later(embedded_store: Store) -> None:
    async with running_bot(embedded_store) as bot:
        await bot.says()
        kept = await bot.notes.get("bot", "at.a:one")
        assert kept is not None
        await bot.notes.put("bot", "at.a:one", kept.replace(bot.framework.host, "127.0.0.1:9"), life=60)
        with pytest.raises(DeliveryParked, match="not on the list"):
            await bot.send()
    async with running_bot(embedded_store, service_hosts=["127.0.0.1:9"]) as bot:
        with pytest.raises(DeliveryDelayed, match="could not be reached"):
            await bot.send()


async def accept_then_reset(bot: Bot, request: web.Request) -> web.StreamResponse | None:
    """Take the message, and go without a word."""
    chat = request.match_info["chat"]
    bot.framework.calls.append(Call(bot.ticks.at, request.method, chat, "", await request.json()))
    assert request.transport is not None
    request.transport.abort()
    return None


async def test_that_what_may_have_arrived_is_never_sent_again(known: Bot) -> None:
    async def fault(request: web.Request) -> web.StreamResponse | None:
        await accept_then_reset(known, request)
        return web.Response(status=201)

    known.framework.fault = fault
    for number in range(1_000):
        known.ticks.at += 4
        with pytest.raises(DeliveryUncertain):
            await known.send(effect=f"0-{number}")
        with pytest.raises(DeliveryUncertain):
            await known.send(effect=f"0-{number}", again=True)
    assert len(known.framework.messages()) == 1_000


@pytest.mark.parametrize("status", [500, 501, 520])
async def test_that_an_unclear_answer_is_a_doubt(known: Bot, status: int) -> None:
    known.framework.fault = answering(status)
    with pytest.raises(DeliveryUncertain):
        await known.send()


async def test_that_of_a_reply_of_several_messages_a_retry_sends_the_rest_alone(known: Bot) -> None:
    text = "\n\n".join(f"Part {number}. " + "words " * 1_500 for number in range(4))
    count, seen = 0, []

    async def fault(request: web.Request) -> web.StreamResponse | None:
        nonlocal count
        count += 1
        seen.append((await request.json())["text"][:7])
        return web.json_response({}, status=429) if count == 2 else None

    known.framework.fault = fault
    with pytest.raises(DeliveryDelayed):
        await known.send(text)
    known.ticks.at += 5
    await known.send(text)
    shown = [message["text"][:7] for message in known.framework.messages()]
    assert len(shown) == len(set(shown)) >= 2
    assert len(seen) == len(shown) + 1


async def test_that_ten_thousand_queued_messages_keep_every_limit(embedded_store: Store) -> None:
    """A fake that enforces the real limits on the same clock: no refusal at all, and everything arrives."""
    async with running_bot(embedded_store) as bot:
        bot.framework.enforcing = True
        chats = [f"a:{number}" for number in range(200)]
        for chat in chats:
            conversation = {**bot.framework.activity()["conversation"], "id": chat}
            await bot.says(conversation=conversation, type="installationUpdate", action="add", text=None)
        left = {chat: list(range(50)) for chat in chats}
        effects = itertools.count()
        while any(left.values()):
            for chat, numbers in left.items():
                if numbers and await sent(bot, chat, f"1-{next(effects)}"):
                    numbers.pop()
            bot.ticks.at += 0.05
        assert not bot.framework.violations
        assert len(bot.framework.messages()) == 10_000


async def sent(bot: Bot, chat: str, effect: str) -> bool:
    """Whether it went; a chat that has to rest stays where it is, and the others go on."""
    try:
        await bot.channel.send(ConversationId(f"teams:bot:{chat}"), reply(), effect=effect, again=False)
    except DeliveryDelayed:
        return False
    return True


async def test_that_a_chat_that_has_had_its_seven_goes_back_to_its_queue(known: Bot) -> None:
    for number in range(7):
        await known.send(effect=f"0-{number}")
    with pytest.raises(DeliveryDelayed) as caught:
        await known.send(effect="0-8")
    assert 1.0 <= caught.value.retry_after < 1.5
    known.ticks.at += 0.5
    before = known.ticks.at
    await known.send(effect="0-8")
    assert 0 < known.ticks.at - before <= 1.0


async def test_that_what_is_remembered_of_a_chat_goes_with_it(known: Bot) -> None:
    await known.send(buttons=("Setup time", "Prices"))
    assert await known.notes.forget(HELLO) == 2  # where it is, and what its buttons stand for
    with pytest.raises(DeliveryParked, match="cannot be reached"):
        await known.send()
    await known.says("Hello again")
    await known.send()
