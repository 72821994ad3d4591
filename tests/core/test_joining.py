"""A web chat that goes on in another channel, over a real store and hub: one person, one lead, nothing for others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from core.continuing import LIFE, OneTimeLinks
from core.errors import StoreUnavailable
from core.fact import Field
from core.follow_up import FollowUpPolicy, planned
from core.hub import Hub
from core.ids import ConversationId, MessageId, VisitorId, lead_of, person_of
from core.joining import look_again, told_message
from core.lead import Lead
from core.ledger import fold
from core.message import InboundMessage, MessageKind
from core.people import Identity, Thread, standing_links, taken_back, user_of
from core.rep import NoteKind
from core.same_address import looked_up
from core.session import ConversationState, FollowUps
from core.store_ports import AcceptStatus, Store
from core.turn import CompareAddress, TellTeam, TellThread, TurnOutcome, TurnView
from tests.contracts.builders import home, new_conversation
from tests.core.hub_parts import Sales, ToldClock, altered, eventually, make_hub
from tests.core.talking import NOON, example_engine

ADDRESS = "https://t.example/bot?start={token}"
_numbers = count(1)


class House:
    """A hub with the example engine and a sales channel, and its one-time links."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = ToldClock(NOON)
        self.sales = Sales()
        self.turns: dict[ConversationId, list[TurnOutcome]] = {}
        self.links = OneTimeLinks(store.notes, store.people, self.clock, lambda: f"{next(_numbers):032x}")
        self.hub = self.new_hub("w1")

    def new_hub(self, worker: str, store: Store | None = None) -> Hub:
        return make_hub(
            store or self.store,
            worker,
            engine=example_engine(),
            sales=self.sales,
            observe=self._observe,
            clock=self.clock,
        )

    def _observe(self, _before: ConversationState, outcome: TurnOutcome) -> None:
        self.turns.setdefault(outcome.state.session.conversation, []).append(outcome)

    def of(self, chat: Chat) -> list[TurnOutcome]:
        return self.turns.get(chat.thread.conversation, [])

    async def lead(self, chat: Chat) -> Lead | None:
        return await self.store.leads.load(lead_of(chat.thread.conversation))

    async def lead_that(self, chat: Chat, true: Callable[[Lead], bool]) -> Lead:
        async def so() -> bool:
            found = await self.lead(chat)
            return found is not None and true(found)

        await eventually(so, f"the lead of {chat.thread.channel} did not become so: {await self.lead(chat)}")
        found = await self.lead(chat)
        assert found is not None
        return found


class Chat:
    """Somebody in one channel."""

    def __init__(self, house: House, channel: str) -> None:
        self.house = house
        self.thread = Thread(
            conversation=new_conversation(), visitor=VisitorId(f"{channel}.{next(_numbers)}"), channel=channel
        )

    async def says(self, text: str) -> TurnOutcome:
        return await self.send(self.message(MessageKind.TEXT, text))

    async def opens(self, token: str = "") -> TurnOutcome:
        message = self.message(MessageKind.OPENED, "")
        return await self.send(await self.house.links.redeem(token, message))

    async def token_for(self, channel: str = "telegram") -> str:
        await self.house.links.begin_at(channel, ADDRESS)
        address = await self.house.links.mint(self.thread, channel=channel)
        assert address is not None
        return address.rpartition("=")[2]

    def message(self, kind: MessageKind, text: str, **more: Any) -> InboundMessage:
        self.house.clock.at += 20
        return InboundMessage(
            id=MessageId(f"{self.thread.conversation}.{next(_numbers)}"),
            channel=self.thread.channel,
            conversation=self.thread.conversation,
            visitor=self.thread.visitor,
            kind=kind,
            text=text,
            at=self.house.clock.at,
            **more,
        )

    async def send(self, message: InboundMessage) -> TurnOutcome:
        """Returns after the turn, so that no two messages share one. What other threads tell has turns of its own."""
        await self.house.hub.accept(message)

        def answers() -> list[TurnOutcome]:
            return [one for one in self.house.of(self) if one.state.session.last_at == message.at]

        await eventually(lambda: bool(answers()), "there was no turn")
        return answers()[0]


@asynccontextmanager
async def open_house(store: Store) -> AsyncIterator[House]:
    house = House(store)
    await house.hub.start()
    try:
        yield house
    finally:
        await house.hub.stop()


def text_of(outcome: TurnOutcome) -> str:
    return outcome.reply.main_text if outcome.reply else ""


