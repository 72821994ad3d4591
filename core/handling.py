"""What a sales rep's act does to a lead and its conversation. Pure: the same state and act give the same outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.attachment import Attachment
from core.enrich import REQUIREMENT_FIELDS
from core.fact import Field
from core.ids import MessageId
from core.lead import NOT_READY, Lead, LeadStatus
from core.lead_edits import edited
from core.ledger import fold
from core.message import InboundMessage, MessageKind
from core.phrases import Phrases
from core.promise import PromiseState
from core.rep import REASON_LIMIT, UNDO_SECONDS, NoteKind, PendingWords, Rep, RepAct, RepAction, TeamNote
from core.reply import Mode, Reply
from core.session import ConversationState, Said, Session
from core.telling import NEWS_TIMER, telling
from core.turn import DeliverLead, DeliverReply, Effect, TellTeam, Timer, TurnOutcome
from core.understanding import Understanding
from core.wording import facts_in_words

TIMERS = "rep."
"""What the names of the timers begin with that reps' acts set."""
SNOOZE = f"{TIMERS}snooze"
SAY = f"{TIMERS}say:"
MOST_NOTES, MOST_PENDING, MOST_CROSSED = 50, 20, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What an act changes; the fields that are left out stay as they are."""

    lead: Lead | None
    session: Session
    notes: tuple[TeamNote, ...] = ()
    words: Reply | None = None  # for the visitor
    timers: tuple[Timer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """One act as the functions below see it."""

    state: ConversationState
    lead: Lead
    message: InboundMessage
    action: RepAction
    now: float
    phrases: Phrases

    @property
    def session(self) -> Session:
        return self.state.session

    @property
    def rep(self) -> Rep:
        return self.action.rep

    @property
    def is_somebody_elses(self) -> bool:
        return self.lead.owner is not None and self.lead.owner.id != self.rep.id

    @property
    def reason(self) -> str:
        return " ".join(self.action.reason.split())[:REASON_LIMIT]

    def note(self, kind: NoteKind, *, text: str = "", items: tuple[str, ...] = (), until: float = 0.0) -> TeamNote:
        return TeamNote(kind=kind, rep=self.rep, text=text, items=items, until=until)

    def to_me(self, kind: NoteKind, *, rep: Rep | None = None, text: str = "", until: float = 0.0) -> TeamNote:
        about = self.message.about or self.message.id
        return TeamNote(kind=kind, rep=rep or self.rep, only_for=self.rep.id, text=text, until=until, message=about)


def concerns_reps(message: InboundMessage) -> bool:
    """Whether a message is an act of a rep's or a timer that one has set."""
    return message.kind is MessageKind.REP or (message.kind is MessageKind.TIMER and message.text.startswith(TIMERS))


def handle(
    state: ConversationState,
    message: InboundMessage,
    *,
    now: float,
    phrases: Phrases,
    transcript_channels: frozenset[str],
) -> TurnOutcome:
    """Apply one act, or the timer of one. Without a lead, or for a timer that is out of date, nothing changes."""
    handled = None
    if state.lead is not None and message.action is not None:
        act = _Act(state=state, lead=state.lead, message=message, action=message.action, now=now, phrases=phrases)
        handled = _ACTS[message.action.act](act)
    elif state.lead is not None:
        handled = _fell_due(state, state.lead, message)
    if handled is None:
        return outcome_of(state, Handled(lead=state.lead, session=state.session))
    return outcome_of(state, handled, read_by_clients=state.session.channel in transcript_channels)


def overheard(lead: Lead | None, said: Sequence[InboundMessage], amended: Sequence[InboundMessage]) -> Iterator[Effect]:
    """The visitor's words for the thread of a lead that a person answers."""
    if lead is None or lead.handled_by != "human":
        return
    for message in amended:
        yield TellTeam(lead=lead.id, note=TeamNote(kind=NoteKind.VISITOR_EDITED, text=message.text))
    for message in said:
        yield TellTeam(lead=lead.id, note=TeamNote(kind=NoteKind.VISITOR_SAID, text=message.text))


