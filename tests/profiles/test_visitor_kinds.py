"""Who does not buy, in many voices; and buyers who tell of others' troubles in the same words."""

from __future__ import annotations

import asyncio
from array import array
from typing import Any

import pytest

from core.asking import NOT_BUYERS
from core.understanding import Act, Intent, VisitorType
from inference.minilm import MiniLMEmbedder
from profiles.interpreter import LocalInterpreter
from profiles.label_meaning import LabelMeaning
from profiles.qualification_file import QualificationFile
from profiles.visitor_meaning import VisitorHead, VisitorMeaningFile
from tests.profiles.conftest import Talk, message

HOUSE = QualificationFile.model_validate(
    {"labels": {"use_case": {"repairs": {"name": "Repairs", "examples": ["have a fridge mended", "the oven is cold"]}}}}
)

KINDS = [
    ("Our widget has been down since the release, account number 8812", VisitorType.CUSTOMER),
    ("mein Passwort funktioniert nicht, ich komme nicht mehr rein", VisitorType.CUSTOMER),
    ("nous sommes bloqués: impossible de se connecter", VisitorType.CUSTOMER),
    ("quiero un reembolso, me cobraron dos veces", VisitorType.CUSTOMER),
    ("ich studiere BWL und schreibe darüber eine Arbeit", VisitorType.STUDENT),
    ("I'm a journalist working on a story about bots", VisitorType.STUDENT),
    ("vocês estão contratando analistas?", VisitorType.JOB_SEEKER),
    ("are you taking on trainees this autumn?", VisitorType.JOB_SEEKER),
    ("zoeken jullie nog stagiairs of andere collega's?", VisitorType.JOB_SEEKER),
    ("we also make a similar product, just having a look", VisitorType.COMPETITOR),
    ("I run pricing at Oakbot and your discount keeps coming up", VisitorType.COMPETITOR),
    ("we sell something not unlike yours and lose deals to you", VisitorType.COMPETITOR),
    ("We help clinics like yours fill their calendar, got ten minutes?", VisitorType.VENDOR),
    ("why is our widget answering in French since yesterday", VisitorType.CUSTOMER),
    ("Bonjour, nous aimerions vous proposer nos services de traduction", VisitorType.VENDOR),
]
BUYERS = [
    "our customers can't log in and write to us all day",
    "candidates who ask about open positions get no answer at night",
    "most of our mails are about lost parcels: where is my order",
    "three of us, soap shop, swamped with when does my parcel come mails",
    "we teach at a university and want to answer students who write about their thesis",
]


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_who_does_not_buy_says_so(talk: Any, text: str, kind: VisitorType) -> None:
    said = talk.hears(text)
    assert said.visitor_type is kind
    assert said.intent is Intent.NONE


def test_who_asks_for_a_discount_for_nonprofits_looks_for_no_job(talk: Any) -> None:
    assert talk.hears("do you take on nonprofits?").visitor_type is not VisitorType.JOB_SEEKER


@pytest.mark.parametrize("text", BUYERS)
def test_what_others_do_makes_nobody_one_of_them(talk: Any, text: str) -> None:
    said = talk.hears(text)
    assert said.visitor_type in {VisitorType.BUYER, VisitorType.UNKNOWN}
    assert said.intent is Intent.EVALUATING


def test_a_customer_of_another_company_is_none_of_ours() -> None:
    ours = LocalInterpreter(company="Kilnworks")
    for text in ("we've been customers of Oakdesk for years", "wir sind seit Jahren bestandskunde bei Oakdesk"):
        assert Talk(ours).hears(text).visitor_type is not VisitorType.CUSTOMER
    for text in ("we've been customers of kilnworks for years", "we've been customers of yours for years"):
        assert Talk(ours).hears(text).visitor_type is VisitorType.CUSTOMER


def test_who_finds_it_is_nothing_for_them_turns_away(talk: Any) -> None:
    said = talk.hears("that's a shame, then it is not for us", intent=Intent.EVALUATING, intent_peak=Intent.EVALUATING)
    assert Act.TURNS_AWAY in said.acts
    assert said.intent is Intent.NONE


def test_a_bare_answer_goes_on_with_what_went_before(talk: Any) -> None:
    assert talk.hears("nine", intent=Intent.EVALUATING, intent_peak=Intent.EVALUATING).intent is Intent.EVALUATING
    assert talk.hears("thanks", intent=Intent.EVALUATING, intent_peak=Intent.EVALUATING).intent is Intent.LOOKING


