from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.attachment import Attachment
from core.consent import Consent, Decision, Demand
from core.course import Course, Stage, Step
from core.directory import Listing
from core.errors import DependencyError
from core.fact import Fact, Quantity
from core.ids import ConversationId, LeadId, MessageId, PersonaId, PersonId, VisitorId
from core.lead import Posting, PostingState
from core.message import InboundMessage, MessageKind, Page
from core.one_time_code import CodeState
from core.people import Thread
from core.persona import PersonaGuess
from core.profile import ProfileUpdate
from core.promise import Promise
from core.rep import PendingWords, Rep, RepId, Told
from core.reply import Citation, Mode, ProfileContext, Reply
from core.session import EmailAsking, Exposure, FollowUps, Session
from core.turn import DeliverLead, DeliverReply, Effect, ListConversation, NoteUnmatched, RecordFacts, timer_message
from core.understanding import Intent, VisitorType
from core.unmatched import UnmatchedChat
from store.codec import EFFECT, FACT, LEAD, LINE, MESSAGE, POSTING, SESSION
from tests.contracts.builders import NOW, fact, lead, line, message, session

CONVERSATION = ConversationId("web.1")
OTHER = Thread(conversation=ConversationId("t.1"), visitor=VisitorId("t:7"), channel="telegram", wants_person=True)
FULL = Session(
    conversation=CONVERSATION,
    visitor=session(CONVERSATION).visitor,
    channel="web",
    version=7,
    started_at=NOW,
    last_at=NOW + 0.125,
    turns=3,
    messages=4,
    visits=2,
    mode=Mode.SALES,
    language="de",
    introduced=True,
    said="Wir sind zehn",
    first_message="Hallo",
    guess=PersonaGuess(probabilities=((PersonaId("a"), 0.75),), none=0.25, chosen=PersonaId("a"), signals=("size",)),
    visitor_type=VisitorType.BUYER,
    intent=Intent.ACTING,
    intent_peak=Intent.ACTING,
    page=Page(url="https://example.com/"),
    first_page=Page(url="https://example.com/", campaign="spring"),
    pages=("/", "/pricing"),
    questions_asked=1,
    asked=("size",),
    pending_question="size",
    email=EmailAsking(asked=1, asked_turn=2, refused=True, to_confirm="a@b.example", corrections=1),
    used_quotes=("ab12",),
    volunteered=("ab12",),
    person=PersonId("user:ab12"),
    used_phrases=("hello.1",),
    human_asked=True,
    follow_ups=FollowUps(
        due=NOW + 20.25,
        held=True,
        away_since=NOW,
        in_a_row=2,
        declined=True,
        aspects=("growth", "team"),
        sentences=("a1b2",),
        buttons=("Setup time",),
    ),
    updates=(ProfileUpdate(trigger="email", at=NOW),),
    total_updates=1,
    read_at=NOW,
    read_due=NOW + 60,
    read_through=NOW - 1,
    unmatched=True,
    amended=(MessageId("m1"),),
    lead=LeadId("lead.web.1"),
    continues=OTHER,
    threads=(OTHER,),
    home=OTHER,
    code=CodeState(address="mara@hafen.example", sent_at=NOW, attempts=1, sent=(NOW,), offered=1),
    trials=(Exposure(experiment="opener", variant="pain", unit="0a1b"),),
    same_address="ab12",
    course=Course(steps=(Step(Stage.ENGAGED, 1_800_000_000.5),), answered=("volume",), waited=1.5),
    promise=Promise(made_at=NOW, due=NOW + 900.0),
    files=(
        Attachment(id="m9", channel="web", reference="F1", name="Grundriss.pdf", media_type="application/pdf", size=12),
    ),
    chosen_language="de",
    asked_by="v.2",
    consent=Consent(
        demand=Demand.REQUIRED, decision=Decision.GIVEN, at=NOW, told_at=NOW - 5.0, wording="de:0123456789ab"
    ),
    crossed=(MessageId("m2"),),
    told=Told(at=NOW, level="high", reasons=("demo",), answers=(("budget", "$500"),)),
    to_say=(PendingWords(id=MessageId("m2"), rep=Rep(id=RepId("U0ANN"), name="Ann"), text="Hello"),),
)


def test_that_the_full_session_leaves_no_field_at_its_default() -> None:
    plain = session(CONVERSATION)

    same = {one.name for one in fields(Session) if getattr(plain, one.name) == getattr(FULL, one.name)}

    assert same <= {"conversation", "visitor", "channel", "started_at"}


