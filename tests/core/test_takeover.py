"""Reps and the bot at the same moment, over the real store: who answers, what leaves, and what stays inside."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from random import Random

import pytest

from core.ids import ConversationId, MessageId, VisitorId, lead_of
from core.message import InboundMessage, MessageKind
from core.rep import NoteKind, Rep, RepAct, RepAction, RepId
from core.reply import Reply
from core.store_ports import Store
from tests.contracts.builders import home, new_conversation
from tests.core.hub_parts import Ears, Echo, Sales, Thread, ToldClock, eventually, running_hub, said

REPS = [Rep(id=RepId(f"U{number}"), name=f"Rep {number}") for number in range(10)]
RUNS = 60
SEED = 20_261_123


def did(
    conversation: ConversationId, act: RepAct, rep: Rep, *, identity: str, text: str = "", at: float = 1_800_000_000.0
) -> InboundMessage:
    return InboundMessage(
        id=MessageId(identity),
        channel="handoff",
        conversation=conversation,
        visitor=VisitorId(""),
        kind=MessageKind.REP,
        text=text,
        at=at,
        action=RepAction(act=act, rep=rep),
    )


class Phone:
    """A channel that is sent to; says who wrote what arrived."""

    def __init__(self) -> None:
        self.arrived: list[str] = []

    async def send(self, conversation: ConversationId, reply: Reply, *, effect: str, again: bool) -> None:
        assert (bool(conversation), bool(effect), again) == (True, True, False)
        self.arrived.append("bot" if reply.rep is None else "rep")


async def test_that_of_many_who_claim_at_once_one_owns_the_lead_and_the_others_are_told(embedded_store: Store) -> None:
    thread, talk = Thread(), new_conversation()
    async with running_hub(embedded_store, sales=Sales(), thread=thread) as hub:
        await hub.accept(said(talk, "lead"))
        await eventually(lambda: _has_lead(embedded_store, talk), "no lead")
        claims = [did(talk, RepAct.CLAIM, rep, identity=f"claim-{rep.id}") for rep in REPS]
        await asyncio.gather(*(hub.accept(claim) for claim in claims for _ in range(4)))
        await eventually(lambda: len(thread.told) == len(REPS), "not everybody was told")
        lead = await embedded_store.leads.load(lead_of(talk))
    assert lead is not None
    assert lead.owner in REPS
    kinds = thread.kinds(lead_of(talk))
    assert (kinds.count(NoteKind.CLAIMED), kinds.count(NoteKind.ALREADY_CLAIMED)) == (1, len(REPS) - 1)
    told = {note.only_for for _, note in thread.told if note.kind is NoteKind.ALREADY_CLAIMED}
    assert told == {rep.id for rep in REPS if rep != lead.owner}


async def _has_lead(store: Store, talk: ConversationId) -> bool:
    return await store.leads.load(lead_of(talk)) is not None


@pytest.mark.parametrize("channel", ["web", "phone"])
async def test_that_the_bot_says_nothing_once_a_claim_is_acknowledged(embedded_store: Store, channel: str) -> None:
    """A claim at every moment of the bot's turn: before, during, after its commit, while its answer leaves."""
    rng = Random(SEED)
    for run in range(RUNS):
        assert await _claimed_in_between(embedded_store, channel, rng) == 0, f"seed {SEED}, run {run}"


async def _claimed_in_between(store: Store, channel: str, rng: Random) -> int:
    """How much the bot said after the claim was acknowledged."""
    engine, phone, talk, ears = Echo(), Phone(), new_conversation(), Ears()
    engine.pause = rng.uniform(0.0, 0.004)

    async def said_by_bot() -> int:
        if channel == "phone":
            return phone.arrived.count("bot")
        lines = await store.transcripts.read(talk, after=0, limit=50)
        return sum(line.author == "bot" for line in lines)

    async with running_hub(store, engine=engine, sales=Sales(), thread=Thread(), channels={"phone": phone}) as hub:
        await hub.watch(talk, ears)
        await hub.accept(replace(said(talk, "lead"), channel=channel))
        await ears.replied(1)
        question = asyncio.create_task(hub.accept(replace(said(talk, "question"), channel=channel)))
        await asyncio.sleep(rng.uniform(0.0, 0.012))
        await hub.accept(did(talk, RepAct.CLAIM, REPS[0], identity="claim"))
        before = await said_by_bot()
        await question
        await hub.accept(replace(said(talk, "anybody there?"), channel=channel))
        await eventually(lambda: _owned(store, talk), "not claimed")
        await eventually(lambda: _turned(engine, "question", "anybody there?"), "not turned")
    return await said_by_bot() - before


def _turned(engine: Echo, *texts: str) -> bool:
    return set(texts) <= {text for burst in engine.bursts for text in burst}


