"""Whatever is logged on the way of a message is known to be about its conversation."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from core.about import CONVERSATION
from core.errors import DeliveryParked
from core.store_ports import Store
from tests.contracts.builders import new_conversation
from tests.core.hub_parts import Sales, eventually, running_hub, said


class Notes(logging.Handler):
    """Keeps of each record what it was about."""

    def __init__(self) -> None:
        super().__init__()
        self.about: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.about.append((record.getMessage(), CONVERSATION.get()))

    def of(self, words: str) -> list[str]:
        return [conversation for message, conversation in self.about if words in message]


@pytest.fixture
def notes() -> Iterator[Notes]:
    handler, logger = Notes(), logging.getLogger("core")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


async def test_that_turns_side_by_side_are_about_their_own(embedded_store: Store, notes: Notes) -> None:
    conversations = [new_conversation() for _ in range(3)]
    async with running_hub(embedded_store) as hub:
        for conversation in conversations:
            await hub.accept(said(conversation, "fail"))
        await eventually(lambda: hub.counts.replies["web", "bot"] == 3, "no apologies")
    assert sorted(notes.of("the engine failed")) == sorted(conversations)


async def test_that_a_delivery_is_about_the_conversation_it_is_for(embedded_store: Store, notes: Notes) -> None:
    conversation = new_conversation()
    async with running_hub(embedded_store, sales=Sales(DeliveryParked("refused"))) as hub:
        await hub.accept(said(conversation, "lead"))
        await eventually(lambda: bool(notes.of("parked until mended")), "nothing was parked")
    assert notes.of("parked until mended") == [conversation]