@pytest.mark.parametrize("value", [FULL, session(CONVERSATION)], ids=["full", "plain"])
def test_that_a_session_comes_back_as_it_was(value: Session) -> None:
    assert SESSION.decode(SESSION.encode(value)) == value


def test_that_a_session_at_its_defaults_takes_little_room() -> None:
    assert len(SESSION.encode(session(CONVERSATION))) < 120


EFFECTS: tuple[Effect, ...] = (
    ListConversation(
        listing=Listing(
            conversation=CONVERSATION,
            visitor=VisitorId("v"),
            version=3,
            created_at=NOW,
            active_at=NOW,
            channel="web",
            language="en",
            value=9.5,
        )
    ),
    DeliverLead(lead=LeadId("lead.web.1")),
    NoteUnmatched(conversation=CONVERSATION, chat=None),
    NoteUnmatched(
        conversation=CONVERSATION,
        chat=UnmatchedChat(
            visitor="a1", text="horses", language="en", turn=2, at=NOW, nearest=PersonaId("a"), share=0.5
        ),
    ),
    RecordFacts(person=PersonId("p"), facts=(fact(), fact("f2", Quantity(low=1.5, high=None)))),
    DeliverReply(
        channel="teams",
        conversation=CONVERSATION,
        reply=Reply(
            main_text="Hi",
            mode=Mode.LEAD,
            buttons=("A",),
            persona=PersonaId("a"),
            next_steps="next",
            email_prompt="Where?",
            citations=(Citation(url="https://example.com", quote="q"),),
            profile_context=ProfileContext(persona_match="a", technical_level="", buying_readiness=""),
            file=Attachment(id="m9.file0", channel="team", reference="F1", name="a.pdf", media_type="application/pdf"),
        ),
    ),
)


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda one: type(one).__name__)
def test_that_every_effect_comes_back_as_it_was(effect: Effect) -> None:
    assert EFFECT.decode(EFFECT.encode(effect)) == effect


def test_that_records_come_back_as_they_were() -> None:
    posting = Posting(state=PostingState.PARKED, revision=3, reason="revoked")
    one = fact("f", Quantity(low=None, high=9.0, unit="EUR", period="month", currency="EUR"))

    assert POSTING.decode(POSTING.encode(posting)) == posting
    assert FACT.decode(FACT.encode(one)) == one
    assert LEAD.decode(LEAD.encode(lead(CONVERSATION))) == lead(CONVERSATION)
    assert LINE.decode(LINE.encode(line()), 9) == replace(line(), seq=9)


def test_that_fields_of_a_newer_release_are_skipped_and_missing_ones_take_their_defaults() -> None:
    written = json.loads(MESSAGE.encode(message(CONVERSATION)))
    written["mood"] = {"new": [1]}
    del written["locale"], written["returning"], written["page"]

    read = MESSAGE.decode(json.dumps(written).encode())

    assert read == replace(message(CONVERSATION), locale="", page=None)


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b'{"id": 1}', b"\xff", b'{"id": "a", "kind": "song"}'])
def test_that_what_cannot_be_read_is_named(raw: bytes) -> None:
    with pytest.raises(DependencyError, match="holds a message this release cannot read"):
        MESSAGE.decode(raw)


def test_that_an_effect_of_a_newer_release_is_named() -> None:
    with pytest.raises(DependencyError, match="'fax'"):
        EFFECT.decode(b'["fax", {"number": "1"}]')


def test_that_a_timer_set_again_makes_another_message() -> None:
    first, second = (timer_message(FULL, "follow_up", at) for at in (NOW, NOW + 0.5))

    assert first.id != second.id
    assert (first.kind, first.text, first.at) == (MessageKind.TIMER, "follow_up", NOW)
    assert (first.conversation, first.visitor, first.channel) == (FULL.conversation, FULL.visitor, FULL.channel)


@given(text=st.text(max_size=200), at=st.floats(allow_nan=False, allow_infinity=False), identity=st.text(max_size=50))
def test_that_any_text_and_time_survive(text: str, at: float, identity: str) -> None:
    sent = replace(message(CONVERSATION, identity, text), at=at)
    learned = replace(fact(), quote=text, value=text)

    assert MESSAGE.decode(MESSAGE.encode(sent)) == sent
    assert FACT.decode(FACT.encode(learned)) == learned


def test_that_values_keep_their_types() -> None:
    read = FACT.decode(FACT.encode(fact()))
    sent = MESSAGE.decode(MESSAGE.encode(message(CONVERSATION)))

    assert (type(read), type(sent)) == (Fact, InboundMessage)
    assert sent.kind is MessageKind.TEXT
    assert sent.id == MessageId("m1")
