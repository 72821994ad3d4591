"""What a turn puts into the directory."""

from __future__ import annotations

from dataclasses import replace

from core.course import NOWHERE_YET, Stage, periods_of
from core.directory import Ask
from core.listing import NOBODY, listing_of
from core.message import MessageKind
from core.progress import with_course
from core.receiving import begin
from core.relisting import differences
from core.rep import LeadEdit, Rep, RepAct, RepAction, RepId
from core.store_ports import Store
from tests.contracts.builders import new_conversation
from tests.core.hub_parts import Ears, Echo, eventually, running_hub, said
from tests.core.talking import Talk


async def test_that_every_turn_brings_the_row_of_its_conversation_up_to_date(embedded_store: Store) -> None:
    conversation, ears = new_conversation(), Ears()
    async with running_hub(embedded_store, engine=Echo()) as hub:
        await hub.watch(conversation, ears)
        for number in (1, 2):
            await hub.accept(said(conversation, f"n{number}", identity=f"m{number}"))

            async def listed(version: int = number) -> bool:
                rows = (await embedded_store.directory.find(Ask())).rows
                return [(row.conversation, row.version) for row in rows] == [(conversation, version)]

            await eventually(listed, "the directory does not show the turn")


async def test_that_a_row_tells_who_it_is_and_what_became_of_them() -> None:
    talk = Talk()
    await talk.says("I am Ada Byron from Nordwind, we are 40 people and need this in two weeks")
    plain = listing_of(talk.outcomes[-1], 1)
    assert (plain.company, plain.email, plain.status) == ("Nordwind", "", "")
    await talk.says("Please write to ada@nordwind.example, we want to buy")
    row = listing_of(talk.outcomes[-1], 2)
    assert (row.version, row.email, row.status) == (2, "ada@nordwind.example", "new")
    assert row.score == talk.outcomes[-1].readiness.score > 0
    assert 0 < row.confidence <= 1


async def test_that_an_act_of_the_team_keeps_what_the_row_told_of_the_profile() -> None:
    talk = Talk()
    await talk.says("We are 40 people at Nordwind. Please write to ada@nordwind.example, we want to buy")
    before = listing_of(talk.outcomes[-1], 1)
    assert before.confidence > 0
    edit = LeadEdit(persona="clinics", tags=("fair",))
    action = RepAction(act=RepAct.EDIT, rep=Rep(id=RepId("desk"), name="Ann"), edit=edit)
    message = replace(talk.message("", MessageKind.REP), action=action)
    row = listing_of(await talk.engine.handle(talk.outcomes[-1].state, message), 2)
    assert (row.confidence, row.size, row.score) == (before.confidence, before.size, before.score)
    assert row.corrected == f"{before.persona or NOBODY}>clinics"
    assert (row.tags, row.said, row.author) == (("fair",), before.said, "visitor")


async def test_that_a_stage_is_counted_once_however_often_its_message_comes(embedded_store: Store) -> None:
    conversation, rep = new_conversation(), Rep(id=RepId("U1"), name="Rita")
    claim = replace(
        said(conversation, "", identity="claim"),
        channel="handoff",
        kind=MessageKind.REP,
        action=RepAction(act=RepAct.CLAIM, rep=rep),
    )
    started = said(conversation, "lead")
    day, _ = periods_of(started.at)
    async with running_hub(embedded_store, engine=Echo()) as hub:
        for message in (started, claim):
            for _ in range(4):
                await hub.accept(message)

        async def counted() -> bool:
            held = (await embedded_store.directory.tallies((day,)))[day]
            return held.get(f"{Stage.CLAIMED}|") == 1

        await eventually(counted, "the claim is not counted")
    held = (await embedded_store.directory.tallies((day,)))[day]
    assert {held[f"{stage}|"] for stage in (Stage.VISITOR, Stage.ENGAGED, Stage.HANDED_OFF, Stage.CLAIMED)} == {1}
    assert await differences(embedded_store.directory) == ()
    state = await embedded_store.conversations.load(conversation)
    assert state is not None
    assert [step.stage for step in state.session.course.steps] == [Stage.ENGAGED, Stage.HANDED_OFF, Stage.CLAIMED]


async def test_that_a_real_talk_walks_the_funnel() -> None:
    talk = Talk()
    begun = begin(talk.message("hello"))
    course = NOWHERE_YET
    for number, words in enumerate(
        ("How much is it for a team of 40?", "Please write to ada@nordwind.example, we want to buy this week")
    ):
        await talk.says(words)
        outcome = talk.outcomes[-1]
        walked = replace(outcome.state, session=replace(outcome.state.session, course=course))
        course = with_course(begun, replace(outcome, state=walked), (), now=1.0 + number).state.session.course
    assert course.at(Stage.ENGAGED) == 1.0
    assert course.at(Stage.EMAIL) == course.at(Stage.QUALIFIED) == course.at(Stage.HANDED_OFF) == 2.0
    assert course.at(Stage.CLAIMED) is None