def outcome_of(state: ConversationState, handled: Handled, *, read_by_clients: bool = True) -> TurnOutcome:
    """The turn that an act, or a timer of one, makes. `read_by_clients`: the channel reads the transcript."""
    lead, words = handled.lead, handled.words
    changed = lead is not None and lead != state.lead
    if lead is not None and changed:
        lead = replace(lead, revision=lead.revision + 1)
    said = (Said(author="rep" if words.rep else "bot", text=words.main_text),) if words else ()
    return TurnOutcome(
        state=replace(state, session=handled.session, lead=lead, recent=(*state.recent, *said)),
        reply=words,
        effects=_effects(handled, lead if changed else None, read_by_clients=read_by_clients),
        timers=handled.timers,
        lead_changed=changed,
        understanding=Understanding(),
        readiness=lead.readiness if lead else NOT_READY,
    )


def _effects(handled: Handled, changed: Lead | None, *, read_by_clients: bool) -> tuple[Effect, ...]:
    session, words = handled.session, handled.words
    speak = () if words is None or read_by_clients else (words,)
    return (
        *(DeliverReply(channel=session.channel, conversation=session.conversation, reply=one) for one in speak),
        *((DeliverLead(lead=changed.id),) if changed else ()),
        *(TellTeam(lead=handled.lead.id, note=note) for note in handled.notes if handled.lead),
    )


# --- taking over and handing back


def _taken_over(act: _Act, owner: Rep | None) -> tuple[Lead, Session]:
    """The bot is silent from here on."""
    lead = replace(
        act.lead,
        owner=owner,
        handled_by="human",
        claimed_at=act.lead.claimed_at or act.now,
        snoozed_until=0.0,
        updated_at=act.now,
    )
    return lead, replace(act.session, mode=Mode.HUMAN)


def _refused(act: _Act) -> Handled:
    """The lead is a colleague's; only who tried is told."""
    return _unchanged(act, act.to_me(NoteKind.ALREADY_CLAIMED, rep=act.lead.owner))


def _unchanged(act: _Act, *notes: TeamNote) -> Handled:
    return Handled(lead=act.lead, session=act.session, notes=notes)


def _impossible(act: _Act) -> Handled:
    return _unchanged(act, act.to_me(NoteKind.NOT_POSSIBLE, text=act.action.act.value))


def _claim(act: _Act) -> Handled:
    if act.is_somebody_elses:
        return _refused(act)
    if act.lead.owner is not None and act.lead.handled_by == "human":
        return _unchanged(act)  # a second click of the same rep's
    lead, session = _taken_over(act, act.rep)
    return Handled(lead=lead, session=session, notes=(act.note(NoteKind.CLAIMED),), timers=_no_snooze(act.lead))


def _assign(act: _Act) -> Handled:
    to = act.action.to
    if to is None or (act.lead.owner is not None and to.id == act.lead.owner.id):
        return _impossible(act)
    lead, session = _taken_over(act, to)
    note = TeamNote(kind=NoteKind.ASSIGNED, rep=to, text=act.rep.name)
    return Handled(lead=lead, session=session, notes=(note,), timers=_no_snooze(act.lead))


def _mute(act: _Act) -> Handled:
    if act.lead.handled_by == "human":
        return _impossible(act)
    lead, session = _taken_over(act, act.lead.owner)
    lead = replace(lead, claimed_at=act.lead.claimed_at)
    return Handled(lead=lead, session=session, notes=(act.note(NoteKind.MUTED),))


def _return(act: _Act) -> Handled:
    """The bot answers again; the lead stays the rep's. What waits to be said is still said, as the rep's words."""
    if act.lead.handled_by != "human":
        return _impossible(act)
    known = fold(act.state.known_facts)
    since = [fact for fact in act.state.facts if fact.at >= act.lead.claimed_at]
    learned = facts_in_words(since, act.phrases, fields=REQUIREMENT_FIELDS)
    lead = replace(act.lead, handled_by="bot", bridged=False, updated_at=act.now)
    session = replace(act.session, mode=Mode.SALES if Field.EMAIL in known else Mode.LEAD, pending_question="")
    note = act.note(NoteKind.RETURNED, items=(learned,) if learned else ())
    return Handled(lead=lead, session=session, notes=(note,))


