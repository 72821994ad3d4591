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
from tests.core.hub_parts import altered, eventually, make_hub
from tests.core.talking import NOON, example_engine

MARA = user_of("acme", "user-17")
_numbers = count(1)


class Device:
    """A visitor in a browser of their own."""

    def __init__(self, hub: Hub, name: str) -> None:
        self.hub = hub
        self.visitor = VisitorId(f"v.{name}{next(_numbers)}")
        self.conversation = new_conversation()
        self.at = NOON

    async def says(self, text: str) -> None:
        await self._send(MessageKind.TEXT, text)

    async def shows(self, person: PersonId = MARA, email: str = "mara.lind@hafen.example", name: str = "") -> None:
        text = "\n".join(filter(None, (email, name)))
        await self._send(MessageKind.IDENTIFIED, text, Identity(person=person, email=email, name=name))

    async def _send(self, kind: MessageKind, text: str, identity: Identity | None = None) -> None:
        self.at += 20
        await self.hub.accept(self.message(kind, text, identity))

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


class Watched:
    """What every turn of a hub came to."""

    def __init__(self) -> None:
        self.turns: list[TurnOutcome] = []

    def __call__(self, _before: ConversationState, outcome: TurnOutcome) -> None:
        self.turns.append(outcome)

    async def after(self, turns: int) -> TurnOutcome:
        await eventually(lambda: len(self.turns) >= turns, f"there were {len(self.turns)} turns")
        return self.turns[turns - 1]


@asynccontextmanager
async def serving(store: Store, worker: str = "w1") -> AsyncIterator[tuple[Hub, Watched]]:
    watched = Watched()
    hub = make_hub(store, worker, engine=example_engine(), observe=watched)
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
    async with serving(embedded_store) as (hub, watched):
        laptop, phone = Device(hub, "laptop"), Device(hub, "phone")
        await laptop.shows(name="Mara Lind")
        identified = await watched.after(1)
        assert identified.reply is None
        assert identified.state.lead is None, "nobody has said anything yet"
        await laptop.says("We are a team of 40 support agents and use Zendesk.")
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
        assert answered.profile.company.current_tools == ("Zendesk",)
        assert answered.reply is not None
        assert answered.reply.email_prompt is None, "what is known is not asked for again"
        assert answered.state.lead is not None
        assert answered.state.lead.email == "mara.lind@hafen.example"


async def _has(store: Store, visitor: VisitorId, field: Field) -> bool:
    return field in fields(await store.ledger.read(person_of(visitor)))


async def test_that_a_restart_finds_the_person_again(embedded_store: Store) -> None:
    async with serving(embedded_store) as (hub, watched):
        laptop, phone = Device(hub, "laptop"), Device(hub, "phone")
        await laptop.shows()
        await laptop.says("Our budget is 2,000 euros a month.")
        await watched.after(2)
        await phone.says("Hello there, I run the help desk.")
        await phone.shows()
        await watched.after(4)
    async with serving(embedded_store, "w2") as (hub, watched):
        phone.hub = hub
        await phone.says("And how long does it take to set up?")
        outcome = await watched.after(1)
    assert Field.BUDGET in fold(outcome.state.known_facts)
    assert Field.BUDGET not in fields(outcome.state.facts)


async def test_that_taking_the_link_back_restores_both(embedded_store: Store) -> None:
    async with serving(embedded_store) as (hub, watched):
        laptop, phone = Device(hub, "laptop"), Device(hub, "phone")
        await laptop.says("We are 40 people at a logistics company.")
        await phone.says("Our budget is 2,000 euros a month.")
        await watched.after(2)
        before = {one.state.session.visitor: one.state.facts for one in watched.turns}
        await laptop.shows()
        await phone.shows()
        await watched.after(4)
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

    async with serving(embedded_store, "w2") as (hub, watched):
        phone.hub = hub
        await phone.shows()
        outcome = await watched.after(1)
    assert outcome.state.known_facts == before[phone.visitor], "what was taken back is not made again"


async def _recorded(store: Store, person: PersonId) -> bool:
    return bool(await store.ledger.read(person))


async def test_that_what_a_token_claims_is_verified_and_quoted(embedded_store: Store) -> None:
    async with serving(embedded_store) as (hub, watched):
        device = Device(hub, "laptop")
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
    async with serving(embedded_store) as (hub, watched):
        device = Device(hub, "laptop")
        for name in ("Mara", "Mara", "Lind", "Mara"):
            await device.shows(name=name)
            await watched.after(len(watched.turns) + 1)
    claims = await embedded_store.ledger.read(MARA)
    assert [fact.value for fact in claims if fact.field is Field.NAME] == ["Mara", "Lind", "Mara"]
    assert [fact.value for fact in claims if fact.field is Field.EMAIL] == ["mara.lind@hafen.example"]
    assert text_of(fold(claims), Field.NAME) == "Mara"


async def test_that_a_conversation_never_becomes_somebody_else_s(embedded_store: Store) -> None:
    other = user_of("acme", "user-18")
    async with serving(embedded_store) as (hub, watched):
        device = Device(hub, "laptop")
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

    async with serving(altered(embedded_store, port, **{call: breaks_off})) as (hub, watched):
        device = Device(hub, "laptop")
        await device.shows(name="Mara Lind")
        await eventually(lambda: bool(broken), "nothing broke")
        await device.says("We are 40 people")
        await eventually(lambda: _says(watched, Field.COMPANY_SIZE, Field.TEAM_SIZE), "the talk goes on")
    last = watched.turns[-1].state
    assert last.session.person == MARA
    assert {Field.EMAIL, Field.NAME} <= fold(last.known_facts).keys()
    assert len(standing_links(await embedded_store.people.links(MARA))) == 1
    assert len(await embedded_store.ledger.read(MARA)) == 2


def _says(watched: Watched, *any_of: Field) -> bool:
    return any(not fold(one.state.known_facts).keys().isdisjoint(any_of) for one in watched.turns)


async def test_that_anonymous_visitors_cost_no_call_more(embedded_store: Store) -> None:
    calls: list[str] = []

    def counted(name: str) -> object:
        real = getattr(embedded_store.people, name)

        async def call(*arguments: object) -> object:
            calls.append(name)
            return await real(*arguments)

        return call

    watching = {name: counted(name) for name in ("link", "links", "acquaintances")}
    async with serving(altered(embedded_store, "people", **watching)) as (hub, watched):  # type: ignore[arg-type]
        device = Device(hub, "laptop")
        await device.says("We are 40 people, write to a.b@hafen.example")
        await watched.after(1)
        assert calls == []
        await device.shows()
        await device.says("What does it cost?")
        await device.says("And when can we start?")
        await watched.after(3)
    assert calls == ["link", "acquaintances"]