async def test_that_a_chat_goes_on_where_it_stopped(embedded_store: Store) -> None:
    async with open_house(embedded_store) as house:
        site, phone = Chat(house, "web"), Chat(house, "telegram")
        await site.says("We are a team of 40 support agents and we use Zendesk.")
        greeted = await phone.opens(await site.token_for())
        assert "Zendesk" in text_of(greeted)
        assert "40" in text_of(greeted)
        assert greeted.state.facts == (), "they lie where they were said"
        answered = await phone.says("What does it cost?")
        assert Field.TEAM_SIZE in fold(answered.state.known_facts)
        await site.says("By the way, our budget is 2,000 euros a month.")
        later = await phone.says("And how long does it take to set up?")
        assert Field.BUDGET in fold(later.state.known_facts), "the threads are read anew with each turn"


async def test_that_the_page_is_shown_nothing_of_the_other_chat(embedded_store: Store) -> None:
    """Who sends a link to somebody else must not learn what they say, or said."""
    async with open_house(embedded_store) as house:
        site, phone = Chat(house, "web"), Chat(house, "telegram")
        await site.says("Hello, do you work with Shopify?")
        await phone.says("We use Gorgias and our budget is 9,000 euros a month.")
        await phone.opens(await site.token_for())
        await phone.says("I am reachable at mara.lind@hafen.example")
        lead = await house.lead_that(site, lambda one: bool(one.email))
        assert lead.email == "mara.lind@hafen.example", "sales sees both"
        outcome = await site.says("So what do you know about me?")
        assert Field.EMAIL not in fold(outcome.state.known_facts)
        assert Field.BUDGET not in fold(outcome.state.known_facts)
        assert not any(word in text_of(outcome) for word in ("Gorgias", "9,000", "mara"))


async def test_that_both_threads_make_one_lead(embedded_store: Store) -> None:
    async with open_house(embedded_store) as house:
        site, phone = Chat(house, "web"), Chat(house, "telegram")
        await site.says("We use Zendesk. You can reach me at mara.lind@hafen.example")
        first = await house.lead_that(site, lambda one: bool(one.email))
        assert first.threads == ()
        await phone.opens(await site.token_for())
        joined = await house.lead_that(site, lambda one: bool(one.threads))
        assert "also on telegram" in joined.changes
        notes = [effect.note for one in house.of(site) for effect in one.effects if isinstance(effect, TellTeam)]
        assert [(note.kind, note.items) for note in notes] == [(NoteKind.CHANGED, ("also on telegram",))]
        assert [one.conversation for one in joined.threads] == [phone.thread.conversation]
        await phone.says("Our budget is 2,000 euros a month.")
        await house.lead_that(site, lambda one: "budget" in dict(one.requirements))
        await site.says("Thanks! We are 40 agents.")
        grown = await house.lead_that(site, lambda one: "team size" in dict(one.requirements))
        assert "budget" in dict(grown.requirements), "a turn of the page keeps what the phone said"
        assert await house.lead(phone) is None
        assert {lead for lead, _, _ in house.sales.calls} == {first.id}


async def test_that_an_address_given_on_the_phone_makes_the_lead_where_the_talk_began(embedded_store: Store) -> None:
    async with open_house(embedded_store) as house:
        site, phone = Chat(house, "web"), Chat(house, "telegram")
        await site.says("We use Zendesk, 40 agents.")
        await phone.opens(await site.token_for())
        await phone.says("I am mara.lind@hafen.example")
        await phone.says("I want to talk to a human, please.")
        lead = await house.lead_that(site, lambda one: "human_requested" in one.reasons)
        assert (lead.email, lead.channel) == ("mara.lind@hafen.example", "web")
        assert await house.lead(phone) is None


async def test_that_a_lead_that_stands_in_the_other_chat_stays_there(embedded_store: Store) -> None:
    async with open_house(embedded_store) as house:
        site, phone = Chat(house, "web"), Chat(house, "telegram")
        await phone.says("We use Gorgias. Mail me at mara.lind@hafen.example")
        await house.lead_that(phone, lambda one: bool(one.email))
        await site.says("We are 40 agents.")
        await phone.opens(await site.token_for())
        await eventually(lambda: len(house.of(site)) > 1, "the page's chat hears of it")
        await site.says("You have my mail, mara@hafen.example, and our budget is 2,000 euros a month.")
        lead = await house.lead_that(phone, lambda one: "budget" in dict(one.requirements))
        assert [one.channel for one in lead.threads] == ["web"]
        assert await house.lead(site) is None


