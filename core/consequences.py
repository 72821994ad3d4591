"""What a finished turn sets going: the reply, the lead, what others hear of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from core.dispatching import person_wanted
from core.fact import Field
from core.handling import overheard
from core.ids import person_of
from core.joining import thread_of, told, told_team
from core.lead import Lead
from core.ledger import text_of
from core.making import Turn
from core.phrases import Phrases
from core.receiving import spoken
from core.recognising import for_the_ledger
from core.reply import ProfileContext, Reply
from core.rooms import House
from core.same_address import compared
from core.session import Session
from core.turn import DeliverLead, DeliverReply, Effect, RecordFacts


def reply_effect(session: Session, reply: Reply | None, house: House) -> Iterator[Effect]:
    if reply and session.channel not in house.transcript_channels:
        yield DeliverReply(channel=session.channel, conversation=session.conversation, reply=reply)


def effects_of(
    turn: Turn, reply: Reply | None, lead: Lead | None, house: House, team_phrases: Phrases
) -> Iterator[Effect]:
    """`lead` where it has changed; what the team is told is in `team_phrases`."""
    session = turn.view.session
    yield from reply_effect(session, reply, house)
    if lead is not None:
        yield DeliverLead(lead=lead.id)
        yield from told_team(turn.state.lead, lead, team_phrases)
    yield from overheard(turn.state.lead, spoken(turn.view.messages), turn.applied)
    yield from person_wanted(turn.state.lead, turn.view)
    recorded = for_the_ledger(turn.state, session, turn.own)
    if recorded:
        yield RecordFacts(person=person_of(session.visitor), facts=recorded)
    yield from told(turn.state, session, turn.view.messages)
    yield from compared(thread_of(session), turn.own)


def spoken_text(reply: Reply) -> str:
    return " ".join(filter(None, (reply.main_text, reply.email_prompt)))


def profile_context(turn: Turn) -> ProfileContext:
    return ProfileContext(
        persona_match=turn.view.persona.name if turn.view.persona else "",
        technical_level=text_of(turn.known, Field.TECHNICAL_LEVEL),
        buying_readiness=turn.readiness.level,
    )
