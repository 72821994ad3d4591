"""Messages that are edited or deleted: the talk is as if the last words had been the first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.fact import Field
from core.ids import Shard
from core.ledger import Known, fold, settled, value_key
from core.message import InboundMessage, MessageKind
from core.receiving import begin
from core.reply import Mode
from core.session import ConversationState, Said
from core.store_ports import AcceptStatus, Store
from core.turn import TurnOutcome
from tests.core.hub_parts import eventually, in_shard, running_hub, said
from tests.core.talking import Talk, example_engine

LINES = (
    "We are a team of 20 agents and use Zendesk.",
    "We get about 900 tickets a month.",
    "Actually we are 35 agents.",
    "Our budget is $500 a month.",
    "We use Zendesk and Slack.",
    "My name is Ana Silva, ana@northgate.example",
    "We need this live next month.",
    "Thanks, that is good to know.",
    "How much does it cost?",
)


class Amended(Talk):
    """Keeps the transcript as the store would, and hands it over with every edit."""

    def __init__(self, name: str = "amended") -> None:
        super().__init__(name)
        self.written: list[Said] = []

    async def turn(self, *messages: InboundMessage) -> TurnOutcome:
        for one in messages:
            if one.kind is MessageKind.TEXT:
                self.written.append(Said(author="visitor", text=one.text, message=one.id, at=one.at))
        if self.state is not None:
            self.state = replace(self.state, talk=tuple(self.written))
        outcome = await super().turn(*messages)
        self.written += [
            Said(author="visitor", text=one.text, message=one.id, at=one.at, replaces=one.about)
            for one in outcome.amended
        ]
        if outcome.reply:
            asks = outcome.state.session.pending_question
            self.written.append(Said(author="bot", text=outcome.reply.main_text, asks=asks))
        return outcome

    async def edits(self, number: int, text: str) -> TurnOutcome:
        """The visitor's line of that number, from 0, now says `text`; "" deletes it."""
        told = [line for line in self.written if line.author == "visitor" and not line.replaces]
        kind = MessageKind.EDITED if text else MessageKind.DELETED
        return await self.turn(self.message(text, kind, about=told[number].message))

    @property
    def now_is(self) -> ConversationState:
        assert self.state is not None
        return self.state


async def told(*lines: str) -> Amended:
    talk = Amended()
    for line in lines:
        await talk.says(line)
    return talk


async def told_under(lines: list[tuple[str, str]]) -> Amended:
    """Each line under the question that was put before it: what the bot asked stays asked, whatever is edited."""
    talk = Amended()
    for line, question in lines:
        message = talk.message(line)
        state = talk.state or begin(message)
        talk.state = replace(state, session=replace(state.session, pending_question=question))
        await talk.turn(message)
    return talk


def asked_before(talk: Amended) -> list[str]:
    """The question before each of the visitor's lines."""
    places = [place for place, line in enumerate(talk.written) if line.author == "visitor"]
    return [talk.written[place - 1].asks if place else "" for place in places]


def values(known: Known) -> dict[Field, list[object]]:
    return {field: sorted((repr(value_key(one.value)) for one in held), key=str) for field, held in known.items()}


def profile(talk: Amended) -> dict[Field, list[object]]:
    return values(fold(talk.now_is.known_facts))


async def test_that_an_edit_takes_back_what_the_old_words_said_and_reads_the_new_ones() -> None:
    talk = await told("We use Zendesk. We are 20 agents.", "Thanks.")
    before = talk.now_is.facts

    outcome = await talk.edits(0, "We use Freshdesk. We are 35 agents.")

    state = talk.now_is
    known = fold(state.known_facts)
    assert [one.value for one in known[Field.TECH_STACK]] == ["Freshdesk"]
    assert state.facts[: len(before)] == before, "the list is only added to"
    assert {one.retracts for one in state.facts if one.retracts} <= {one.id for one in before}
    assert all(one.quote in "We use Freshdesk. We are 35 agents." for held in known.values() for one in held)
    assert [one.text for one in outcome.amended] == ["We use Freshdesk. We are 35 agents."]
    assert "Zendesk" not in state.session.said
    assert "Zendesk" not in " ".join(line.text for line in state.recent if line.author == "visitor")


async def test_that_the_new_words_stand_in_the_place_of_the_old_ones() -> None:
    talk = await told("We are 20 agents.", "Actually we are 35 agents.")

    await talk.edits(0, "We are 25 agents.")

    assert profile(talk) == profile(await told("We are 25 agents.", "Actually we are 35 agents."))


async def test_that_what_was_said_twice_survives_the_deletion_of_the_first() -> None:
    talk = await told("We use Zendesk.", "We use Zendesk and Slack.")

    await talk.edits(0, "")

    assert profile(talk) == profile(await told("We use Zendesk and Slack."))


