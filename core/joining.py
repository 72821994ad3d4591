"""Several conversations of one person: what each may know of the others, where the lead is kept, who tells whom."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.enrich import new_threads
from core.fact import Fact
from core.ids import ConversationId, MessageId, PersonId, VisitorId, person_of
from core.lead import Lead
from core.ledger import settled
from core.message import InboundMessage, MessageKind
from core.people import Link, Thread, merged, open_to, same_person
from core.people_ports import Acquaintances
from core.phrases import Phrases
from core.receiving import spoken
from core.rep import NoteKind, TeamNote
from core.same_address import hinted
from core.session import ConversationState, EmailAsking, Session
from core.store_ports import Notes, Store
from core.turn import TellTeam, TellThread, TurnView

HOME_LIFE = 400 * 86_400.0
"""Seconds it is known where the lead of a logged-in person lies."""
_HOMES = ":leads"
"""Where in the notes; no channel can have this name."""
MOST_THREADS = 8
"""Other conversations that one knows of; the ones that told of themselves last."""


def thread_of(session: Session) -> Thread:
    return Thread(
        conversation=session.conversation,
        visitor=session.visitor,
        channel=session.channel,
        wants_person=session.human_asked,
    )


def is_joined(session: Session, messages: Iterable[InboundMessage]) -> bool:
    """Whether a conversation has to do with others of the same person, as far as it knows."""
    known = session.continues or session.threads or session.home
    return bool(known) or any(message.continues or message.kind is MessageKind.JOINED for message in messages)


async def joined(
    store: Store, state: ConversationState, messages: Sequence[InboundMessage], met: Acquaintances
) -> ConversationState:
    """The state as its other threads have it now; without those whose link was taken back. Raises `StoreUnavailable`.

    Read at each turn of such a conversation: a link that no longer holds must show nothing any more.
    """
    session = _with_news(state.session, messages)
    if not is_joined(session, messages):
        return state
    visitor = person_of(session.visitor)
    session = replace(_standing(session, visitor, met.links), same_address=hinted(session, messages))
    taken_up = next((one.continues for one in reversed(messages) if one.continues), None)
    source = taken_up or session.continues
    may_hear = source is not None and person_of(source.visitor) in open_to(visitor, met.links)
    earlier = await store.conversations.load(source.conversation) if source and may_hear else None
    elsewhere = merged({PersonId(""): state.elsewhere, visitor: earlier.facts}) if earlier else state.elsewhere
    return replace(
        state,
        session=session,
        elsewhere=elsewhere,
        beside=_said_by(session.threads, met),
        earlier=_taken_up(earlier, taken_up) if may_hear and taken_up else None,
    )


def _taken_up(earlier: ConversationState | None, thread: Thread) -> Session:
    """A chat in which nothing was said yet is taken up like any: what is said there later belongs to the same lead."""
    if earlier is not None:
        return earlier.session
    return Session(conversation=thread.conversation, visitor=thread.visitor, channel=thread.channel)


async def at_home(notes: Notes, session: Session, user: PersonId) -> Session:
    """The session with where the lead of a logged-in person lies: the conversation that was theirs first.

    Safe to call again. A lead that stands here stays here.
    """
    own = [session.conversation, session.visitor, session.channel]
    if await notes.add(_HOMES, user, json.dumps(own), life=HOME_LIFE, of=session.conversation):
        return session
    kept = await notes.get(_HOMES, user)
    conversation, visitor, channel = json.loads(kept) if kept else own
    if session.lead is not None or conversation == session.conversation:
        return session
    home = Thread(conversation=ConversationId(conversation), visitor=VisitorId(visitor), channel=channel)
    return replace(session, home=home)


def taking_up(state: ConversationState) -> ConversationState:
    """The first turn of a thread goes on where the earlier one stopped; the lead stays where it is, or would be."""
    before, session = state.earlier, state.session
    if before is None or before.conversation == session.conversation:
        return state
    if not session.turns:
        session = _as_before(session, before)
    if state.lead is not None:
        session = _knowing(session, thread_of(before))
    elif session.home is None:
        session = replace(session, home=before.home or thread_of(before))
    return replace(state, session=session)


def told(before: ConversationState, session: Session, messages: Sequence[InboundMessage]) -> tuple[TellThread, ...]:
    """What a turn tells the other threads: who holds the lead hears of every turn, who is taken up hears of it once."""
    home = session.home
    hearers = [home] if home and (spoken(messages) or before.earlier) else []
    if before.earlier is not None and before.earlier.conversation != session.conversation:
        hearers.append(thread_of(before.earlier))
    distinct = {one.conversation: one for one in hearers if one.conversation != session.conversation}
    turn = f"joined:{session.conversation}:{session.version}"
    own = thread_of(session)
    return tuple(
        TellThread(turn=turn, hearer=one, thread=own, home=home or own, at=session.last_at) for one in distinct.values()
    )


def for_the_lead(view: TurnView, state: ConversationState) -> TurnView:
    """The turn as the lead sees it: with what the person says in other threads, which the visitor is not told."""
    session = view.session
    if not session.threads:
        return view
    wanted = session.human_asked or any(one.wants_person for one in session.threads)
    own = {PersonId(""): state.beside, person_of(session.visitor): view.facts}
    known_before = state.lead.updated_at if state.lead else 0.0
    fresh = tuple(fact for fact in state.beside if fact.at > known_before)
    return replace(
        view,
        session=replace(session, human_asked=wanted, messages=max(session.messages, 1)),  # they have talked there
        facts=settled(merged(own)),
        news=(*fresh, *view.news),
    )


def told_team(before: Lead | None, after: Lead | None, team: Phrases) -> tuple[TellTeam, ...]:
    """What the thread below a card that stands is told: that the person goes on in another channel."""
    items = new_threads(before, after, team) if before and after else ()
    return (TellTeam(lead=after.id, note=TeamNote(kind=NoteKind.CHANGED, items=items)),) if after and items else ()


def told_message(effect: TellThread) -> InboundMessage:
    """What the other thread hears; the same effect again is the same message."""
    return InboundMessage(
        id=MessageId(effect.turn),
        channel=effect.hearer.channel,
        conversation=effect.hearer.conversation,
        visitor=effect.hearer.visitor,
        kind=MessageKind.JOINED,
        text="",
        at=effect.at,
        thread=effect.thread,
        home=effect.home,
    )


def look_again(conversation: ConversationId, person: PersonId, taken_back: Link) -> InboundMessage:
    """What makes a conversation see that a link was taken back."""
    return InboundMessage(
        id=MessageId(f"joined:{taken_back.id}"),
        channel="",
        conversation=conversation,
        visitor=VisitorId(person),
        kind=MessageKind.JOINED,
        text="",
        at=taken_back.at,
    )


def _with_news(session: Session, messages: Sequence[InboundMessage]) -> Session:
    """The session after what other threads told. A lead that is there stays there, whatever they say."""
    for message in messages:
        if message.thread is None or message.thread.conversation == session.conversation:
            continue
        session = _knowing(session, message.thread)
        home = message.home if session.lead is None else None
        away = home is not None and home.conversation != session.conversation
        session = replace(session, home=home if away else session.home)
    return session


def _knowing(session: Session, thread: Thread) -> Session:
    others = tuple(one for one in session.threads if one.conversation != thread.conversation)
    return replace(session, threads=(*others, thread)[-MOST_THREADS:])


def _standing(session: Session, visitor: PersonId, links: Sequence[Link]) -> Session:
    """The session without the threads of people who are somebody else after all."""
    same = same_person(visitor, links)
    home, continues = session.home, session.continues
    return replace(
        session,
        threads=tuple(one for one in session.threads if person_of(one.visitor) in same),
        home=home if home and person_of(home.visitor) in same else None,
        continues=continues if continues and person_of(continues.visitor) in same else None,
    )


def _said_by(threads: Iterable[Thread], met: Acquaintances) -> tuple[Fact, ...]:
    people = {person_of(one.visitor) for one in threads}
    return merged({one: met.ledgers.get(one, ()) for one in people})


def _as_before(session: Session, before: Session) -> Session:
    """A thread that begins knows how far the talk had come: what was asked, refused and offered is not asked again."""
    return replace(
        session,
        language=before.language,
        visitor_type=before.visitor_type,
        intent_peak=before.intent_peak,
        asked=tuple(one for one in before.asked if one != before.pending_question),
        email=EmailAsking(asked=before.email.asked, refused=before.email.refused),
        used_quotes=before.used_quotes,
    )
