"""A person on two devices, over a real store: linked by a token, known again, and taken apart again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count

import pytest

from core.errors import StoreUnavailable
from core.fact import Fact, Field, Source, Standing
from core.hub import Hub
from core.ids import MessageId, PersonId, VisitorId, person_of
from core.ledger import fold, text_of
from core.message import InboundMessage, MessageKind
from core.people import Identity, standing_links, taken_back, user_of
from core.recognising import claims_of, known_of
from core.session import ConversationState
from core.store_ports import Store
from core.turn import TurnOutcome
from tests.contracts.builders import new_conversation
from tests.core.hub_parts import ToldClock, altered, eventually, make_hub
from tests.core.talking import NOON, example_engine

MARA = user_of("acme", "user-17")
_numbers = count(1)


class Watched:
    """What every turn of a hub came to."""

    def __init__(self) -> None:
        self.turns: list[TurnOutcome] = []

    def __call__(self, _before: ConversationState, outcome: TurnOutcome) -> None:
        self.turns.append(outcome)

    async def after(self, turns: int) -> TurnOutcome:
        await eventually(lambda: len(self.turns) >= turns, f"there were not {turns} turns")
        return self.turns[turns - 1]


class Device:
    """A visitor in a browser of their own."""

    def __init__(self, served: tuple[Hub, Watched], name: str) -> None:
        self.served = served
        self.visitor = VisitorId(f"v.{name}{next(_numbers)}")
        self.conversation = new_conversation()
        self.at = NOON

    async def says(self, text: str) -> None:
        await self._send(MessageKind.TEXT, text)

    async def shows(self, person: PersonId = MARA, email: str = "mara.lind@hafen.example", name: str = "") -> None:
        text = "\n".join(filter(None, (email, name)))
        await self._send(MessageKind.IDENTIFIED, text, Identity(person=person, email=email, name=name))

    async def _send(self, kind: MessageKind, text: str, identity: Identity | None = None) -> None:
        """Returns after the turn, so that no two messages share one."""
        self.at += 20
        hub, watched = self.served
        turns = len(watched.turns)
        await hub.accept(self.message(kind, text, identity))
        await watched.after(turns + 1)

    def message(self, kind: MessageKind, text: str, identity: Identity | None = None) -> InboundMessage:
        return InboundMessage(
            id=MessageId(f"{self.conversation}.{next(_numbers)}"),
            channel="web",
            conversation=self.conversation,
            visitor=self.visitor,
            kind=kind,
            text=text,
            at=self.at,
            identity=identity,
        )


@asynccontextmanager
async def serving(store: Store, worker: str = "w1") -> AsyncIterator[tuple[Hub, Watched]]:
    watched = Watched()
    hub = make_hub(store, worker, engine=example_engine(), observe=watched, clock=ToldClock(NOON))
    await hub.start()
    try:
        yield hub, watched
    finally:
        await hub.stop()


def fields(facts: Sequence[Fact]) -> set[Field]:
    return {fact.field for fact in facts}


async def known(store: Store, person: PersonId) -> tuple[Fact, ...]:
    return known_of(person, await store.people.acquaintances((person,)))


async def test_that_a_second_device_continues_where_the_first_one_was(embedded_store: Store) -> None:
    async with serving(embedded_store) as served:
        watched = served[1]
        laptop, phone = Device(served, "laptop"), Device(served, "phone")
        await laptop.shows(name="Mara Lind")
        identified = await watched.after(1)
        assert identified.reply is None
        assert identified.state.lead is None, "nobody has said anything yet"
        await laptop.says("We are a team of 40 support agents. We use Zendesk.")
        talked = await watched.after(2)
        assert talked.state.lead is not None
        assert (talked.state.lead.email, talked.state.lead.name) == ("mara.lind@hafen.example", "Mara Lind")
        laptop_knows = fold(talked.state.known_facts)
        await eventually(lambda: _has(embedded_store, laptop.visitor, Field.TEAM_SIZE), "the ledger follows")

        phone.at += 5 * 86_400
        await phone.shows()
        returned = await watched.after(3)
        assert fold(returned.state.known_facts).keys() == laptop_knows.keys()
        assert returned.state.facts == ()
        await phone.says("Hello again, what does it cost?")
        answered = await watched.after(4)
        assert answered.profile is not None
        assert talked.profile is not None
        assert answered.profile.company.current_tools == ("Zendesk",)
        assert answered.reply is not None
        assert answered.reply.email_prompt is None, "what is known is not asked for again"
        assert answered.state.lead is None, "sales has one lead of a person"
        told = await watched.after(5)
        assert told.state.lead is not None
        assert told.state.lead.id == talked.state.lead.id
        assert [one.conversation for one in told.state.lead.threads] == [phone.conversation]


async def _has(store: Store, visitor: VisitorId, field: Field) -> bool:
    return field in fields(await store.ledger.read(person_of(visitor)))


async def test_that_a_restart_finds_the_person_again(embedded_store: Store) -> None:
    async with serving(embedded_store) as served:
        watched = served[1]
        laptop, phone = Device(served, "laptop"), Device(served, "phone")
        await laptop.shows()
        await laptop.says("Our budget is 2,000 euros a month.")
        await phone.says("Hello there, I run the help desk.")
        await phone.shows()
    async with serving(embedded_store, "w2") as served:
        watched = served[1]
        phone.served = served
        await phone.says("And how long does it take to set up?")
        outcome = await watched.after(1)
    assert Field.BUDGET in fold(outcome.state.known_facts)
    assert Field.BUDGET not in fields(outcome.state.facts)


async def test_that_taking_the_link_back_restores_both(embedded_store: Store) -> None:
    async with serving(embedded_store) as served:
        watched = served[1]
        laptop, phone = Device(served, "laptop"), Device(served, "phone")
        await laptop.says("We are 40 people at a logistics company.")
        await phone.says("Our budget is 2,000 euros a month.")
        before = {one.state.session.visitor: one.state.facts for one in watched.turns}
        await laptop.shows()
        await phone.shows()
    visitors = [person_of(laptop.visitor), person_of(phone.visitor)]
    for one in visitors:
        await eventually(lambda one=one: _recorded(embedded_store, one), "the ledgers follow")  # type: ignore[misc]
    assert await known(embedded_store, visitors[0]) == await known(embedded_store, visitors[1])

    links = standing_links(await embedded_store.people.links(MARA))
    assert {link.left for link in links} == set(visitors)
    for link in links:
        await embedded_store.people.link(taken_back(link, at=link.at + 1, by="Ada"))

    for one in visitors:
        assert await known(embedded_store, one) == before[VisitorId(one)]
    assert fields(await known(embedded_store, MARA)) == {Field.EMAIL}

    async with serving(embedded_store, "w2") as served:
        watched = served[1]
        phone.served = served
        await phone.shows()
        outcome = await watched.after(1)
    assert outcome.state.known_facts == before[phone.visitor], "what was taken back is not made again"


async def _recorded(store: Store, person: PersonId) -> bool:
    return bool(await store.ledger.read(person))


async def test_that_what_a_token_claims_is_verified_and_quoted(embedded_store: Store) -> None:
    async with serving(embedded_store) as served:
        watched = served[1]
        device = Device(served, "laptop")
        await device.says("Mail me at mara.lind@hafen.example please")
        await device.shows(name="Mara Lind")
        await device.says("My address is mara.lind@hafen.example as I said")
        outcome = await watched.after(3)
    (email,) = fold(outcome.state.known_facts)[Field.EMAIL]
    assert (email.standing, email.source, email.quote) == (Standing.VERIFIED, Source.ENRICHED, email.value)
    claims = await embedded_store.ledger.read(MARA)
    assert [(fact.field, fact.value) for fact in claims] == [
        (Field.EMAIL, "mara.lind@hafen.example"),
        (Field.NAME, "Mara Lind"),
    ]
    message = device.message(MessageKind.IDENTIFIED, "a@b.example")
    assert [fact.value for fact in claims_of(message, Identity(person=MARA, email="a@b.example", name="Nobody"))] == [
        "a@b.example"
    ], "what is not in the message is not stored"


async def test_that_tokens_that_say_the_same_write_once_and_a_new_name_is_news(embedded_store: Store) -> None:
    async with serving(embedded_store) as served:
        device = Device(served, "laptop")
        for name in ("Mara", "Mara", "Lind", "Mara"):
            await device.shows(name=name)
    claims = await embedded_store.ledger.read(MARA)
    assert [fact.value for fact in claims if fact.field is Field.NAME] == ["Mara", "Lind", "Mara"]
    assert [fact.value for fact in claims if fact.field is Field.EMAIL] == ["mara.lind@hafen.example"]
    assert text_of(fold(claims), Field.NAME) == "Mara"


async def test_that_a_conversation_never_becomes_somebody_else_s(embedded_store: Store) -> None:
    other = user_of("acme", "user-18")
    async with serving(embedded_store) as served:
        watched = served[1]
        device = Device(served, "laptop")
        await device.shows()
        await device.shows(other, "otto@hafen.example")
        outcome = await watched.after(2)
    assert outcome.state.session.person == MARA
    assert text_of(fold(outcome.state.known_facts), Field.EMAIL) == "mara.lind@hafen.example"
    assert await embedded_store.people.links(other) == ()
    assert await embedded_store.ledger.read(other) == ()


@pytest.mark.parametrize(
    ("port", "call"),
    [("people", "link"), ("people", "acquaintances"), ("ledger", "append"), ("conversations", "commit")],
)
async def test_that_an_end_at_any_write_loses_nothing(embedded_store: Store, port: str, call: str) -> None:
    """The store breaks off once, after the call has had its effect; then another process takes over."""
    broken: list[str] = []
    real = getattr(getattr(embedded_store, port), call)

    async def breaks_off(*arguments: object) -> object:
        answer = await real(*arguments)
        if not broken:
            broken.append(call)
            raise StoreUnavailable("told to break off")
        return answer

    async with serving(altered(embedded_store, port, **{call: breaks_off})) as served:
        watched = served[1]
        device = Device(served, "laptop")
        identity = Identity(person=MARA, email="mara.lind@hafen.example", name="Mara Lind")
        await served[0].accept(device.message(MessageKind.IDENTIFIED, "mara.lind@hafen.example\nMara Lind", identity))
        await eventually(lambda: bool(broken), "nothing broke off")
        await served[0].accept(device.message(MessageKind.TEXT, "We are 40 people"))
        await eventually(lambda: any(one.state.session.messages for one in watched.turns), "the talk does not go on")
    last = watched.turns[-1].state
    assert last.session.person == MARA
    assert {Field.EMAIL, Field.NAME} < fold(last.known_facts).keys(), "with what was said after"
    assert len(standing_links(await embedded_store.people.links(MARA))) == 1
    assert len(await embedded_store.ledger.read(MARA)) == 2


async def test_that_anonymous_visitors_cost_no_call_more(embedded_store: Store) -> None:
    calls: list[str] = []

    def counted(name: str) -> object:
        real = getattr(embedded_store.people, name)

        async def call(*arguments: object) -> object:
            calls.append(name)
            return await real(*arguments)

        return call

    watching = {name: counted(name) for name in ("link", "links", "acquaintances")}
    async with serving(altered(embedded_store, "people", **watching)) as served:  # type: ignore[arg-type]
        device = Device(served, "laptop")
        await device.says("We are 40 people, write to a.b@hafen.example")
        assert calls == []
        await device.shows()
        await device.says("What does it cost?")
        await device.says("And when can we start?")
    assert calls == ["link", "acquaintances"]
