"""What each act of a rep's does to a lead, its conversation, its thread and the visitor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.fact import Field
from core.handling import SAY, SNOOZE, handle
from core.ids import ConversationId, MessageId, VisitorId
from core.lead import Lead, LeadStatus
from core.message import InboundMessage, MessageKind
from core.rep import REASON_LIMIT, UNDO_SECONDS, LeadEdit, NoteKind, Rep, RepAct, RepAction, RepId, TeamNote
from core.reply import Mode
from core.session import ConversationState
from core.turn import DeliverLead, DeliverReply, TellTeam, Timer, TurnOutcome
from tests.contracts.builders import lead
from tests.core.pieces import count, fact, session
from tests.core.talking import english

ANN = Rep(id=RepId("U0ANN"), name="Ann Archer", picture="ab" * 16)
BOB = Rep(id=RepId("U0BOB"), name="Bob")
TALK = ConversationId("talk-1")
NOW = 1_800_000_000.0


def state(*, channel: str = "web", **changes: Any) -> ConversationState:
    """A conversation with a lead nobody has claimed."""
    return ConversationState(
        session=replace(session(mode=Mode.SALES), conversation=TALK, channel=channel),
        lead=replace(lead(TALK), **changes),
    )


def acted(before: ConversationState, act: RepAct, rep: Rep = ANN, *, text: str = "", **details: Any) -> TurnOutcome:
    about = details.pop("about", None)
    message = InboundMessage(
        id=MessageId(f"act-{act}"),
        channel="handoff",
        conversation=TALK,
        visitor=VisitorId(""),
        kind=MessageKind.REP,
        text=text,
        at=NOW,
        about=about,
        action=RepAction(act=act, rep=rep, **details),
    )
    return applied(before, message)


def fell_due(before: ConversationState, name: str, at: float) -> TurnOutcome:
    message = InboundMessage(
        id=MessageId(name),
        channel="web",
        conversation=TALK,
        visitor=VisitorId("v"),
        kind=MessageKind.TIMER,
        text=name,
        at=at,
    )
    return applied(before, message)


def applied(before: ConversationState, message: InboundMessage) -> TurnOutcome:
    return handle(before, message, now=NOW, phrases=english(), transcript_channels=frozenset({"web"}))


def notes(outcome: TurnOutcome) -> list[TeamNote]:
    return [effect.note for effect in outcome.effects if isinstance(effect, TellTeam)]


def lead_after(outcome: TurnOutcome) -> Lead:
    assert outcome.state.lead is not None
    return outcome.state.lead


def test_that_a_claim_makes_an_owner_and_silences_the_bot() -> None:
    outcome = acted(state(), RepAct.CLAIM)
    after = lead_after(outcome)
    assert (after.owner, after.handled_by, after.claimed_at, after.revision) == (ANN, "human", NOW, 2)
    assert outcome.state.session.mode is Mode.HUMAN
    assert [note.kind for note in notes(outcome)] == [NoteKind.CLAIMED]
    assert DeliverLead(lead=after.id) in outcome.effects
    assert outcome.reply is None


def test_that_the_second_to_claim_learns_who_was_first_and_nobody_else_does() -> None:
    first = acted(state(), RepAct.CLAIM).state
    outcome = acted(first, RepAct.CLAIM, BOB)
    assert lead_after(outcome) == first.lead
    assert [(note.kind, note.rep, note.only_for) for note in notes(outcome)] == [
        (NoteKind.ALREADY_CLAIMED, ANN, BOB.id)
    ]
    assert not outcome.lead_changed


def test_that_a_second_click_of_the_owner_does_nothing() -> None:
    outcome = acted(acted(state(), RepAct.CLAIM).state, RepAct.CLAIM)
    assert (outcome.effects, outcome.lead_changed) == ((), False)


def test_that_a_reply_claims_and_goes_to_the_visitor_under_the_first_name() -> None:
    outcome = acted(state(), RepAct.REPLY, text="Hello, Ann here.")
    assert outcome.reply is not None
    assert outcome.reply.to_wire()["rep"] == {"name": "Ann", "picture": ANN.picture}
    assert (outcome.reply.main_text, outcome.reply.mode) == ("Hello, Ann here.", Mode.HUMAN)
    assert (lead_after(outcome).owner, lead_after(outcome).status) == (ANN, LeadStatus.CONTACTED)
    assert [(note.kind, note.text) for note in notes(outcome)] == [(NoteKind.REP_SAID, "Hello, Ann here.")]
    assert outcome.state.recent[-1].author == "rep"


def test_that_a_reply_leaves_by_the_channel_that_is_sent_to() -> None:
    outcome = acted(state(channel="telegram"), RepAct.REPLY, text="Hello")
    assert outcome.reply is not None
    assert outcome.effects[0] == DeliverReply(channel="telegram", conversation=TALK, reply=outcome.reply)
    assert not any(isinstance(one, DeliverReply) for one in acted(state(), RepAct.REPLY, text="Hello").effects)


def test_that_only_the_owner_replies() -> None:
    outcome = acted(acted(state(), RepAct.CLAIM).state, RepAct.REPLY, BOB, text="Me too")
    assert outcome.reply is None
    assert notes(outcome)[0].kind is NoteKind.ALREADY_CLAIMED


@pytest.mark.parametrize("bridged", [False, True])
def test_that_words_of_a_thread_leave_it_only_over_a_bridge(bridged: bool) -> None:  # noqa: FBT001
    claimed = acted(state(), RepAct.BRIDGE_ON if bridged else RepAct.CLAIM).state
    outcome = acted(claimed, RepAct.SAY, text="internal or not")
    assert outcome.reply is None
    assert bool(outcome.timers) is bridged
    assert notes(outcome)[0].kind is (NoteKind.ABOUT_TO_SAY if bridged else NoteKind.NOT_POSSIBLE)


def test_that_bridged_words_go_when_their_time_has_come() -> None:
    waiting = acted(acted(state(), RepAct.BRIDGE_ON).state, RepAct.SAY, text="On its way")
    (timer,) = waiting.timers
    assert timer == Timer(name=f"{SAY}act-say", at=NOW + UNDO_SECONDS)
    outcome = fell_due(waiting.state, timer.name, timer.at or 0.0)
    assert outcome.reply is not None
    assert (outcome.reply.main_text, outcome.reply.rep) == ("On its way", ANN)
    again = fell_due(outcome.state, timer.name, timer.at or 0.0)
    assert (again.reply, again.effects) == (None, ())


def test_that_bridged_words_are_taken_back_in_time() -> None:
    waiting = acted(acted(state(), RepAct.BRIDGE_ON).state, RepAct.SAY, text="Oops").state
    undone = acted(waiting, RepAct.UNDO, about=MessageId("act-say"))
    assert undone.timers == (Timer(name=f"{SAY}act-say", at=None),)
    assert notes(undone)[0].kind is NoteKind.UNDONE
    assert fell_due(undone.state, f"{SAY}act-say", NOW + UNDO_SECONDS).reply is None
    assert notes(acted(undone.state, RepAct.UNDO, about=MessageId("act-say")))[0].kind is NoteKind.NOT_POSSIBLE


def test_that_nobody_takes_back_a_colleagues_words() -> None:
    waiting = acted(acted(state(), RepAct.BRIDGE_ON).state, RepAct.SAY, text="Mine").state
    assert notes(acted(waiting, RepAct.UNDO, BOB, about=MessageId("act-say")))[0].kind is NoteKind.NOT_POSSIBLE


SAID = MessageId("act-say")


def said_over_the_bridge() -> ConversationState:
    waiting = acted(acted(state(), RepAct.BRIDGE_ON).state, RepAct.SAY, text="It costs 80").state
    return fell_due(waiting, f"{SAY}act-say", NOW + UNDO_SECONDS).state


def test_that_an_edit_in_time_changes_what_goes_and_a_deletion_takes_it_back() -> None:
    waiting = acted(acted(state(), RepAct.BRIDGE_ON).state, RepAct.SAY, text="It costs 80").state
    edited = acted(waiting, RepAct.AMEND, about=SAID, text="It costs 90")
    assert [(note.kind, note.text, note.message) for note in notes(edited)] == [
        (NoteKind.ABOUT_TO_SAY, "It costs 90", SAID)
    ]
    gone = fell_due(edited.state, f"{SAY}act-say", NOW + UNDO_SECONDS)
    assert gone.reply is not None
    assert gone.reply.main_text == "It costs 90"
    deleted = acted(waiting, RepAct.AMEND, about=SAID)
    assert notes(deleted)[0].kind is NoteKind.UNDONE
    assert fell_due(deleted.state, f"{SAY}act-say", NOW + UNDO_SECONDS).reply is None


def test_that_an_edit_of_what_was_read_follows_as_a_correction() -> None:
    outcome = acted(said_over_the_bridge(), RepAct.AMEND, about=SAID, text="It costs 90")
    assert outcome.reply is not None
    assert (outcome.reply.main_text, outcome.reply.rep) == ("Correction: It costs 90", ANN)
    assert notes(outcome)[0].kind is NoteKind.REP_SAID


def test_that_what_was_read_is_not_taken_back_and_the_rep_hears_that() -> None:
    outcome = acted(said_over_the_bridge(), RepAct.AMEND, about=SAID)
    assert outcome.reply is None
    assert [(note.kind, note.only_for) for note in notes(outcome)] == [(NoteKind.NOT_POSSIBLE, ANN.id)]


def test_that_no_edit_leaves_a_thread_whose_bridge_is_off_or_that_is_a_colleagues() -> None:
    read = said_over_the_bridge()
    off = acted(read, RepAct.BRIDGE_OFF).state
    assert acted(off, RepAct.AMEND, about=SAID, text="internal").reply is None
    assert acted(read, RepAct.AMEND, BOB, about=SAID, text="not mine").reply is None


def test_that_an_edit_of_what_never_left_says_nothing_to_anybody() -> None:
    claimed = acted(state(), RepAct.CLAIM).state
    outcome = acted(claimed, RepAct.AMEND, about=MessageId("internal"), text="still internal")
    assert (outcome.reply, outcome.effects) == (None, ())


@pytest.mark.parametrize(("known", "mode"), [((), Mode.LEAD), ((Field.EMAIL,), Mode.SALES)])
def test_that_the_bot_gets_the_talk_back_with_what_was_learned(known: tuple[Field, ...], mode: Mode) -> None:
    claimed = acted(state(), RepAct.CLAIM).state
    told = (*(fact(field, "ada@example.com", at=1.0) for field in known), fact(Field.TEAM_SIZE, count(12), at=NOW + 60))
    outcome = acted(replace(claimed, facts=told), RepAct.RETURN)
    after = lead_after(outcome)
    assert (after.owner, after.handled_by, outcome.state.session.mode) == (ANN, "bot", mode)
    (note,) = notes(outcome)
    assert note.kind is NoteKind.RETURNED
    assert "12" in " ".join(note.items)


def test_that_a_snooze_wakes_the_thread_once() -> None:
    snoozed = acted(state(), RepAct.SNOOZE, until=NOW + 3600)
    assert snoozed.timers == (Timer(name=SNOOZE, at=NOW + 3600),)
    assert lead_after(snoozed).snoozed_until == NOW + 3600
    woken = fell_due(snoozed.state, SNOOZE, NOW + 3600)
    assert [note.kind for note in notes(woken)] == [NoteKind.WOKEN]
    assert fell_due(woken.state, SNOOZE, NOW + 3600).effects == ()
    assert notes(acted(state(), RepAct.SNOOZE, until=NOW))[0].kind is NoteKind.NOT_POSSIBLE


def test_that_a_claim_ends_a_snooze() -> None:
    outcome = acted(acted(state(), RepAct.SNOOZE, until=NOW + 60).state, RepAct.CLAIM)
    assert outcome.timers == (Timer(name=SNOOZE, at=None),)
    assert lead_after(outcome).snoozed_until == 0.0


def test_that_an_assigned_lead_is_the_other_reps() -> None:
    outcome = acted(state(), RepAct.ASSIGN, to=BOB)
    assert lead_after(outcome).owner == BOB
    assert [(note.kind, note.rep, note.text) for note in notes(outcome)] == [(NoteKind.ASSIGNED, BOB, ANN.name)]


def test_that_a_muted_bot_makes_nobody_the_owner() -> None:
    outcome = acted(state(), RepAct.MUTE)
    after = lead_after(outcome)
    assert (after.owner, after.handled_by, after.claimed_at) == (None, "human", 0.0)
    assert outcome.state.session.mode is Mode.HUMAN


@pytest.mark.parametrize(
    ("act", "status", "kind"),
    [
        (RepAct.WON, LeadStatus.CONVERTED, NoteKind.WON),
        (RepAct.LOST, LeadStatus.LOST, NoteKind.LOST),
        (RepAct.DISQUALIFY, LeadStatus.LOST, NoteKind.DISQUALIFIED),
    ],
)
def test_that_a_verdict_is_kept_with_its_reason(act: RepAct, status: LeadStatus, kind: NoteKind) -> None:
    outcome = acted(state(), act, reason="  too\nexpensive  " + "x" * 400, value=1200.0)
    after = lead_after(outcome)
    assert (after.status, after.value, len(after.verdict_reason)) == (status, 1200.0, REASON_LIMIT)
    assert after.verdict_reason.startswith("too expensive")
    assert [note.kind for note in notes(outcome)] == [kind]
    assert notes(acted(outcome.state, act))[0].kind is NoteKind.NOT_POSSIBLE


def test_that_a_note_stays_with_the_lead() -> None:
    outcome = acted(state(), RepAct.NOTE, reason="called twice")
    assert lead_after(outcome).notes == ("called twice",)
    assert outcome.reply is None


@pytest.mark.parametrize("act", list(RepAct))
def test_that_without_a_lead_nothing_happens(act: RepAct) -> None:
    bare = ConversationState(session=replace(session(), conversation=TALK))
    outcome = acted(bare, act, text="hello", to=BOB, until=NOW + 9, reason="x")
    assert (outcome.state, outcome.effects, outcome.reply) == (bare, (), None)


def test_that_an_edit_changes_the_card_quietly_and_the_same_again_nothing() -> None:
    before = state(verdict="lost", status=LeadStatus.LOST)
    outcome = acted(before, RepAct.EDIT, edit=LeadEdit(stage="contacted", tags=("fair",), value=900.0))
    after = lead_after(outcome)
    assert (after.status, after.verdict, after.tags, after.value) == (LeadStatus.CONTACTED, "", ("fair",), 900.0)
    assert outcome.effects == (DeliverLead(lead=after.id),)
    again = acted(outcome.state, RepAct.EDIT, edit=LeadEdit(stage="contacted", tags=("fair",), value=900.0))
    assert (lead_after(again).revision, again.effects) == (after.revision, ())
    assert acted(before, RepAct.EDIT).effects == ()
