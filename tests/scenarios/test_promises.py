"""Visitors who ask for a person: what they are promised, by whom it is backed, and how each promise ends."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from config.models.handoff import HandoffSettings
from core.escalating import STEP
from core.ids import LeadId, MessageId, VisitorId
from core.message import InboundMessage, MessageKind
from core.promise import PROMISE_TIMER, Promise, PromiseState
from core.rep import NoteKind, Rep, RepAct, RepAction, RepId, TeamNote
from core.store_ports import Store
from core.turn import DeliverLead, TellTeam, Timer, TurnOutcome
from handoff.dispatch import Dispatch
from tests.contracts.stores import embedded_server, embedded_store
from tests.core.talking import CLOCK, NOON, Talk, engine_with

__all__ = ["embedded_server", "embedded_store"]

ANN = Rep(id=RepId("U0ANN"), name="Ann Archer")
OPEN = {"time_zone": "UTC", "week": {"sunday": ["9:00-17:00"]}}
SHUT = {"time_zone": "Europe/Berlin", "week": {"monday": ["9:00-17:00"]}}
LADDER = [
    {"after": 5, "tell": "thread"},
    {"after": 5, "tell": "assigned"},
    {"after": 5, "tell": "manager"},
    {"after": 5, "tell": "next"},
]
PEOPLE = [{"slack": "U0ANN", "name": "Ann Archer"}, {"slack": "U0BOB", "name": "Bob"}]


def team(**more: Any) -> dict[str, Any]:
    return {"id": "inbound", "hours": OPEN, "answers_within": 5, "manager": "U0MANAGER", "sla": LADDER, **more}


class Desk:
    """One conversation with a team behind it; timers are set off by hand."""

    def __init__(self, store: Store | None, *teams: dict[str, Any], name: str = "promise", **more: Any) -> None:
        settings = HandoffSettings.model_validate({"teams": teams, **more})
        engine = engine_with(roster=Dispatch(settings, store.rota if store else None))
        self.talk = Talk(name, engine=engine)
        self.timers: dict[str, float] = {}

    async def says(self, text: str) -> TurnOutcome:
        return self._kept(await self.talk.says(text))

    async def acts(self, act: RepAct, *, text: str = "", at: float = NOON) -> TurnOutcome:
        message = self._message(MessageKind.REP, text, at)
        return await self._handled(replace(message, action=RepAction(act=act, rep=ANN)), at)

    async def falls_due(self, name: str) -> TurnOutcome:
        at = self.timers.pop(name)
        return await self._handled(self._message(MessageKind.TIMER, name, at), at)

    async def _handled(self, message: InboundMessage, now: float) -> TurnOutcome:
        assert self.talk.state is not None
        CLOCK.seconds = now
        outcome = self._kept(await self.talk.engine.handle(self.talk.state, message))
        self.talk.state = outcome.state
        return outcome

    def _kept(self, outcome: TurnOutcome) -> TurnOutcome:
        for timer in outcome.timers:
            self._set(timer)
        return outcome

    def _set(self, timer: Timer) -> None:
        if timer.at is None:
            self.timers.pop(timer.name, None)
        else:
            self.timers[timer.name] = timer.at

    def _message(self, kind: MessageKind, text: str, at: float) -> InboundMessage:
        assert self.talk.state is not None
        return InboundMessage(
            id=MessageId(f"{kind}.{text}.{at}"),
            channel="web",
            conversation=self.talk.state.session.conversation,
            visitor=VisitorId("visitor"),
            kind=kind,
            text=text,
            at=at,
        )

    @property
    def promise(self) -> Promise | None:
        assert self.talk.state is not None
        return self.talk.state.session.promise


def notes(outcome: TurnOutcome) -> list[TeamNote]:
    return [effect.note for effect in outcome.effects if isinstance(effect, TellTeam)]


def text_of(outcome: TurnOutcome) -> str:
    assert outcome.reply is not None
    return outcome.reply.main_text


ASKED = {
    "en": "Can I talk to a person please?",
    "de": "Kann ich bitte mit einem Menschen sprechen?",
    "fr": "Je voudrais parler à une personne, s'il vous plaît",
    "es": "¿Puedo hablar con una persona, por favor?",
    "pt": "Posso falar com uma pessoa, por favor?",
    "nl": "Kan ik een medewerker spreken alstublieft?",
}


@pytest.mark.parametrize("language", ASKED)
async def test_that_a_person_is_promised_while_the_team_is_there(language: str) -> None:
    desk = Desk(None, team(sla=[]))
    outcome = await desk.says(ASKED[language])
    assert outcome.state.session.language == language
    assert "5 min" in text_of(outcome).casefold()
    assert desk.promise == Promise(made_at=CLOCK.seconds, due=CLOCK.seconds + 300)
    assert desk.timers[PROMISE_TIMER] == CLOCK.seconds + 300
    assert outcome.state.lead is not None


@pytest.mark.parametrize(
    ("language", "back"),
    [
        ("en", "tomorrow at 9:00 (Berlin time)"),
        ("de", "morgen um 9:00 Uhr"),
        ("fr", "demain à 9:00"),
        ("es", "mañana a las 9:00"),
        ("pt", "amanhã às 9:00"),
        ("nl", "morgen om 9:00 uur"),
    ],
)
async def test_that_a_team_that_is_away_is_said_to_be_with_when_it_is_back(language: str, back: str) -> None:
    desk = Desk(None, team(hours=SHUT, sla=[]))
    outcome = await desk.says(ASKED[language])
    assert back in text_of(outcome)
    assert outcome.reply is not None
    assert outcome.reply.email_prompt
    assert (desk.promise, PROMISE_TIMER in desk.timers) == (None, False)


async def test_that_who_has_left_an_address_is_told_where_the_team_answers() -> None:
    desk = Desk(None, team(hours=SHUT, sla=[]))
    await desk.says("My address is kim@oakfield.example")
    assert "they are back tomorrow at 9:00 (Berlin time) and answer to kim@oakfield.example" in text_of(
        await desk.says(ASKED["en"])
    ) or "kim@oakfield.example" in text_of(desk.talk.outcomes[-1])


@pytest.mark.parametrize("given", [{"hours": None}, {"hours": {"time_zone": "UTC", "week": {"monday": []}}}])
async def test_that_nothing_is_promised_where_hours_do_not_back_it(given: dict[str, Any]) -> None:
    desk = Desk(None, team(sla=[], **given))
    assert "within" not in text_of(await desk.says(ASKED["en"]))
    assert desk.promise is None


async def test_that_nothing_is_promised_when_everybody_has_enough(embedded_store: Store) -> None:
    people = [{"slack": "U0FULL", "capacity": 1}]
    await embedded_store.rota.settle(LeadId("another"), RepId("U0FULL"), now=NOON)
    desk = Desk(embedded_store, team(members=people), name="full")
    outcome = await desk.says(ASKED["en"])
    assert (desk.promise, "within" in text_of(outcome)) == (None, False)
    assert outcome.state.lead is not None
    assert outcome.state.lead.assigned is None


async def test_that_nothing_is_promised_when_the_team_is_about_to_leave() -> None:
    desk = Desk(None, team(sla=[], hours={"time_zone": "UTC", "week": {"sunday": ["9:00-12:03"]}}))
    await desk.says(ASKED["en"])
    assert desk.promise is None


async def test_that_who_asks_twice_is_promised_once() -> None:
    desk = Desk(None, team(sla=[]))
    await desk.says(ASKED["en"])
    before = desk.promise
    again = await desk.says("I want to talk to a human, please")
    assert desk.promise == before
    assert [note.kind for note in notes(again)] == [NoteKind.HUMAN_WANTED]


async def test_that_a_reply_of_a_rep_keeps_the_promise() -> None:
    desk = Desk(None, team(sla=[]))
    await desk.says(ASKED["en"])
    await desk.acts(RepAct.REPLY, text="Hello, Ann here.", at=NOON + 100)
    assert desk.promise is not None
    assert (desk.promise.state, desk.promise.ended_at) == (PromiseState.KEPT, NOON + 100)
    due = await desk.falls_due(PROMISE_TIMER)
    assert (due.reply, due.effects) == (None, ())


async def test_that_a_visitor_nobody_comes_to_is_told_and_offered_something_else() -> None:
    desk = Desk(None, team(sla=[]))
    await desk.says(ASKED["en"])
    due = await desk.falls_due(PROMISE_TIMER)
    assert "nobody of the team has made it here yet" in text_of(due)
    assert "e-mail" in text_of(due)
    assert due.reply is not None
    assert due.reply.rep is None
    assert due.state.recent[-1].author == "bot"
    assert desk.promise is not None
    assert desk.promise.state is PromiseState.TOLD
    assert [note.kind for note in notes(due)] == [NoteKind.HUMAN_WANTED]
    again = await desk.says("I want to talk to a human, please")
    assert "within" not in text_of(again)  # not promised again by those who did not come
    answered = await desk.says("kim@oakfield.example")
    assert answered.state.lead is not None
    assert answered.state.lead.email == "kim@oakfield.example"


async def test_that_a_rep_who_has_taken_over_is_reminded_and_the_bot_stays_silent() -> None:
    desk = Desk(None, team(sla=[]))
    await desk.says(ASKED["en"])
    await desk.acts(RepAct.CLAIM, at=NOON + 60)
    due = await desk.falls_due(PROMISE_TIMER)
    assert due.reply is None
    assert [(note.kind, note.items) for note in notes(due)] == [(NoteKind.HUMAN_WANTED, (ANN.id,))]
    assert desk.promise is not None
    assert desk.promise.state is PromiseState.ESCALATED


async def test_that_a_wish_for_a_person_is_heard_while_a_person_answers() -> None:
    desk = Desk(None, team(sla=[]))
    await desk.says(ASKED["en"])
    await desk.acts(RepAct.CLAIM)
    heard = await desk.says("Hello? I want to talk to a human, please")
    assert heard.reply is None
    assert [note.kind for note in notes(heard)] == [NoteKind.VISITOR_SAID, NoteKind.HUMAN_WANTED]


async def test_that_nobody_coming_climbs_the_ladder_to_the_next_rep(embedded_store: Store) -> None:
    desk = Desk(embedded_store, team(members=PEOPLE), name="ladder")
    begun = await desk.says("We would like a demo. kim@oakfield.example")
    lead = begun.state.lead
    assert lead is not None
    assert lead.assigned is not None
    assert desk.timers[f"{STEP}0"] == CLOCK.seconds + 300
    steps = [await desk.falls_due(f"{STEP}{step}") for step in range(4)]
    told = [notes(one)[0] for one in steps]
    assert {note.kind for note in told} == {NoteKind.ESCALATED}
    assert [note.only_for for note in told] == [None, lead.assigned.id, RepId("U0MANAGER"), None]
    last = steps[-1].state.lead
    assert last is not None
    assert last.assigned is not None
    assert {last.assigned.id, lead.assigned.id} == {RepId("U0ANN"), RepId("U0BOB")}
    assert (last.passed, told[-1].items) == ((lead.assigned.id,), (last.assigned.id,))
    assert DeliverLead(lead=last.id) in steps[-1].effects
    assert not [name for name in desk.timers if name.startswith(STEP)]


@pytest.mark.parametrize("act", [RepAct.CLAIM, RepAct.DISQUALIFY, RepAct.MUTE])
async def test_that_the_ladder_ends_with_whoever_does_something(act: RepAct) -> None:
    desk = Desk(None, team())
    await desk.says("We would like a demo. kim@oakfield.example")
    await desk.acts(act)
    step = await desk.falls_due(f"{STEP}0")
    assert (step.effects, step.timers) == ((), ())


async def test_that_steps_wait_for_opening_hours() -> None:
    desk = Desk(None, team(hours=SHUT))
    await desk.says("We would like a demo. kim@oakfield.example")
    monday = NOON + 20 * 3_600  # 9:00 in Berlin
    assert desk.timers[f"{STEP}0"] == monday + 300


async def test_that_who_looks_for_a_job_is_shown_the_door_and_no_lead() -> None:
    desk = Desk(None, team())
    outcome = await desk.says(
        "I'd like to apply for a job at your company. Can I talk to a person? kim@oakfield.example"
    )
    assert outcome.state.lead is None
    assert (desk.promise, desk.timers.keys() & {PROMISE_TIMER, f"{STEP}0"}) == (None, set())


async def test_that_a_quiet_lead_is_heard_once_its_visitor_asks_for_a_person() -> None:
    desk = Desk(None, team(sla=[]), rules=[{"name": "all", "then": {"quiet": True}}])
    quiet = await desk.says("We would like a demo. kim@oakfield.example")
    assert quiet.state.lead is not None
    assert quiet.state.lead.route is not None
    assert quiet.state.lead.route.quiet
    loud = await desk.says(ASKED["en"])
    assert loud.state.lead is not None
    assert loud.state.lead.route is not None
    assert not loud.state.lead.route.quiet
    assert loud.state.lead.revision > quiet.state.lead.revision


@pytest.mark.parametrize("seed", range(25))
async def test_that_every_promise_reaches_an_end(seed: int) -> None:
    """Whatever reps and the visitor do meanwhile, and in whatever order timers fall due."""
    rng = random.Random(seed)
    desk = Desk(None, team(), name=f"any-{seed}")
    await desk.says(ASKED["en"])
    made = [desk.promise]
    for _ in range(12):
        happens = rng.choice(["says", "asks", "acts", "acts", "time"])
        if happens == "says":
            await desk.says(rng.choice(["What does it cost?", "kim@oakfield.example", "Thanks"]))
        elif happens == "asks":
            await desk.says(rng.choice(list(ASKED.values())))
        elif happens == "acts":
            acts = [RepAct.CLAIM, RepAct.RETURN, RepAct.MUTE, RepAct.REPLY, RepAct.DISQUALIFY, RepAct.BRIDGE_ON]
            await desk.acts(rng.choice(acts), text="Hello", at=CLOCK.seconds)
        elif desk.timers:
            await desk.falls_due(rng.choice(sorted(desk.timers)))
        made.append(desk.promise)
    while desk.timers:
        await desk.falls_due(min(desk.timers, key=lambda name: desk.timers[name]))
    assert made[0] is not None
    assert desk.promise is not None
    assert not desk.promise.is_open