def _bridge_on(act: _Act) -> Handled:
    if act.is_somebody_elses:
        return _refused(act)
    if act.lead.bridged:
        return _impossible(act)
    lead, session = _taken_over(act, act.rep)
    return Handled(lead=replace(lead, bridged=True), session=session, notes=(act.note(NoteKind.BRIDGE_ON),))


def _bridge_off(act: _Act) -> Handled:
    if not act.lead.bridged:
        return _impossible(act)
    lead = replace(act.lead, bridged=False, updated_at=act.now)
    return Handled(lead=lead, session=act.session, notes=(act.note(NoteKind.BRIDGE_OFF),))


# --- words for the visitor


def _reply(act: _Act) -> Handled:
    if act.is_somebody_elses:
        return _refused(act)
    if not act.message.text.strip():
        return _impossible(act)
    lead, session = _taken_over(act, act.rep)
    return _spoken(lead, session, act.rep, act.message.text, act.now)


def _say(act: _Act) -> Handled:
    """Out of a thread only while its bridge is on, and only the owner's words: a slip must not reach the visitor."""
    text = act.message.text.strip()
    if not act.lead.bridged or act.is_somebody_elses or not text or len(act.session.to_say) >= MOST_PENDING:
        return _impossible(act)
    due = act.now + UNDO_SECONDS
    file = next(iter(act.message.attachments), None)
    words = PendingWords(id=act.message.id, rep=act.rep, text=text, file=file)
    session = replace(act.session, mode=Mode.HUMAN, to_say=(*act.session.to_say, words))
    return Handled(
        lead=replace(act.lead, handled_by="human"),
        session=session,
        notes=(act.to_me(NoteKind.ABOUT_TO_SAY, text=text, until=due),),
        timers=(Timer(name=f"{SAY}{words.id}", at=due),),
    )


def _undo(act: _Act) -> Handled:
    waiting = next((words for words in act.session.to_say if words.id == act.message.about), None)
    if waiting is None or waiting.rep.id != act.rep.id:
        return _impossible(act)
    return Handled(
        lead=act.lead,
        session=_without(act.session, waiting.id),
        notes=(act.to_me(NoteKind.UNDONE, text=waiting.text),),
        timers=(Timer(name=f"{SAY}{waiting.id}", at=None),),
    )


def _amend(act: _Act) -> Handled:
    """Words that still wait are changed or taken back; what the visitor has read is corrected by a further line.

    That takes the bridge, like any word out of a thread. What never was on its way changes nothing and tells nobody.
    """
    text = act.message.text.strip()
    waiting = next((words for words in act.session.to_say if words.id == act.message.about), None)
    if waiting is not None and waiting.rep.id == act.rep.id:
        return _changed(act, waiting, text) if text else _undo(act)
    if act.message.about not in act.session.crossed:
        return _unchanged(act)
    if not text or not act.lead.bridged or act.is_somebody_elses:
        return _impossible(act)
    corrected = act.phrases.say("rep.corrected", text=text)
    return _spoken(act.lead, act.session, act.rep, corrected, act.now)


def _changed(act: _Act, waiting: PendingWords, text: str) -> Handled:
    """The five seconds begin again."""
    due = act.now + UNDO_SECONDS
    words = tuple(replace(one, text=text) if one.id == waiting.id else one for one in act.session.to_say)
    return Handled(
        lead=act.lead,
        session=replace(act.session, to_say=words),
        notes=(act.to_me(NoteKind.ABOUT_TO_SAY, text=text, until=due),),
        timers=(Timer(name=f"{SAY}{waiting.id}", at=due),),
    )


def _spoken(lead: Lead, session: Session, rep: Rep, text: str, now: float, file: Attachment | None = None) -> Handled:
    if session.promise is not None:
        session = replace(session, promise=session.promise.ended(PromiseState.KEPT, now))
    status = LeadStatus.CONTACTED if lead.status is LeadStatus.NEW else lead.status
    return Handled(
        lead=replace(lead, status=status),
        session=session,
        notes=(TeamNote(kind=NoteKind.REP_SAID, rep=rep, text=text),),
        words=Reply(main_text=text, mode=Mode.HUMAN, rep=rep, file=file),
    )