def _head() -> VisitorHead:
    data = VisitorMeaningFile(
        closest=0.5,
        ahead=1.0,
        outweighed=4.0,
        overruled=2.0,
        nearness=5,
        freedom=20,
        rounds=60,
        aloof=2.0,
        personal=(VisitorType.STUDENT,),
        doubtful=2.0,
        own=("i",),
        kinds={VisitorType.STUDENT: ("a", "b"), VisitorType.VENDOR: ("c", "d")},
        buyer=("e", "f"),
    )
    vectors = [array("f", one) for one in ([1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1])]
    return VisitorHead(data, vectors)


STUDENTS, VENDORS, BUYERS_OWN = (array("f", one) for one in ([0.9, 0.1, 0.1], [0.1, 0.9, 0.1], [0.1, 0.1, 0.9]))


def test_a_message_is_of_a_kind_only_where_it_is_clearly_closer_to_it_than_to_a_buyers() -> None:
    head = _head()
    assert head.kind([STUDENTS], glossed=False) is VisitorType.STUDENT
    assert head.kind([VENDORS], glossed=False) is VisitorType.VENDOR
    assert head.kind([BUYERS_OWN], glossed=False) is None
    assert head.kind([array("f", [0.6, 0.0, 0.6])], glossed=False) is None
    assert head.kind([array("f", [0.3, 0.0, 0.0])], glossed=False) is None  # near nothing


def test_who_only_asks_is_of_no_kind_that_takes_words_of_oneself() -> None:
    head = _head()
    plainly = [array("f", [1.0, 0.0, 0.0])]
    assert head.kind(plainly, glossed=False) is VisitorType.STUDENT
    assert head.kind(plainly, glossed=False, aloof=True) is None
    assert head.kind([array("f", [0.0, 1.0, 0.0])], glossed=False, aloof=True) is VisitorType.VENDOR


@pytest.mark.parametrize("asked", ["What are your prices?", "Which AI model do you use?", "what do you charge for it"])
async def test_who_asks_what_everybody_asks_is_no_rival(talk: Any, asked: str) -> None:
    embedder = MiniLMEmbedder()
    labels = LabelMeaning(HOUSE.labels, embedder)
    assert await labels.prepare()
    said = await LocalInterpreter(HOUSE, meaning=labels).interpret([message(asked, 1)], talk.session, {})
    await embedder.close()
    assert said.visitor_type not in NOT_BUYERS


def test_one_clear_sentence_is_enough_unless_another_is_as_clearly_a_buyers() -> None:
    head = _head()
    assert head.kind([STUDENTS, array("f", [0.4, 0.1, 0.5])], glossed=False) is VisitorType.STUDENT
    assert head.kind([STUDENTS, array("f", [-0.3, 0.0, 0.95])], glossed=False) is None


def test_it_takes_more_to_tell_a_kind_word_for_word() -> None:
    head, between = _head(), array("f", [0.65, 0.1, 0.45])
    assert head.kind([between], glossed=False) is VisitorType.STUDENT
    assert head.kind([between], glossed=True) is None
    assert head.kind([between], glossed=False, aloof=True) is None
    assert head.kind([between], glossed=False, doubtful=True) is None
    assert head.kind([STUDENTS], glossed=True) is VisitorType.STUDENT


def test_only_what_is_a_buyers_through_and_through_overrules_words_that_tell_a_kind() -> None:
    head = _head()
    assert head.is_buyers([BUYERS_OWN])
    assert not head.is_buyers([STUDENTS])
    assert not head.is_buyers([BUYERS_OWN, array("f", [0.4, 0.1, 0.5])])


@pytest.fixture(scope="module")
def meaning() -> LocalInterpreter:
    labels = LabelMeaning(HOUSE.labels, MiniLMEmbedder())
    assert asyncio.run(labels.prepare())
    return LocalInterpreter(HOUSE, meaning=labels)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the statistics of our workspace have shown nothing since you released something", VisitorType.CUSTOMER),
        ("for my class at university I look at four companies, do you have ten minutes", VisitorType.STUDENT),
        ("we have a software house with developers free from next week, may I send you our rates", VisitorType.VENDOR),
        ("we are working on a class project about companies like yours", VisitorType.STUDENT),
    ],
)
def test_who_does_not_buy_shows_it_by_what_they_mean(meaning: LocalInterpreter, text: str, kind: VisitorType) -> None:
    assert Talk(meaning).hears(text).visitor_type is kind


@pytest.mark.parametrize(
    "text",
    [
        "we have been customers of another vendor since 2020 and are tired of them",
        "what if we want to leave you after half a year",
        "who owns you, our risk people want to be sure that you are still there in ten years",
        "I own three bakeries and two cafés, can I see them all in one place?",
        "do you take on businesses with only two people",
    ],
)
def test_buyers_who_sound_like_others_are_buyers(meaning: LocalInterpreter, text: str) -> None:
    assert Talk(meaning).hears(text).visitor_type not in NOT_BUYERS
