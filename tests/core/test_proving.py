"""One-time codes over a real store and hub: who has an address is known again, and nobody is by typing it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import pytest

from core.delivery import Doors
from core.errors import DeliveryDelayed
from core.fact import Field, Standing
from core.ids import ConversationId, MessageId, VisitorId, person_of
from core.ledger import fold
from core.message import InboundMessage, MessageKind
from core.one_time_code import LIFE, OneTimeCodes
from core.people import Proof, Thread, standing_links
from core.proof_desk import ProofDesk
from core.proving import MOST_TO_AN_ADDRESS, CodeSender, proved
from core.session import ConversationState
from core.store_ports import Store
from core.turn import ProveAddress, SendCode, TurnOutcome
from frontdesk.mind import phrases_in
from profiles.wishes import shipped_wishes
from tests.contracts.builders import new_conversation
from tests.core.hub_parts import ToldClock, eventually, make_hub
from tests.core.talking import NOON, example_engine

CODES = OneTimeCodes(b"a key that is only for tests, 32+", "default")
_numbers = count(1)


class Mailbox:
    """A `CodePost` that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str]] = []
        self.away: list[DeliveryDelayed] = []

    async def post(self, address: str, code: str, *, language: str, minutes: int) -> None:
        assert (language, minutes) == ("en", 10)
        if self.away:
            raise self.away.pop()
        self.mails.append((address, code))