async def test_that_a_deletion_is_never_answered_and_an_unknown_message_changes_nothing() -> None:
    talk = await told("We use Zendesk.", "How much does it cost?")

    assert (await talk.edits(1, "")).reply is None
    facts = talk.now_is.facts
    outcome = await talk.turn(talk.message("We use Slack.", MessageKind.EDITED, about="never-seen"))

    assert outcome.reply is None
    assert outcome.amended == ()
    assert talk.now_is.facts == facts


@pytest.mark.parametrize(
    ("old", "new", "answered"),
    [
        ("We use Zendesk", "We use Zendesk.", False),
        ("Thanks a lot.", "Thanks a lot!", False),
        ("We are 20 agents.", "We are 35 agents.", True),
        ("We use Zendesk.", "We use Zendesk. How much does it cost?", True),
    ],
)
async def test_that_an_edit_is_answered_only_where_it_asks_or_corrects(old: str, new: str, *, answered: bool) -> None:
    talk = await told("We are a software company.", old)

    outcome = await talk.edits(1, new)

    assert (outcome.reply is not None) is answered, talk


async def test_that_an_edit_within_the_burst_replaces_the_message() -> None:
    talk = Amended()
    first = talk.message("We use Zendesk.")
    edit = talk.message("We use Freshdesk.", MessageKind.EDITED, about=first.id)

    outcome = await talk.turn(first, edit)

    assert outcome.reply is not None
    assert not any(one.retracts for one in outcome.new_facts)
    assert profile(talk) == profile(await told("We use Freshdesk."))
    assert outcome.amended == (edit,)


async def test_that_a_message_deleted_within_its_burst_was_never_said() -> None:
    talk = Amended()
    first = talk.message("We use Zendesk.")

    outcome = await talk.turn(first, talk.message("", MessageKind.DELETED, about=first.id))

    assert outcome.reply is None
    assert outcome.state.facts == ()


async def test_that_a_deleted_address_ends_the_sales_mode_and_leaves_the_lead_without_it() -> None:
    talk = await told("We are 20 agents.", "Write to ana@northgate.com")
    modes = [talk.now_is.session.mode]

    await talk.edits(1, "")

    modes.append(talk.now_is.session.mode)
    assert modes == [Mode.SALES, Mode.LEAD]
    assert talk.now_is.lead is not None
    assert talk.now_is.lead.email == ""


async def test_that_a_message_can_be_edited_again_and_then_deleted() -> None:
    talk = await told("We use Zendesk.", "Thanks.")

    await talk.edits(0, "We use Freshdesk.")
    await talk.edits(0, "We use Zendesk.")
    assert [one.value for one in fold(talk.now_is.known_facts)[Field.TECH_STACK]] == ["Zendesk"]
    await talk.edits(0, "")

    assert settled(talk.now_is.facts) == ()


async def test_that_an_edit_is_stored_with_its_mark_and_survives_a_restart(embedded_store: Store) -> None:
    """Through the hub and the store: one worker hears the message, another one its edit, delivered twice."""
    (conversation,) = in_shard(Shard(1))
    first = said(conversation, "We use Zendesk.", identity="a")
    edit = replace(
        said(conversation, "We use Freshdesk.", identity="b", at=first.at + 20), kind=MessageKind.EDITED, about=first.id
    )
    store = embedded_store

    async def lines_are(count: int) -> bool:
        return len(await store.transcripts.read(conversation, after=0, limit=9)) == count

    async with running_hub(store, engine=example_engine()) as hub:
        await hub.accept(first)
        await eventually(lambda: lines_are(2), "the message was not answered")
    async with running_hub(store, worker="w2", engine=example_engine()) as hub:
        await hub.accept(edit)
        again = await hub.accept(edit)
        await eventually(lambda: lines_are(3), "the edit was not written down")

    assert again.status is AcceptStatus.DUPLICATE
    marked = (await store.transcripts.read(conversation, after=2, limit=9))[0]
    assert (marked.author, marked.text, marked.replaces) == ("visitor", "We use Freshdesk.", first.id)
    state = await store.conversations.load(conversation)
    assert state is not None
    assert [one.value for one in fold(state.known_facts)[Field.TECH_STACK]] == ["Freshdesk"]
    assert [one.text for one in state.recent if one.author == "visitor"] == ["We use Freshdesk."]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.sampled_from(LINES), min_size=1, max_size=4), new=st.sampled_from(LINES), data=st.data())
async def test_that_editing_is_saying_it_at_once(lines: list[str], new: str, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(lines) - 1))
    talk = await told(*lines)
    asked = asked_before(talk)

    await talk.edits(number, new)

    at_once = [new if place == number else line for place, line in enumerate(lines)]
    assert profile(talk) == profile(await told_under(list(zip(at_once, asked, strict=True))))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.sampled_from(LINES), min_size=2, max_size=4), data=st.data())
async def test_that_deleting_is_never_having_said_it(lines: list[str], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(lines) - 1))
    talk = await told(*lines)
    asked = asked_before(talk)

    await talk.edits(number, "")

    left = list(zip(lines, asked, strict=True))
    del left[number]
    assert profile(talk) == profile(await told_under(left))