async def test_that_taking_the_link_back_leaves_two_chats_with_what_was_said_in_each(embedded_store: Store) -> None:
    async with open_house(embedded_store) as house:
        site, phone = Chat(house, "web"), Chat(house, "telegram")
        await site.says("We use Zendesk. You can reach me at mara.lind@hafen.example")
        token = await site.token_for()
        await phone.opens(token)
        await phone.says("Our budget is 2,000 euros a month, write to phone@hafen.example")
        await house.lead_that(site, lambda one: "budget" in dict(one.requirements))

        (link,) = standing_links(await embedded_store.people.links(person_of(site.thread.visitor)))
        assert set(link.conversations) == {site.thread.conversation, phone.thread.conversation}
        back = taken_back(link, at=house.clock.at, by="Ada")
        await embedded_store.people.link(back)
        for one in (site, phone):
            await house.hub.accept(look_again(one.thread.conversation, person_of(one.thread.visitor), back))

        alone = await house.lead_that(site, lambda one: not one.threads)
        assert "budget" not in dict(alone.requirements)
        assert alone.email == "mara.lind@hafen.example"
        own = await house.lead_that(phone, lambda one: bool(one.email))
        assert (own.email, own.threads) == ("phone@hafen.example", ())
        assert "Zendesk" not in str(own)
        after = await phone.opens(await site.token_for())
        assert Field.TECH_STACK not in fold(after.state.known_facts), "a pair that was taken apart stays so"


async def test_that_a_token_works_once_in_its_channel_and_for_a_quarter_of_an_hour(embedded_store: Store) -> None:
    async with open_house(embedded_store) as house:
        site, phone, stranger, slack = (Chat(house, one) for one in ("web", "telegram", "telegram", "slack"))
        await site.says("We use Zendesk, 40 agents.")
        token = await site.token_for()
        assert (await slack.opens(token)).state.elsewhere == (), "it leads to Telegram"
        assert (await phone.opens(token)).state.elsewhere
        refused = await stranger.opens(token)
        assert refused.state.elsewhere == ()
        assert "Zendesk" not in text_of(refused)
        assert text_of(refused), "whoever comes with a dead link is greeted like anybody"
        late = await site.token_for()
        house.clock.at += LIFE
        assert (await stranger.opens(late)).state.elsewhere == ()
        for junk in ("x" * 22, "", "../../etc", "é" * 30, "a" * 65):
            assert (await stranger.opens(junk)).state.elsewhere == ()


async def test_that_the_same_message_delivered_again_keeps_its_token(embedded_store: Store) -> None:
    async with open_house(embedded_store) as house:
        site, phone = Chat(house, "web"), Chat(house, "telegram")
        await site.says("We use Zendesk, 40 agents.")
        token, opening = await site.token_for(), phone.message(MessageKind.OPENED, "")
        first = await house.links.redeem(token, opening)
        assert first == replace(opening, continues=site.thread)
        assert await house.links.redeem(token, opening) == first, "as after a crash before it was recorded"
        other = replace(opening, conversation=new_conversation())
        assert await house.links.redeem(token, other) == other


async def test_that_nothing_is_minted_for_a_channel_that_has_not_begun(embedded_store: Store) -> None:
    house = House(embedded_store)
    thread = Chat(house, "web").thread
    assert await house.links.mint(thread, channel="nowhere") is None


async def test_that_a_thread_that_tells_twice_is_heard_once(embedded_store: Store) -> None:
    """The worker dies between telling and noting that it has told; the next one tells again."""
    async with open_house(embedded_store) as house:
        site, phone = Chat(house, "web"), Chat(house, "telegram")
        await site.says("We use Zendesk. You can reach me at mara.lind@hafen.example")
        await house.lead_that(site, lambda one: bool(one.email))
        await phone.opens(await site.token_for())
        await house.lead_that(site, lambda one: bool(one.threads))
        entry = await _telling(phone, house)
        turns = len(house.of(site))
        again = await embedded_store.inbox.accept(told_message(entry), worker="w9")
        assert again.status is AcceptStatus.DUPLICATE
        await site.says("Thanks.")
        assert len(house.of(site)) == turns + 1


async def _telling(chat: Chat, house: House) -> TellThread:
    effects = [effect for outcome in house.of(chat) for effect in outcome.effects if isinstance(effect, TellThread)]
    assert len(effects) == 1
    return effects[0]