def _without(session: Session, words: MessageId) -> Session:
    return replace(session, to_say=tuple(one for one in session.to_say if one.id != words))


# --- the lead's course


def _snooze(act: _Act) -> Handled:
    if act.action.until <= act.now:
        return _impossible(act)
    lead = replace(act.lead, snoozed_until=act.action.until, updated_at=act.now)
    note = act.note(NoteKind.SNOOZED, until=act.action.until)
    return Handled(lead=lead, session=act.session, notes=(note,), timers=(Timer(name=SNOOZE, at=act.action.until),))


def _no_snooze(lead: Lead) -> tuple[Timer, ...]:
    return (Timer(name=SNOOZE, at=None),) if lead.snoozed_until else ()


def _verdict(verdict: str, status: LeadStatus, kind: NoteKind) -> Callable[[_Act], Handled]:
    def give(act: _Act) -> Handled:
        if act.lead.verdict == verdict:
            return _impossible(act)
        lead = replace(
            act.lead,
            verdict=verdict,
            verdict_reason=act.reason,
            status=status,
            value=act.lead.value if act.action.value is None else act.action.value,
            snoozed_until=0.0,
            updated_at=act.now,
        )
        note = act.note(kind, text=act.reason)
        return Handled(lead=lead, session=act.session, notes=(note,), timers=_no_snooze(act.lead))

    return give


def _edit(act: _Act) -> Handled:
    """Quietly: the card shows it, the thread is told nothing."""
    lead = edited(act.lead, act.action.edit) if act.action.edit else act.lead
    if lead == act.lead:
        return _unchanged(act)
    return Handled(lead=replace(lead, updated_at=act.now), session=act.session)


def _note(act: _Act) -> Handled:
    if not act.reason:
        return _impossible(act)
    notes = (*act.lead.notes, act.reason)[-MOST_NOTES:]
    lead = replace(act.lead, notes=notes, updated_at=act.now)
    return Handled(lead=lead, session=act.session, notes=(act.note(NoteKind.NOTED, text=act.reason),))


# --- time


def _fell_due(state: ConversationState, lead: Lead, message: InboundMessage) -> Handled | None:
    if message.text == SNOOZE and lead.snoozed_until == message.at:
        woken = TeamNote(kind=NoteKind.WOKEN, rep=lead.owner)
        return Handled(lead=replace(lead, snoozed_until=0.0), session=state.session, notes=(woken,))
    if message.text == NEWS_TIMER:
        news = telling(state.session.told, lead, lead, message.at)
        notes = tuple(one.note for one in news.effects)
        return Handled(lead=lead, session=replace(state.session, told=news.told), notes=notes, timers=news.timers)
    name = message.text.removeprefix(SAY)
    waiting = next((words for words in state.session.to_say if words.id == name), None)
    if waiting is None:
        return None
    session = _without(state.session, waiting.id)
    session = replace(session, crossed=(*session.crossed, waiting.id)[-MOST_CROSSED:])
    return _spoken(lead, session, waiting.rep, waiting.text, message.at, waiting.file)


_ACTS: Mapping[RepAct, Callable[[_Act], Handled]] = {
    RepAct.CLAIM: _claim,
    RepAct.REPLY: _reply,
    RepAct.SAY: _say,
    RepAct.UNDO: _undo,
    RepAct.AMEND: _amend,
    RepAct.BRIDGE_ON: _bridge_on,
    RepAct.BRIDGE_OFF: _bridge_off,
    RepAct.RETURN: _return,
    RepAct.MUTE: _mute,
    RepAct.SNOOZE: _snooze,
    RepAct.ASSIGN: _assign,
    RepAct.DISQUALIFY: _verdict("disqualified", LeadStatus.LOST, NoteKind.DISQUALIFIED),
    RepAct.WON: _verdict("won", LeadStatus.CONVERTED, NoteKind.WON),
    RepAct.LOST: _verdict("lost", LeadStatus.LOST, NoteKind.LOST),
    RepAct.NOTE: _note,
    RepAct.EDIT: _edit,
}
