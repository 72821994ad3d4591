from __future__ import annotations

import pytest

from core.fact import Fact, Field, Operation
from core.ids import FactId, MessageId, PersonaId
from core.persona import UNKNOWN, Persona
from knowledge.words import words_of
from personas.asides import Asides
from personas.detector import CuePersonaDetector
from personas.lexicon import lexicon, weights
from personas.singulars import SINGULARS
from personas.tally import Tally

CLINICS = Persona(
    id=PersonaId("clinics"), name="Clinics", description="Clinics with 5 to 90 staff.", industries=("healthcare",)
)
BUREAUS = Persona(
    id=PersonaId("bureaus"),
    name="Answering bureaus",
    description="Bureaus that pick up the phone on behalf of clients.",
    pains=("every client wants another greeting",),
    cues=("one inbox for each client",),
    industries=("bpo_outsourcing",),
)
GROUPS = Persona(
    id=PersonaId("groups"), name="Groups", description="For more than 2,000 employees.", company_sizes=("enterprise",)
)


def _stems(said: str) -> list[str]:
    return [SINGULARS.stem(word) for word in words_of(said)]


@pytest.mark.parametrize(
    ("said", "others"),
    [
        ("we write the rota software dentists use", "dentist"),
        ("we answer the phone for nine dentists", "dentist"),
        ("dentists we handle calls and keep the books for", "dentist"),
        ("dentists buy the chairs that we make", "dentist"),
        ("I do the payroll for two dentists", "dentist"),
    ],
)
def test_that_other_peoples_business_is_told_apart(said: str, others: str) -> None:
    stems = _stems(said)
    assert others in {stems[place] for place in Asides(lexicon()).places(stems)}


@pytest.mark.parametrize(
    "said",
    [
        "we are dentists and use paper",
        "our dentists use paper",
        "we run an app for our dentists",
        "we are looking for something for dentists",
        "dentists",
        "for",
    ],
)
def test_that_the_visitors_own_business_stays_its_own(said: str) -> None:
    stems = _stems(said)
    assert "dentist" not in {stems[place] for place in Asides(lexicon()).places(stems)}


@pytest.mark.parametrize(
    ("said", "served"),
    [
        ("we handle the calls for seven hotels", "handle for others"),
        ("we build apps for hotels", ""),
        ("we handle calls ourselves", ""),
        ("I run the help desk for a bank", ""),
        ("I run the help desk for banks", "run for others"),
    ],
)
def test_that_running_other_peoples_business_is_heard(said: str, served: str) -> None:
    assert Asides(lexicon()).served(_stems(said)) == served


def _tally(said: str, **facts: str) -> Tally:
    known = {Field(name): (_fact(Field(name), value),) for name, value in facts.items()}
    detector = CuePersonaDetector([CLINICS, BUREAUS, GROUPS])
    return detector.weigh(said, page=None, known=known, previous=UNKNOWN)


def _fact(field: Field, value: str) -> Fact:
    return Fact(
        id=FactId("f"),
        field=field,
        value=value,
        operation=Operation.SET,
        quote="",
        message=MessageId("m"),
        channel="web",
        at=0.0,
    )


def test_that_it_speaks_for_those_who_have_clients() -> None:
    clinics, bureaus, _ = _tally("we take care of the inbox for thirty hotels").logits
    assert bureaus > clinics + 1


def test_that_an_industry_which_is_somebody_elses_does_not_count() -> None:
    assert _tally("we build the calendar clinics use", industry="healthcare").logits[0] < 1
    assert _tally("our clinics use a paper calendar", industry="healthcare").logits[0] > 2
    assert _tally("we have forty beds", industry="healthcare").logits[0] >= weights().industry_fact


def test_that_a_foreign_industry_is_none_of_the_business_of_those_told_by_their_size() -> None:
    tally = _tally("we are an airline with 9,000 employees")
    assert tally.against > 0
    assert tally.excused == [0.0, 0.0, tally.against]
    assert tally.logits[2] > tally.logits[0] + 3


def test_that_plurals_meet_their_singulars() -> None:
    assert SINGULARS.stem("bakeries") == SINGULARS.stem("bakery")
    assert SINGULARS.stem("cookies") == SINGULARS.stem("cookie")
    assert SINGULARS.stem("pies") == SINGULARS.stem("pie")
    assert SINGULARS.stem("hospitals") != SINGULARS.stem("hospitality")