@pytest.mark.parametrize("port", ["ledger.append", "inbox.accept", "outbox.delivered", "conversations.commit"])
@pytest.mark.parametrize("arrives", [True, False], ids=["answer lost", "call lost"])
async def test_that_one_lead_comes_of_it_whatever_call_is_lost(
    embedded_store: Store,
    port: str,
    arrives: bool,  # noqa: FBT001
) -> None:
    room, _, call = port.partition(".")
    fragile = Fragile(getattr(getattr(embedded_store, room), call), arrives=arrives)
    house = House(embedded_store)
    house.hub = house.new_hub("w1", altered(embedded_store, room, **{call: fragile}))
    await house.hub.start()
    try:
        site, phone = Chat(house, "web"), Chat(house, "telegram")
        await site.says("We use Zendesk, 40 agents.")
        token = await site.token_for()
        fragile.faults = 3
        await house.hub.accept(await house.links.redeem(token, phone.message(MessageKind.OPENED, "")))
        await house.hub.accept(phone.message(MessageKind.TEXT, "Our budget is 2,000 euros a month."))
        await house.hub.accept(phone.message(MessageKind.TEXT, "Write to mara.lind@hafen.example"))
        lead = await house.lead_that(site, lambda one: bool(one.email) and "budget" in dict(one.requirements))
        assert fragile.faults < 3, "nothing was lost"
        assert [one.conversation for one in lead.threads] == [phone.thread.conversation]
        assert await house.lead(phone) is None
        assert {lead for lead, _, _ in house.sales.calls} <= {lead.id}
        facts = await embedded_store.ledger.read(person_of(phone.thread.visitor))
        assert len({fact.id for fact in facts}) == len(facts)
    finally:
        await house.hub.stop()


class Fragile:
    """A call whose next `faults` go wrong, with or without having had their effect; what channels accept gets in."""

    def __init__(self, call: Callable[..., Any], *, arrives: bool) -> None:
        self._call = call
        self._arrives = arrives
        self.faults = 0

    async def __call__(self, *args: Any, **more: Any) -> Any:
        from_outside = isinstance(args[0], InboundMessage) and args[0].kind is not MessageKind.JOINED
        if not self.faults or from_outside:
            return await self._call(*args, **more)
        self.faults -= 1
        if self._arrives:
            await self._call(*args, **more)
        raise StoreUnavailable("told to fail")


async def test_that_two_workers_make_one_lead(embedded_store: Store) -> None:
    """The chats lie in shards of different owners."""
    async with open_house(embedded_store) as house:
        other = house.new_hub("w2")
        await other.start()
        try:
            await eventually(lambda: bool(other.owned) and bool(house.hub.owned), "both own some")
            await eventually(lambda: not house.hub.owned & other.owned, "the shards are divided")
            for _ in range(4):
                site, phone = Chat(house, "web"), Chat(house, "telegram")
                await site.says("We use Zendesk, 40 agents.")
                await phone.opens(await site.token_for())
                await phone.says("Write to mara.lind@hafen.example")
                lead = await house.lead_that(site, lambda one: bool(one.email))
                assert [one.conversation for one in lead.threads] == [phone.thread.conversation]
                assert await house.lead(phone) is None
        finally:
            await other.stop()


async def test_that_an_address_two_visitors_give_is_a_hint_for_sales_alone(
    embedded_store: Store,
) -> None:
    async with open_house(embedded_store) as house:
        first, second, third = (Chat(house, "web") for _ in range(3))
        address = f"mara.lind{next(_numbers)}@hafen.example"
        await first.says(f"We use Zendesk and our budget is 2,000 euros a month. Mail {address}")
        await eventually(lambda: _compared(first, house), "the first address is noted")
        outcome = await second.says(f"Hello, please write to {address.upper()}")
        lead = await house.lead_that(second, lambda one: bool(one.email_note))
        assert lead.email_note == "shared"
        assert lead.threads == ()
        assert not {Field.BUDGET, Field.TECH_STACK} & fold(outcome.state.known_facts).keys()
        assert "Zendesk" not in str(lead)
        told = await house.lead(first)
        assert told is not None
        assert told.email_note == ""
        await second.says("Sorry, my address is jo.other@hafen.example, not that one.")
        await house.lead_that(second, lambda one: one.email.startswith("jo") and not one.email_note)
        await third.says("You can reach me at somebody.else@hafen.example")
        assert (await house.lead_that(third, lambda one: bool(one.email))).email_note == ""


async def _compared(chat: Chat, house: House) -> bool:
    waiting = await house.store.outbox.pending(home(chat.thread.conversation))
    return not any(isinstance(entry.effect, CompareAddress) for entry in waiting)


