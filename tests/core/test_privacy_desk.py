"""The visitors' own door: what is kept, a copy of it, deletion after a second yes, another language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from core.consent import Decision
from core.fact import Field
from core.ids import ConversationId, LeadId, MessageId, VisitorId
from core.lead import NOT_READY, Lead
from core.message import InboundMessage, MessageKind
from core.privacy_desk import PrivacyDesk
from core.privacy_words import PrivacyTerms, PrivacyWords
from core.receiving import begin, receive
from core.reply import Mode, Reply
from core.session import ConversationState
from core.turn import DeliverReply, Forget, TellTeam, TurnOutcome
from core.understanding import Understanding
from frontdesk.mind import phrases_in
from profiles.wishes import shipped_wishes
from tests.contracts.builders import lead
from tests.core.pieces import fact

LANGUAGES = ("de", "en", "es", "fr", "nl", "pt")


class Parrot:
    """An engine that says what it was told."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def respond(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        self.heard += [message.text for message in messages]
        session = replace(receive(state.session, messages), pending_question="size")
        reply = Reply(main_text=f"You said {messages[-1].text}", mode=session.mode, buttons=("One",))
        sent = DeliverReply(channel="bot", conversation=session.conversation, reply=reply)
        return TurnOutcome(
            state=replace(state, session=session),
            reply=reply,
            effects=(sent,),
            understanding=Understanding(),
            readiness=NOT_READY,
        )

    async def handle(self, state: ConversationState, message: InboundMessage) -> TurnOutcome:
        raise AssertionError(state, message)

    def apologise(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        raise AssertionError(state, messages)


class Talk:
    """One conversation with the desk; the store's part is done by keeping the state."""

    def __init__(self, *, channel: str = "bot", locale: str = "", **terms: Any) -> None:
        self.engine = Parrot()
        words = PrivacyWords(PrivacyTerms(company="Harbour", languages=LANGUAGES, **terms), phrases_in)
        self.desk = PrivacyDesk(self.engine, shipped_wishes(), words, transcript_channels=frozenset({"web"}))
        self.channel, self.locale = channel, locale
        self.state: ConversationState | None = None
        self._numbers = count(1)

    def message(self, text: str, kind: MessageKind = MessageKind.TEXT, **more: Any) -> InboundMessage:
        number = next(self._numbers)
        return InboundMessage(
            id=MessageId(f"m{number}"),
            channel=self.channel,
            conversation=ConversationId("c1"),
            visitor=VisitorId(more.pop("visitor", "v1")),
            kind=kind,
            text=text,
            at=100.0 + number,
            locale=self.locale,
            **more,
        )

    async def burst(self, *messages: InboundMessage) -> TurnOutcome:
        outcome = await self.desk.respond(self.state or begin(messages[0]), messages)
        self.state = outcome.state
        return outcome

    async def says(self, text: str) -> TurnOutcome:
        return await self.burst(self.message(text))

    async def commands(self, name: str) -> TurnOutcome:
        return await self.burst(self.message(name, MessageKind.COMMAND))

    def knows(self, **more: Any) -> None:
        """Something was said before: a company is known."""
        state = self.state or begin(self.message("hello"))
        known = replace(fact(Field.COMPANY, "Northfold"), quote="we at Northfold")
        session = replace(state.session, messages=1, turns=1, **more.pop("session", {}))
        self.state = replace(state, session=session, facts=(known,), **more)


def text_of(outcome: TurnOutcome) -> str:
    assert outcome.reply is not None
    return outcome.reply.main_text


def sent(outcome: TurnOutcome) -> list[str]:
    return [effect.reply.main_text for effect in outcome.effects if isinstance(effect, DeliverReply)]


async def test_that_a_visitor_is_told_what_is_kept_and_what_can_be_done() -> None:
    talk = Talk(policy="https://harbour.example/privacy", days=90)
    outcome = await talk.commands("privacy")
    assert outcome.reply is not None
    assert outcome.reply.buttons == ("Show my data", "Delete my data")
    assert all(word in text_of(outcome) for word in ("Harbour", "90", "https://harbour.example/privacy"))
    assert sent(outcome) == [text_of(outcome)]
    assert talk.engine.heard == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_that_everything_goes_after_a_second_yes(language: str) -> None:
    talk = Talk(locale=language)
    asked = await talk.commands("delete")
    assert asked.reply is not None
    assert not [effect for effect in asked.effects if isinstance(effect, Forget)]
    yes, no = asked.reply.buttons
    kept = await talk.says(no)
    assert not [effect for effect in kept.effects if isinstance(effect, Forget)]
    await talk.commands("delete")
    gone = await talk.burst(talk.message(yes, MessageKind.BUTTON))
    assert isinstance(gone.effects[0], DeliverReply)  # who asked hears of it first
    (forget,) = [effect for effect in gone.effects if isinstance(effect, Forget)]
    assert (forget.conversation, forget.visitor) == ("c1", "v1")
    assert len({text_of(asked), text_of(kept), text_of(gone)}) == 3
    assert talk.engine.heard == []


async def test_that_a_yes_to_something_else_deletes_nothing() -> None:
    talk = Talk()
    assert await talk.says("yes")
    await talk.commands("delete")
    await talk.says("what does it cost?")
    outcome = await talk.says("yes")
    assert not [effect for effect in outcome.effects if isinstance(effect, Forget)]
    assert talk.engine.heard == ["yes", "what does it cost?", "yes"]


async def test_that_a_copy_holds_each_fact_with_its_words() -> None:
    talk = Talk()
    assert "Northfold" not in text_of(await talk.says("what do you know about me?"))
    talk.knows()
    assert "- Northfold (“we at Northfold”)" in text_of(await talk.says("what do you know about me?"))


async def test_that_a_question_beside_the_wish_is_answered_in_the_same_reply() -> None:
    talk = Talk()
    outcome = await talk.burst(talk.message("what does Grow cost?"), talk.message("and delete my data please"))
    assert text_of(outcome).startswith("You said what does Grow cost?\n\n")
    assert sent(outcome) == [text_of(outcome)]
    assert talk.state is not None
    assert talk.state.session.pending_question == "privacy.delete"


async def test_that_the_door_is_open_after_a_person_took_over_and_the_person_reads_along() -> None:
    talk = Talk()
    taken: Lead = replace(lead(ConversationId("c1")), id=LeadId("lead.c1"), handled_by="human")
    talk.knows(session={"mode": Mode.HUMAN}, lead=taken)
    outcome = await talk.says("delete my data")
    assert outcome.reply is not None
    assert not outcome.reply.may_be_withheld
    assert [effect.note.text for effect in outcome.effects if isinstance(effect, TellTeam)] == ["delete my data"]
    assert outcome.reply.mode is Mode.HUMAN


async def test_that_a_chosen_language_stays() -> None:
    talk = Talk(locale="en-GB")
    asked = await talk.commands("language")
    assert asked.reply is not None
    assert asked.reply.buttons == ("Deutsch", "English", "Español", "Français", "Nederlands", "Português")
    assert "Deutsch" in text_of(await talk.says("Deutsch"))
    assert talk.state is not None
    assert (talk.state.session.language, talk.state.session.chosen_language) == ("de", "de")
    assert "Vertrieb" in text_of(await talk.commands("privacy"))


async def test_that_consent_is_withdrawn_at_a_word() -> None:
    talk = Talk()
    talk.knows()
    outcome = await talk.says("I withdraw my consent")
    consent = outcome.state.session.consent
    assert (consent.decision, consent.at) == (Decision.REFUSED, 101.0 + 1)
    assert outcome.state.session.pending_question == "privacy.delete"


async def test_that_a_client_that_reads_the_transcript_is_sent_nothing() -> None:
    talk = Talk(channel="web")
    outcome = await talk.commands("menu")
    assert outcome.reply is not None
    assert sent(outcome) == []


async def test_that_an_unknown_command_shows_the_menu() -> None:
    talk = Talk()
    assert text_of(await talk.commands("nonsense")) == text_of(await talk.commands("menu"))


async def test_that_in_a_group_only_who_asked_decides_and_only_their_own_goes() -> None:
    talk = Talk()
    await talk.burst(talk.message("delete my data", visitor="v2", shared=True))
    other = await talk.burst(talk.message("yes", visitor="v3", shared=True))
    assert not [effect for effect in other.effects if isinstance(effect, Forget)]
    await talk.burst(talk.message("delete my data", visitor="v2", shared=True))
    gone = await talk.burst(talk.message("yes", visitor="v2", shared=True))
    assert [effect.visitor for effect in gone.effects if isinstance(effect, Forget)] == ["v2"]


@pytest.mark.parametrize(
    ("more", "seen"), [({}, True), ({"shared": True}, False), ({"visitor": "v2"}, False)], ids=["own", "group", "other"]
)
async def test_that_what_was_said_elsewhere_is_shown_to_its_visitor_alone(more: dict[str, Any], *, seen: bool) -> None:
    talk = Talk()
    talk.knows(elsewhere=(replace(fact(Field.NAME, "Zoe"), quote="I am Zoe"),))
    shown = text_of(await talk.burst(talk.message("what do you know about me?", **more)))
    assert "Northfold" in shown
    assert ("Zoe" in shown) is seen
