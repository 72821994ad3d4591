"""Yes or no is said only where the statement settles it."""

from __future__ import annotations

import asyncio

import pytest

from core.passage import Passage
from inference.minilm import MiniLMEmbedder
from knowledge.reading.passages import digest
from knowledge.search.passage_index import PassageIndex

_PAGES = {
    "/": ("Loftline keeps the keys, plans and bills of holiday flats in one place.", "Loftline"),
    "/links/": ("Loftline sends every booking to Xero and to Lodgify.", "What it links to"),
    "/trust/": ("Loftline has no FedRAMP authorisation. Guests' names are encrypted with AES-256.", "Trust"),
    "/phone/": ("Loftline does not answer phone calls. Messages arrive by SMS.", "Channels"),
    "/stories/": ("Deposits came in the second month, after the owner had written a page for each island.", "Story"),
    "/money/": ("The start costs nothing, and a card is asked for only after thirty days.", "Start"),
}


@pytest.fixture(scope="module")
def index() -> PassageIndex:
    passages = (
        Passage(url=url, title=f"{heading} | Loftline", headings=(heading,), text=text, hash=digest(text))
        for url, (text, heading) in _PAGES.items()
    )
    built = PassageIndex(tuple(passages))
    assert asyncio.run(built.learn(MiniLMEmbedder()))
    return built


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("do bookings go to Xero?", "yes"),
        ("are guests' names encrypted?", "yes"),
        ("do you have FedRAMP authorisation?", "no"),
        ("Do you answer phone calls?", "no"),
        ("how do you answer phone calls?", ""),
        ("do you answer phone calls or SMS?", ""),
        ("is a card asked for?", ""),
        ("do you do deposits?", ""),  # somebody's story holds the word, and settles nothing
        ("which flats do you keep keys of?", ""),
    ],
)
async def test_a_verdict_needs_a_question_for_one_and_a_statement_that_settles_it(
    index: PassageIndex, question: str, verdict: str
) -> None:
    found = await index.search(question)
    assert found
    assert found[0].verdict == verdict
