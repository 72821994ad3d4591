"""The thread of a lead hears what changes: at once what calls for an act, the rest gathered, nothing twice."""

from __future__ import annotations

from dataclasses import replace

from core.enrich import REASON_HOT, REASON_HUMAN
from core.lead import Lead, Route
from core.rep import NoteKind, RepAct, Told
from core.telling import GATHERED, NEWS_TIMER, Telling, telling
from core.turn import TellTeam, Timer
from tests.core.test_news import BUDGET, LEAD, NEED
from tests.scenarios.test_promises import Desk, notes, team

POSTED = telling(None, None, LEAD, 1_000.0).told
RICHER = replace(LEAD, qualification=(NEED, replace(BUDGET, answer="$500 a month")))
WARMER = replace(LEAD, readiness=replace(LEAD.readiness, level="high"))


def items(found: Telling) -> list[tuple[str, ...]]:
    return [effect.note.items for effect in found.effects]


def told(lead: Lead, at: float, known: Told | None = POSTED) -> Telling:
    return telling(known, LEAD, lead, at)


def test_that_a_new_card_is_no_news() -> None:
    assert telling(None, None, LEAD, 1_000.0).effects == ()
    assert telling(None, None, None, 1_000.0) == Telling(told=None)


def test_that_changes_are_gathered_and_told_by_a_timer() -> None:
    first = told(RICHER, 1_010.0)
    assert (first.effects, first.timers) == ((), (Timer(name=NEWS_TIMER, at=1_000.0 + GATHERED),))
    both = replace(RICHER, readiness=WARMER.readiness)
    due = telling(first.told, both, both, 1_000.0 + GATHERED)
    assert items(due) == [("level.high", "Budget: $500 a month")]
    assert telling(due.told, both, both, 2_000.0).effects == ()


def test_that_what_goes_back_is_not_told_at_all() -> None:
    up = told(WARMER, 1_010.0)
    assert up.timers
    assert telling(up.told, WARMER, LEAD, 1_000.0 + GATHERED).effects == ()


def test_that_a_new_reason_waits_for_nothing_and_takes_the_rest_along() -> None:
    hot = replace(RICHER, reasons=(*LEAD.reasons, REASON_HOT))
    assert items(told(hot, 1_010.0)) == [(REASON_HOT, "Budget: $500 a month")]


def test_that_the_wish_for_a_person_has_a_note_of_its_own() -> None:
    assert told(replace(LEAD, reasons=(*LEAD.reasons, REASON_HUMAN)), 5_000.0).effects == ()


def test_that_who_answers_the_visitor_is_not_told_the_visitors_words_again() -> None:
    claimed = replace(RICHER, handled_by="human", readiness=WARMER.readiness)
    heard = told(claimed, 5_000.0)
    assert items(heard) == [("level.high",)]
    back = replace(claimed, handled_by="bot")
    assert telling(heard.told, claimed, back, 9_000.0).effects == ()


def test_that_a_quiet_lead_and_one_with_a_verdict_are_left_alone() -> None:
    assert told(replace(RICHER, route=Route(quiet=True)), 5_000.0).effects == ()
    assert told(replace(RICHER, verdict="won"), 5_000.0).effects == ()


async def test_that_a_whole_conversation_is_told_in_one_note() -> None:
    desk = Desk(None, team(sla=[]), name="news")
    await desk.says("My address is kim@oakfield.example")
    await desk.says("Our budget is 900 euros a month.")
    await desk.says("We have to decide within two weeks.")
    assert NEWS_TIMER in desk.timers
    due = await desk.falls_due(NEWS_TIMER)
    (note,) = notes(due)
    assert note.kind is NoteKind.CHANGED
    assert any("900" in item for item in note.items)
    assert due.reply is None
    desk.timers.clear()
    await desk.acts(RepAct.CLAIM)
    later = await desk.says("In fact it is 1,200 euros a month.")
    changed = [effect for effect in later.effects if isinstance(effect, TellTeam) and effect.note.items]
    assert changed == []
