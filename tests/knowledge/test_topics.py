"""What every buyer asks, in whatever words: the statement that tells of it, or nothing."""

from __future__ import annotations

import asyncio

import pytest

from core.passage import Finding, Passage
from inference.minilm import MiniLMEmbedder
from knowledge.reading.passages import digest
from knowledge.search.passage_index import PassageIndex
from knowledge.search.topics import Topics, topics

_PAGES = {
    "/": ("Tidelog keeps the berths, moorings and bills of marinas in one place.", "Tidelog for marinas"),
    "/trust/": (
        "Berth records are kept for 400 days. Tidelog runs on servers in Rotterdam. We never train models on messages.",
        "Trust",
    ),
    "/who/": ("We are 23 people. Tidelog was founded in 2014 by Aafke Brandsma.", "Who we are"),
    "/start/": ("The set-up takes four days for most marinas.", "Getting started"),
    "/api/": ("Not yet for everybody. Partners may ask for one.", "Do you have an API?"),
    "/tongues/": ("It answers sailors in 31 languages, and the bills are in English.", "Languages"),
    "/pause/": ("A contract is paused from November to March without charge.", "Winter"),
    "/less/": ("Clubs and charities have a discount. Charities pay 25% less on every berth.", "Paying less"),
    "/boats/": ("Every boat has a card with its length, its draught and its owner.", "Boats"),
}


@pytest.fixture(scope="module")
def index() -> PassageIndex:
    passages = (
        Passage(url=url, title=f"{heading} | Tidelog", headings=(heading,), text=text, hash=digest(text))
        for url, (text, heading) in _PAGES.items()
    )
    built = PassageIndex(tuple(passages))
    assert asyncio.run(built.learn(MiniLMEmbedder()))
    return built


def _said(findings: tuple[Finding, ...]) -> str:
    return " ".join(findings[0].sentences) if findings else ""


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("does it learn from our messages and make your AI smarter?", "never train"),
        ("Werden eure Modelle mit unseren Daten trainiert?", "never train"),
        ("how long do you hang on to our records?", "400 days"),
        ("in welchem Land stehen die Server?", "Rotterdam"),
        ("サーバーはどこにありますか？", "Rotterdam"),
        ("how big is your team?", "23 people"),
        ("従業員数は？", "23 people"),
        ("who's behind this?", "Aafke Brandsma"),
        ("Wie schnell sind wir startklar?", "four days"),
        ("any API?", "Partners may ask"),
        ("can it speak Welsh?", "31 languages"),
        ("does it answer in Portuguese?", "31 languages"),
        ("is there a discount for charities like us?", "25% less"),
        ("when could we start?", "four days"),
        ("can we stop over winter?", "paused from November"),
        ("will you use our chats to teach your AI?", "never train"),
    ],
)
async def test_a_common_question_is_answered_in_whatever_words_it_is_put(
    index: PassageIndex, question: str, said: str
) -> None:
    found = await index.search(question)
    assert said in _said(found)
    assert not found[0].near


@pytest.mark.parametrize(
    "question",
    [
        "who would be our account manager?",
        "do you have SSO?",
        "is there a sandbox?",
        "how often are you pen tested?",
        "who are your investors?",
        "gibt es Telefonsupport?",
        "what is the uptime?",
        "which football club does the founder support?",
    ],
)
async def test_what_no_statement_tells_is_not_answered_with_another_one(index: PassageIndex, question: str) -> None:
    assert all(finding.near for finding in await index.search(question))


@pytest.mark.parametrize(
    "text",
    [
        "It has to work with SSO.",
        "Daten müssen in der EU bleiben",
        "data may not leave the EU",
        "hosting within the EU",
        "99.9% availability",
        "ein AVV ist Pflicht",
    ],
)
def test_what_a_site_should_speak_of_is_told_from_a_mere_statement(text: str) -> None:
    assert Topics(topics()).required(text)


@pytest.mark.parametrize("text", ["We moor forty boats.", "thanks, all clear", "our harbour is in the EU"])
def test_a_statement_about_the_visitor_requires_nothing(text: str) -> None:
    assert Topics(topics()).required(text) == ()


async def test_two_things_that_are_asked_for_at_once_are_both_told(index: PassageIndex) -> None:
    found = await index.search("where are the servers, and how long do you keep records?", limit=2)
    said = " ".join(one.sentences[0] for one in found)
    assert "Rotterdam" in said
    assert "400 days" in said


async def test_what_is_named_without_a_question_is_looked_up_by_the_question_behind_it(index: PassageIndex) -> None:
    (behind,) = index.required("die Daten bleiben bitte in der EU, sagt unser Justiziar")
    found = await index.search(behind)
    assert "Rotterdam" in _said(found)
    assert not found[0].near
    assert index.required("we are at the lake") == ()