class House:
    """A hub whose visitors can show who they are."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = ToldClock(NOON)
        self.mailbox = Mailbox()
        self.turns: dict[ConversationId, list[TurnOutcome]] = {}
        desk = ProofDesk(example_engine(), CODES, shipped_wishes(), phrases_in, transcript_channels=frozenset({"web"}))
        sender = CodeSender(CODES, self.mailbox, store.tries, self.clock)
        self.hub = make_hub(
            store,
            engine=desk,
            doors=Doors(channels={}, sink=None, codes=sender),
            observe=self._observe,
            clock=self.clock,
        )

    def _observe(self, _before: ConversationState, outcome: TurnOutcome) -> None:
        self.turns.setdefault(outcome.state.session.conversation, []).append(outcome)

    async def mail_to(self, address: str, mails: int = 1) -> str:
        def codes() -> list[str]:
            return [code for to, code in self.mailbox.mails if to == address]

        await eventually(lambda: len(codes()) >= mails, f"no mail came to {address}")
        return codes()[-1]


class Chat:
    def __init__(self, house: House) -> None:
        self.house = house
        self.thread = Thread(conversation=new_conversation(), visitor=VisitorId(f"v.{next(_numbers)}"), channel="web")

    @property
    def turns(self) -> list[TurnOutcome]:
        return self.house.turns.get(self.thread.conversation, [])

    async def says(self, text: str) -> TurnOutcome:
        self.house.clock.at += 61
        at = self.house.clock.at
        await self.house.hub.accept(
            InboundMessage(
                id=MessageId(f"{self.thread.conversation}.{next(_numbers)}"),
                channel="web",
                conversation=self.thread.conversation,
                visitor=self.thread.visitor,
                kind=MessageKind.TEXT,
                text=text,
                at=at,
            )
        )

        def answers() -> list[TurnOutcome]:
            return [one for one in self.turns if one.state.session.last_at == at]

        await eventually(lambda: bool(answers()), "there was no turn")
        return answers()[0]

    async def shows(self, address: str) -> None:
        """Asks to be known, and types the code that came."""
        before = sum(to == address for to, _ in self.house.mailbox.mails)
        await self.says("I have talked with your assistant before, do you remember me?")
        offered = self.turns[-1].state.session.pending_question
        assert offered == "proof.offer", offered
        outcome = await self.says("yes")
        if outcome.state.session.pending_question == "proof.address":
            await self.says(address)
        await self.says(await self.house.mail_to(address, before + 1))
        await eventually(lambda: any(one.state.session.person for one in self.turns), "nobody was recognised")


@asynccontextmanager
async def open_house(store: Store) -> AsyncIterator[House]:
    house = House(store)
    await house.hub.start()
    try:
        yield house
    finally:
        await house.hub.stop()


async def test_that_who_shows_an_address_in_two_chats_goes_on_where_they_stopped(embedded_store: Store) -> None:
    address = "mara.lind@hafen.example"
    async with open_house(embedded_store) as house:
        first, second = Chat(house), Chat(house)
        await first.says("We are a team of 40 support agents and we use Zendesk.")
        await first.shows(address)
        await second.shows(address)
        await eventually(lambda: "Zendesk" in _said(second), f"it was not taken up: {_said(second)}")
        assert Field.TEAM_SIZE in fold(second.turns[-1].state.known_facts)
        links = standing_links(await house.store.people.links(CODES.holder(address)))
        assert {link.proof for link in links} == {Proof.ONE_TIME_CODE}
        assert {link.left for link in links} == {person_of(one.thread.visitor) for one in (first, second)}
        mails = [fact for fact in second.turns[-1].state.known_facts if fact.field is Field.EMAIL]
        assert any(fact.standing is Standing.VERIFIED and fact.value == address for fact in mails)


async def test_that_who_only_types_an_address_is_shown_nothing(embedded_store: Store) -> None:
    address = "olek.brandt@hafen.example"
    async with open_house(embedded_store) as house:
        owner, other = Chat(house), Chat(house)
        await owner.says("We are a team of 40 support agents and we use Zendesk.")
        await owner.shows(address)
        await other.says(f"I have talked with you guys before, my address is {address}")
        await other.says("yes")
        right = await house.mail_to(address, 2)
        await other.says(f"{(int(right) + 1) % 10**6:06d}")
        await other.says("So what do you know about me?")
        assert "Zendesk" not in _said(other)
        assert Field.TEAM_SIZE not in fold(other.turns[-1].state.known_facts)
        assert other.turns[-1].state.session.person is None


async def test_that_who_gave_an_address_without_showing_it_is_linked_to_nobody(embedded_store: Store) -> None:
    address = "ines.vogt@hafen.example"
    async with open_house(embedded_store) as house:
        stranger, owner = Chat(house), Chat(house)
        await stranger.says(f"We use Gorgias and our budget is 9,000 euros a month. Write to {address}")
        await owner.shows(address)
        await owner.says("So what do you know about me?")
        assert "Gorgias" not in _said(owner)


async def test_that_nobodys_mailbox_is_flooded_and_a_late_code_is_not_sent(embedded_store: Store) -> None:
    clock, mailbox = ToldClock(NOON), Mailbox()
    sender = CodeSender(CODES, mailbox, embedded_store.tries, clock)
    address = "flood@hafen.example"

    def effect(number: int) -> SendCode:
        return SendCode(conversation=ConversationId(f"c.{number}"), address=address, language="en", at=NOON)

    sent = [await sender.send(effect(number)) for number in range(MOST_TO_AN_ADDRESS + 3)]
    assert sent == [True] * MOST_TO_AN_ADDRESS + [False] * 3
    assert len({code for _, code in mailbox.mails}) > 1
    clock.at += LIFE
    other = SendCode(conversation=ConversationId("c.9"), address="late@hafen.example", language="en", at=NOON)
    assert not await sender.send(other)


async def test_that_attempts_at_a_server_that_is_away_use_nothing_up(embedded_store: Store) -> None:
    mailbox = Mailbox()
    sender = CodeSender(CODES, mailbox, embedded_store.tries, ToldClock(NOON))
    effect = SendCode(conversation=ConversationId("c.1"), address="away@hafen.example", language="en", at=NOON)
    for _ in range(2 * MOST_TO_AN_ADDRESS):
        mailbox.away.append(DeliveryDelayed("away", retry_after=1.0))
        with pytest.raises(DeliveryDelayed):
            await sender.send(effect)
    assert await sender.send(effect)
    assert len(mailbox.mails) == 1


async def test_that_a_proof_that_is_told_twice_is_the_same_word(embedded_store: Store) -> None:
    holder = CODES.holder("twice@hafen.example")

    def effect(name: str, at: float) -> ProveAddress:
        thread = Thread(conversation=ConversationId(name), visitor=VisitorId(f"v:{name}"), channel="web")
        return ProveAddress(thread=thread, address="twice@hafen.example", holder=holder, at=at)

    first = await proved(embedded_store, effect("c.1", NOON))
    assert first.continues is None
    once = await proved(embedded_store, effect("c.2", NOON + 9))
    assert once == await proved(embedded_store, effect("c.2", NOON + 9))
    assert once.continues is not None
    assert once.continues.conversation == ConversationId("c.1")


def _said(chat: Chat) -> str:
    return "\n".join(one.reply.main_text for one in chat.turns if one.reply)
