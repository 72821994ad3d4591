"""A chat of the website that goes on in Telegram: links that are foreign, used or old show nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count

import pytest

from core.continuing import LIFE, OneTimeLinks
from core.ids import ConversationId, VisitorId, person_of
from core.message import MessageKind
from core.people import Thread
from core.store_ports import Store
from tests.adapters.telegram.bots import Around, around
from tests.adapters.web.harness import HandClock
from tests.core.hub_parts import eventually

SITE = Thread(conversation=ConversationId("web:site:1"), visitor=VisitorId("v.1"), channel="site")


class Shared:
    """One-time links of a store, with a clock that is set by hand."""

    def __init__(self, store: Store) -> None:
        numbers = count(1)
        self.clock = HandClock()
        self.links = OneTimeLinks(store.notes, store.people, self.clock, lambda: f"{next(numbers):032x}")

    async def token(self) -> str:
        found: list[str] = []

        async def minted() -> bool:
            address = await self.links.mint(SITE, channel="bot")
            found.append(address or "")
            return address is not None

        await eventually(minted, "the bot has not said where its chats begin")
        head, _, token = found[-1].rpartition("=")
        assert head == "https://t.me/fern_bot?start"
        return token


@pytest.fixture
def shared(embedded_store: Store) -> Shared:
    return Shared(embedded_store)


@pytest.fixture
async def desk(embedded_store: Store, shared: Shared) -> AsyncIterator[Around]:
    async with around(embedded_store.notes, continuations=shared.links) as running:
        yield running


async def test_that_a_chat_is_taken_up(desk: Around, shared: Shared, embedded_store: Store) -> None:
    update = desk.api.text(f"/start {await shared.token()}")
    for _ in range(2):
        assert await desk.bring(update) == 200
    (message,) = desk.reception.messages
    assert (message.kind, message.continues) == (MessageKind.OPENED, SITE)
    (link,) = await embedded_store.people.links(person_of(SITE.visitor))
    assert (link.left, link.right) == (person_of(message.visitor), person_of(SITE.visitor))


async def test_that_a_link_is_used_up_by_the_first_chat(desk: Around, shared: Shared) -> None:
    token = await shared.token()
    assert await desk.bring(desk.api.text(f"/start {token}")) == 200
    assert await desk.bring(desk.api.text(f"/start {token}", chat=77)) == 200
    first, second = desk.reception.messages
    assert first.continues == SITE
    assert (second.kind, second.continues) == (MessageKind.OPENED, None)
    assert second.conversation != first.conversation


@pytest.mark.parametrize("junk", ["f" * 32, "Ab3_x-9Z", "x" * 64, "-" * 22, "__proto__", "0"])
async def test_that_a_foreign_word_begins_a_chat_like_any(desk: Around, shared: Shared, junk: str) -> None:
    await shared.token()
    assert await desk.bring(desk.api.text(f"/start {junk}")) == 200
    (message,) = desk.reception.messages
    assert (message.kind, message.continues) == (MessageKind.OPENED, None)


async def test_that_an_old_link_begins_a_chat_like_any(desk: Around, shared: Shared) -> None:
    token = await shared.token()
    shared.clock.at += LIFE
    assert await desk.bring(desk.api.text(f"/start {token}")) == 200
    assert desk.reception.messages[0].continues is None


async def test_that_nothing_is_taken_up_before_others(desk: Around, shared: Shared) -> None:
    token = await shared.token()
    assert await desk.bring(desk.api.text(f"/start@fern_bot {token}", chat=-100500, user=42, kind="supergroup")) == 200
    assert all(message.continues is None for message in desk.reception.messages)
    assert await desk.bring(desk.api.text(f"/start {token}")) == 200
    assert desk.reception.messages[-1].continues == SITE, "the link has not been spent by it"


async def test_that_another_bot_does_not_take_it(embedded_store: Store, shared: Shared) -> None:
    await shared.links.begin_at("other", "https://t.me/other_bot?start={token}")
    address = await shared.links.mint(SITE, channel="other")
    assert address is not None
    async with around(embedded_store.notes, continuations=shared.links) as desk:
        assert await desk.bring(desk.api.text(f"/start {address.rpartition('=')[2]}")) == 200
        assert desk.reception.messages[0].continues is None