async def test_that_the_address_of_the_same_person_is_no_hint(embedded_store: Store) -> None:
    async with open_house(embedded_store) as house:
        site, phone = Chat(house, "web"), Chat(house, "telegram")
        address = f"mara.lind{next(_numbers)}@hafen.example"
        await site.says(f"Mail {address}")
        await house.lead_that(site, lambda one: bool(one.email))
        await phone.opens(await site.token_for())
        outcome = await phone.says(f"My address is {address}")
        effects = [one for one in outcome.effects if isinstance(one, CompareAddress)]
        for effect in effects:
            assert await looked_up(embedded_store, effect) is None


async def test_that_a_device_on_which_nothing_was_said_holds_the_lead_of_the_other(embedded_store: Store) -> None:
    async with open_house(embedded_store) as house:
        laptop, tablet = Chat(house, "web"), Chat(house, "web")
        mara = Identity(person=user_of("acme", f"user-{next(_numbers)}"), email="mara.lind@hafen.example")
        for one in (laptop, tablet):
            await one.send(one.message(MessageKind.IDENTIFIED, mara.email, identity=mara))
        assert await house.lead(laptop) is None
        await tablet.says("We are a team of 40 support agents.")
        lead = await house.lead_that(laptop, lambda one: "team size" in dict(one.requirements))
        assert lead.email == mara.email
        assert await house.lead(tablet) is None

        (link,) = (
            one
            for one in await embedded_store.people.links(mara.person)
            if one.left == person_of(tablet.thread.visitor)
        )
        back = taken_back(link, at=house.clock.at, by="Ada")
        await embedded_store.people.link(back)
        for one in (laptop, tablet):
            await house.hub.accept(look_again(one.thread.conversation, person_of(one.thread.visitor), back))
        await house.lead_that(laptop, lambda one: not one.threads and not one.requirements)
        outcome = await tablet.says("Mail me at tablet@hafen.example")
        assert outcome.state.lead is not None
        assert outcome.state.lead.email == "tablet@hafen.example"


async def test_that_nothing_is_said_unasked_where_the_visitor_has_left_for_another_channel(
    embedded_store: Store,
) -> None:
    async with open_house(embedded_store) as house:
        site, phone = Chat(house, "web"), Chat(house, "telegram")
        before = await site.says("We use Zendesk. You can reach me at mara.lind@hafen.example")
        house.clock.at += 600
        await phone.opens(await site.token_for())
        await eventually(lambda: len(house.of(site)) > 1, "the page's chat hears of it")
        after = house.of(site)[1]
        assert after.reply is None
        assert after.state.session.last_at == before.state.session.last_at
        due = replace(before.state.session, follow_ups=FollowUps(due=house.clock.at + 9.0))
        told = told_message(await _telling(phone, house))
        view = TurnView(
            session=due,
            facts=(),
            understanding=before.understanding,
            news=(),
            persona=None,
            messages=(told,),
            now=house.clock.at,
        )
        assert planned(due, view, FollowUpPolicy()).follow_ups.due == 0.0


async def test_that_two_leads_that_stand_already_name_each_other(embedded_store: Store) -> None:
    async with open_house(embedded_store) as house:
        site, phone = Chat(house, "web"), Chat(house, "telegram")
        await site.says("We use Zendesk. You can reach me at mara.lind@hafen.example")
        await phone.says("We are 40 agents. Write to mara.lind@hafen.example")
        await house.lead_that(site, lambda one: bool(one.email))
        await house.lead_that(phone, lambda one: bool(one.email))
        await phone.opens(await site.token_for())
        here = await house.lead_that(phone, lambda one: bool(one.threads))
        there = await house.lead_that(site, lambda one: bool(one.threads))
        assert (here.threads[0].conversation, there.threads[0].conversation) == (there.conversation, here.conversation)


async def test_that_a_chat_in_which_nothing_was_said_holds_the_lead_all_the_same(embedded_store: Store) -> None:
    """Else the phone would begin a lead, and the page another one later."""
    async with open_house(embedded_store) as house:
        site, phone = Chat(house, "web"), Chat(house, "telegram")
        greeted = await phone.opens(await site.token_for())
        assert text_of(greeted)
        await phone.says("We are 40 agents. Write to mara.lind@hafen.example")
        lead = await house.lead_that(site, lambda one: bool(one.email))
        assert [one.conversation for one in lead.threads] == [phone.thread.conversation]
        opened = await site.opens()
        assert text_of(opened), "the page greets whoever opens the chat there"
        assert Field.EMAIL not in fold(opened.state.known_facts)
        assert await house.lead(phone) is None
