"""Which chats are kept because they fit no persona, and what is left of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.fact import Field
from core.ids import PersonaId
from core.ledger import fold
from core.persona import Persona, PersonaGuess
from core.session import Session
from core.turn import NoteUnmatched
from core.understanding import Intent, VisitorType
from core.unmatched import HIDDEN, KEPT_CHARACTERS, UnmatchedChat, unmatched_chat, without_identity
from tests.core.pieces import fact, session
from tests.core.talking import Talk, engine_with

NEAREST = PersonaGuess(probabilities=((PersonaId("vet"), 0.3), (PersonaId("zoo"), 0.1)), none=0.6)
OPEN = session(said="We breed horses. Can it count them?", turns=2, intent_peak=Intent.EVALUATING, guess=NEAREST)


class Undecided:
    """A detector that knows one persona and recognises it by one word."""

    async def detect(self, said: str, **_: object) -> PersonaGuess:
        return replace(NEAREST, chosen=PersonaId("vet") if "dentist" in said else None)

    def persona(self, persona: PersonaId | None) -> Persona | None:
        return Persona(id=persona, name="Vet") if persona else None


def test_a_likely_buyer_whom_nothing_fits_is_kept() -> None:
    chat = unmatched_chat(replace(OPEN, last_at=7.0, language="en"), (), {})
    assert chat is not None
    assert (chat.text, chat.turn, chat.at) == ("We breed horses. Can it count them?", 2, 7.0)
    assert (chat.nearest, chat.share) == ("vet", 0.3)
    assert "v1" not in chat.visitor
    assert chat.visitor == replace(chat, text="").visitor


@pytest.mark.parametrize(
    "other",
    [
        replace(OPEN, turns=1),
        replace(OPEN, intent_peak=Intent.LOOKING),
        replace(OPEN, visitor_type=VisitorType.STUDENT),
        replace(OPEN, visitor_type=VisitorType.CUSTOMER),
        replace(OPEN, guess=replace(NEAREST, chosen=PersonaId("vet"))),
    ],
)
def test_others_are_not(other: Session) -> None:
    assert unmatched_chat(other, (), {}) is None


def test_a_stated_need_is_as_good_as_intent() -> None:
    facts = (fact(Field.PAINS, "no_shows"),)
    assert unmatched_chat(replace(OPEN, intent_peak=Intent.LOOKING), facts, fold(facts)) is not None


def test_without_any_persona_everybody_is_unknown() -> None:
    chat = unmatched_chat(replace(OPEN, guess=PersonaGuess()), (), {})
    assert chat is not None
    assert (chat.nearest, chat.share) == (None, 0.0)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("write to me at ann.lee+x@corp.example please", "write to me at […] please"),
        ("ann @ corp . example is mine", "[…] is mine"),
        ("or @annlee there", "[…] there"),
        ("call 0049 (0) 151-234 567 today", "call […] today"),
        ("order AB12345 is late, so is 2291/88-11", "order […] is late, so is […]"),
        ("see https://corp.example/a?b=1 or corp.example/x", "see […] or […]"),
        ("we have 250 pupils and 30 buses", "we have 250 pupils and 30 buses"),
        ("I spoke to Luis. Luis likes it, I'm sure", "I spoke to […]. […] likes it, I'm sure"),
        ("We use HIPAA rules and an ERP", "We use HIPAA rules and an ERP"),
    ],
)
def test_what_identifies_is_hidden_and_the_rest_stays(text: str, left: str) -> None:
    assert without_identity(text, (), "en") == left


def test_names_from_the_facts_are_hidden_however_they_are_written() -> None:
    facts = (
        fact(Field.NAME, "Ann Lee"),
        fact(Field.COMPANY, "Blue Harbour"),
        fact(Field.PHONE, "+4915112", quote="one five one"),
    )
    said = "ann here, from blue harbour. dial one five one, ask for LEE. Leeway is fine"
    assert (
        without_identity(said, facts, "en")
        == f"{HIDDEN} here, from {HIDDEN}. dial {HIDDEN}, ask for {HIDDEN}. Leeway is fine"
    )


def test_german_nouns_are_no_names() -> None:
    assert (
        without_identity("Wir haben eine Reitschule mit Pferden", (), "de") == "Wir haben eine Reitschule mit Pferden"
    )


def test_only_the_beginning_is_kept() -> None:
    chat = unmatched_chat(replace(OPEN, said="horses " * 300), (), {})
    assert chat is not None
    assert len(chat.text) == KEPT_CHARACTERS


WORDS = st.lists(
    st.sampled_from(["we", "keep", "horses", "and", "need", "a", "plan,", "please.", "\n", "so:"]), max_size=8
)
CANARY_MAIL = [
    "canary.bird@nest.example",
    "CANARY.BIRD@NEST.EXAMPLE",
    "canary.bird @ nest.example",
    "<canary.bird@nest.example>",
]
CANARY_PHONE = ["+44 7700 900123", "07700900123", "(07700) 900-123", "+44.7700.900.123", "0044 7700 / 900 123"]


@given(
    before=WORDS,
    after=WORDS,
    mail=st.sampled_from(CANARY_MAIL),
    phone=st.sampled_from(CANARY_PHONE),
    language=st.sampled_from(["en", "de", "fr"]),
)
def test_no_address_and_no_number_is_ever_kept(
    before: list[str], after: list[str], mail: str, phone: str, language: str
) -> None:
    said = " ".join((*before, mail, *after, phone, *before))
    chat = unmatched_chat(replace(OPEN, said=said, language=language), (), {})
    assert chat is not None
    left = chat.text.casefold()
    assert "canary" not in left
    assert "nest" not in left
    assert "900" not in left
    assert "7700" not in left


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    mail=st.sampled_from(["canary at nest dot example", "canary(at)nest.example", *CANARY_MAIL]),
    phone=st.sampled_from(CANARY_PHONE),
)
async def test_nor_after_the_whole_engine_has_read_it(mail: str, phone: str) -> None:
    talk = Talk("canary", engine=engine_with(detector=Undecided()))
    await talk.says("We need to plan the lessons of our riding school, 40 horses.")
    await talk.says(
        f"My name is Canarina Nestova, my email is {mail} and my number is {phone}. How would that work for us?"
    )
    (note,) = [effect for effect in talk.outcomes[-1].effects if isinstance(effect, NoteUnmatched)]
    assert note.chat is not None
    assert "riding school" in note.chat.text
    for secret in ("canar", "nest", "900", "7700"):
        assert secret not in note.chat.text.casefold()


async def test_a_chat_is_noted_as_it_grows_and_taken_out_once_somebody_fits() -> None:
    talk = Talk("grows", engine=engine_with(detector=Undecided()))
    notes: list[UnmatchedChat | None] = []
    for said in (
        "We run a riding school with 40 horses, what does it cost?",
        "We need it for the lessons.",
        "And I am a dentist.",
    ):
        outcome = await talk.says(said)
        notes += [effect.chat for effect in outcome.effects if isinstance(effect, NoteUnmatched)]
    await talk.waits()
    await talk.says("Still a dentist.")
    assert [note.turn if note else None for note in notes] == [2, None]
    assert [
        effect for outcome in talk.outcomes[3:] for effect in outcome.effects if isinstance(effect, NoteUnmatched)
    ] == []
    assert talk.state is not None
    assert not talk.state.session.unmatched