async def _owned(store: Store, talk: ConversationId) -> bool:
    lead = await store.leads.load(lead_of(talk))
    return lead is not None and lead.owner is not None


async def test_that_whatever_reps_and_visitors_do_no_internal_word_gets_out_and_the_bot_keeps_silent(
    embedded_store: Store,
) -> None:
    """Random acts of two reps and a visitor; internal words are marked, so that one that got out is seen."""
    for seed in range(SEED, SEED + 12):
        await _play(embedded_store, Random(seed), seed)


async def _play(store: Store, rng: Random, seed: int) -> None:
    talk, thread, clock = new_conversation(), Thread(), ToldClock()
    acts = [RepAct.CLAIM, RepAct.REPLY, RepAct.BRIDGE_ON, RepAct.BRIDGE_OFF, RepAct.RETURN, RepAct.SAY, RepAct.WON]
    async with running_hub(store, sales=Sales(), thread=thread, clock=clock) as hub:
        await hub.accept(said(talk, "lead"))
        await eventually(lambda: _has_lead(store, talk), "no lead")
        for number in range(30):
            clock.at += rng.choice([0.0, 1.0, 6.0])
            if rng.random() < 0.4:
                await hub.accept(said(talk, f"visitor {number}", at=clock.at))
                continue
            act, rep = rng.choice(acts), rng.choice(REPS[:2])
            lead = await store.leads.load(lead_of(talk))
            text = "" if act not in {RepAct.REPLY, RepAct.SAY} else f"{act} {number} of {rep.id}"
            if act is RepAct.SAY and lead is not None and not lead.bridged:
                text = f"internal {number}"
            for _ in range(rng.choice([1, 1, 3])):
                await hub.accept(did(talk, act, rep, identity=f"act-{number}", text=text, at=clock.at))
            await eventually(lambda: _taken(store, talk), f"seed {seed}: acts wait")
        clock.at += 60.0
        await eventually(lambda: _said_all(store, talk), f"seed {seed}: words wait")
        await eventually(lambda: _nothing_waits(store, talk), f"seed {seed}: the thread was not told")
    lines = await store.transcripts.read(talk, after=0, limit=500)
    by_reps = [line.text for line in lines if line.author == "rep"]
    assert not [text for text in by_reps if text.startswith("internal")], f"seed {seed}"
    assert len(by_reps) == len(set(by_reps)), f"seed {seed}: something was said twice"
    told = [note.text for _, note in thread.told if note.kind is NoteKind.REP_SAID]
    assert sorted(told) == sorted(by_reps), f"seed {seed}"


async def _taken(store: Store, talk: ConversationId) -> bool:
    return not await store.inbox.waiting(home(talk), after=0)


async def _said_all(store: Store, talk: ConversationId) -> bool:
    state = await store.conversations.load(talk)
    return state is not None and not state.session.to_say and await _taken(store, talk)


async def _nothing_waits(store: Store, talk: ConversationId) -> bool:
    return not await store.outbox.pending(home(talk))


async def test_that_acts_on_a_talk_nobody_began_are_set_aside(embedded_store: Store) -> None:
    engine, talk = Echo(), new_conversation()
    async with running_hub(embedded_store, engine=engine, sales=Sales(), thread=Thread()) as hub:
        await hub.accept(did(talk, RepAct.CLAIM, REPS[0], identity="claim"))
        await eventually(lambda: _taken(embedded_store, talk), "still waiting")
    assert await embedded_store.conversations.load(talk) is None
    assert engine.bursts == []


async def test_that_the_visitors_words_come_to_the_thread_of_who_answers(embedded_store: Store) -> None:
    thread, talk, ears = Thread(), new_conversation(), Ears()
    async with running_hub(embedded_store, sales=Sales(), thread=thread) as hub:
        await hub.watch(talk, ears)
        await hub.accept(said(talk, "lead"))
        await ears.replied(1)
        await hub.accept(did(talk, RepAct.CLAIM, REPS[0], identity="claim"))
        await hub.accept(said(talk, "are you there?"))
        await eventually(lambda: NoteKind.VISITOR_SAID in thread.kinds(lead_of(talk)), "the thread was not told")
        await hub.accept(did(talk, RepAct.REPLY, REPS[0], identity="reply", text="I am"))
        await ears.until(lambda lines: any(line.author == "rep" for line in lines))
        await hub.accept(did(talk, RepAct.RETURN, REPS[0], identity="return"))
        await hub.accept(said(talk, "and now?"))
        await ears.replied(2)
        told = [NoteKind.CLAIMED, NoteKind.VISITOR_SAID, NoteKind.REP_SAID, NoteKind.RETURNED]
        await eventually(lambda: thread.kinds(lead_of(talk)) == told, "the thread was told something else")
    assert [line.text for line in ears.lines if line.author == "rep"] == ["I am"]
