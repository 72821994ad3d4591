"""What search makes of questions that lean on others, name strangers, or ask for something no page tells."""

from __future__ import annotations

import asyncio

import pytest

from core.passage import Finding, Passage
from core.site_search import Conversing
from inference.minilm import MiniLMEmbedder
from knowledge.reading.passages import digest
from knowledge.search.index import entry_of
from knowledge.search.language import Language
from knowledge.search.lexicon import lexicon
from knowledge.search.passage_index import PassageIndex
from knowledge.search.strangers import Strangers
from knowledge.search.weighing import Scales
from knowledge.words import Stemmer

_PAGES = {
    "/": ("Kilnworks rents pottery kilns to studios and schools.", "Kilnworks"),
    "/prices/": ("The Bisque plan costs £40 a month. The Glaze plan costs £75 a month.", "What it costs"),
    "/standards/": ("Every kiln is tested to EN 60335 and CE 12. We are certified to ISO 9001.", "Standards"),
    "/links/": ("Bookings land in Xero and in Google Calendar.", "What it links to"),
    "/loss/": ("Yes. If a kiln is lost in the post, we send another one within four days.", "Are kilns insured?"),
    "/where/": ("Our vans deliver in Wales and around Bristol.", "Delivery"),
}


def _passages() -> tuple[Passage, ...]:
    return tuple(
        Passage(url=url, title=f"{heading} | Kilnworks", headings=(heading,), text=text, hash=digest(text))
        for url, (text, heading) in _PAGES.items()
    )


@pytest.fixture(scope="module")
def index() -> PassageIndex:
    built = PassageIndex(_passages())
    assert asyncio.run(built.learn(MiniLMEmbedder()))
    return built


@pytest.fixture(scope="module")
def language() -> Language:
    data = lexicon()
    return Language(data, Stemmer("en", data.forms("en")))


def _said(findings: tuple[Finding, ...]) -> str:
    return " ".join(findings[0].sentences) if findings else ""


def test_an_index_understands_conversations(index: PassageIndex) -> None:
    assert isinstance(index, Conversing)


@pytest.mark.parametrize(
    ("question", "before", "completed"),
    [
        ("what about a year?", "What does it cost per month?", "What does it cost per month a year?"),
        ("and Glaze?", "hello. What does the Bisque plan cost?", "What does the plan cost Glaze?"),
        ("and Glaze?", "What does Bisque cost?\nand in Wales?", "What does cost Glaze?"),
        ("and do you deliver?", "What does it cost?", ""),
        ("what does it cost?", "Do you deliver?", ""),
        ("and Glaze?", "we are a school", ""),
        ("and?", "What does it cost?", ""),
        ("Does that cost anything?", "Your site says you deliver.", ""),
        ("Which plan has that?", "We need kilns.\nthanks a lot.", ""),
        ("is that for dogs?", "Do you deliver?", ""),
        ("is that so?", "hello there", ""),
    ],
)
def test_a_question_that_leans_on_another_is_completed_by_it(
    index: PassageIndex, question: str, before: str, completed: str
) -> None:
    assert index.completed(question, before) == completed


async def test_the_completed_question_is_answered(index: PassageIndex) -> None:
    found = await index.search(index.completed("and Glaze?", "What does the Bisque plan cost?"))
    assert "£75" in _said(found)
    assert not found[0].near


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("how long does it take and do you deliver to Wales?", 2),
        ("is there a trial, and what does the Bisque plan cost?", 2),
        ("do you rent to schools and studios?", 1),
        ("we are a school, is there a discount?", 1),
    ],
)
def test_two_questions_in_one_are_told_apart(index: PassageIndex, question: str, parts: int) -> None:
    assert len(index.questions_in(question)) == parts
    assert " ".join(index.questions_in(question)).startswith(question.split(maxsplit=1)[0])


@pytest.mark.parametrize("question", ["what happens next?", "ok, so how do we proceed?", "wie geht es weiter?"])
def test_it_is_told_when_somebody_asks_what_comes_next(index: PassageIndex, question: str) -> None:
    assert index.asks_what_comes_next(question)


@pytest.mark.parametrize("question", ["what happens next if a kiln is lost?", "what happens when a kiln breaks?"])
def test_what_a_page_may_tell_is_no_next_step(index: PassageIndex, question: str) -> None:
    assert not index.asks_what_comes_next(question)


@pytest.mark.parametrize("question", ["are you certified to ISO 27001?", "Are you ISO 13485 certified?"])
async def test_another_number_is_another_standard(index: PassageIndex, question: str) -> None:
    found = await index.search(question)
    assert all(finding.near for finding in found)
    assert all(finding.near for finding in index.find(question))


async def test_the_number_that_is_there_is_answered(index: PassageIndex) -> None:
    found = await index.search("are you certified to ISO 9001?")
    assert "ISO 9001" in _said(found)
    assert not found[0].near


@pytest.mark.parametrize("question", ["Do bookings land in Salesforce?", "Do your vans deliver in Scotland?"])
async def test_a_name_that_stands_nowhere_gets_the_closest_at_most(index: PassageIndex, question: str) -> None:
    found = await index.search(question)
    assert all(finding.near for finding in found)


@pytest.mark.parametrize(
    ("question", "nouns_are_capitalised", "strange"),
    [
        ("We are Hartley Ceramics in Leeds. Do your vans deliver in Wales?", False, False),
        ("Do your vans deliver in Leeds?", False, True),
        ("DO YOU DELIVER IN LEEDS?", False, False),
        ("Do you deliver for 20 people?", False, False),
        ("Do you meet EN 60335?", False, False),
        ("Do you meet en 61010?", False, True),
        ("Haben Sie einen Ofen?", True, False),
        ("Haben Sie eine Anbindung an SAP?", True, True),
    ],
)
def test_only_what_is_asked_about_can_be_a_stranger(
    language: Language, question: str, *, nouns_are_capitalised: bool, strange: bool
) -> None:
    entries = [entry_of(passage, language, (), frozenset()) for passage in _passages()]
    texts = [passage.text for passage in _passages()]
    weigh = Scales(entries, language, frozenset()).weigh
    strangers = Strangers(texts, language, weigh, nouns_are_capitalised=nouns_are_capitalised)
    assert strangers.in_question(question) is strange


async def test_a_kind_of_program_finds_those_by_name(index: PassageIndex) -> None:
    assert "Xero" in _said(await index.search("which bookkeeping tool does it connect to?"))


async def test_the_closest_does_not_say_yes(index: PassageIndex) -> None:
    found = await index.search("Is my cat insured with Allianz?")
    assert all(finding.near for finding in found)
    assert not _said(found).startswith("Yes")
    assert all(sentence in finding.passage.text for finding in found for sentence in finding.sentences)


async def test_no_amount_is_no_answer_to_how_much(index: PassageIndex) -> None:
    found = await index.search("how much is delivery in Wales?")
    assert all(finding.near or "£" in _said(found) for finding in found)


def test_irregular_forms_meet(language: Language) -> None:
    assert language.stemmer.stem("lost") == language.stemmer.stem("lose")
    assert language.stemmer.stem("sent") == language.stemmer.stem("sending")
    assert Stemmer("en").stem("lost") != Stemmer("en").stem("lose")
